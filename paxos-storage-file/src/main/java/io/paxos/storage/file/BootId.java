// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells one run of the machine's operating system from the next. */
final class BootId {

    /** Not known: to be taken for another run than any. */
    static final String UNKNOWN = "";

    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    static String current() {
        try {
            return Files.readString(LINUX, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            // Other systems have no such file; that the machine has restarted is then assumed, which is the safe side.
            return UNKNOWN;
        }
    }
}
