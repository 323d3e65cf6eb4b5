// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Says what a disk error means for an operator. */
final class DiskErrors {

    /** How operating systems say that a disk is full, in lower case. */
    private static final List<String> FULL = List.of("no space left", "quota exceeded", "not enough space");

    private DiskErrors() {}

    static boolean isFull(IOException problem) {
        String message = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
        return FULL.stream().anyMatch(message::contains);
    }

    /**
     * The same problem in words.
     *
     * @param what could not be done, and where
     * @param bytes about how much room it needs
     * @param problem what the system said
     * @param consequence what becomes of the store, and what to do
     */
    static IOException explain(String what, long bytes, IOException problem, String consequence) {
        String why = isFull(problem)
                ? "the disk is full, " + bytes + " bytes more are needed; free at least that much"
                : problem.toString();
        return new IOException(what + ": " + why + "; " + consequence, problem);
    }
}
