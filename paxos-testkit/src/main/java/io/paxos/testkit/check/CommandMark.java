// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Marks the bytes of a command with the number of the call that brought it, so that no two calls bring the same. */
public final class CommandMark {

    private static final byte END = '|';

    private CommandMark() {}

    /**
     * Puts the number in front of the bytes.
     *
     * @param call the number of the call, not negative
     * @param command the bytes of the command
     * @return a text of digits, a bar, and the bytes
     */
    public static Payload mark(long call, Payload command) {
        byte[] number = (call + "|").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = Arrays.copyOf(number, number.length + command.size());
        System.arraycopy(command.unwrap(), 0, bytes, number.length, command.size());
        return Payload.wrap(bytes);
    }

    /**
     * The number of the call.
     *
     * @param marked what {@link #mark} made
     * @return the number, or -1 if these bytes bear none
     */
    public static long call(Payload marked) {
        byte[] bytes = marked.unwrap();
        long number = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte digit = bytes[i];
            if (digit == END) {
                return i == 0 ? -1 : number;
            }
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + (digit - '0');
        }
        return -1;
    }

    /**
     * The bytes behind the number.
     *
     * @param marked what {@link #mark} made
     * @return the command
     */
    public static Payload command(Payload marked) {
        byte[] bytes = marked.unwrap();
        int bar = 0;
        while (bytes[bar] != END) {
            bar++;
        }
        return Payload.wrap(Arrays.copyOfRange(bytes, bar + 1, bytes.length));
    }
}
