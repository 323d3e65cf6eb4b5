// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.spi.Write;
import io.paxos.testkit.fuzz.Allowance;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Fuzzes the decoder of a store's records. What it takes for a write must be one that is written in as many bytes and read
 * as the same again.
 */
public final class WriteFuzz {

    private static final Allowance ALLOWANCE = new Allowance(1 << 20, 512);

    private WriteFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        ALLOWANCE.hold(input.length, () -> run(input));
    }

    private static void run(byte[] input) {
        Write write;
        try {
            write = WriteCodec.decode(ByteBuffer.wrap(input));
        } catch (WireFormatException e) {
            return;
        }
        byte[] again = WriteCodec.encode(write);
        if (again.length != input.length
                || !WriteCodec.decode(ByteBuffer.wrap(again)).equals(write)) {
            throw new AssertionError(
                    write + " of " + Arrays.toString(input) + ", encoded as " + Arrays.toString(again));
        }
    }
}
