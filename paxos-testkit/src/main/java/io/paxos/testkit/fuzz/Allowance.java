// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many bytes of memory the reading of untrusted bytes may take: so many whatever they are, and so many more for each
 * of them. What is given back in between counts too, so that a reader which believes a length it has read, or copies
 * all it has for every few bytes more, is found even where the heap would bear it.
 *
 * @param bytes for any input
 * @param perInputByte for each byte of the input
 */
public record Allowance(long bytes, long perInputByte) {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Something that reads bytes. */
    @FunctionalInterface
    public interface Reading {

        /**
         * Reads them, on the thread that calls it and no other. It is repeatable: called again it does the same.
         *
         * @throws Exception of whatever kind, which counts as a failure
         */
        void run() throws Exception;
    }

    /**
     * Lets a reader read, and holds it to the allowance. A reading that takes more is done once more, for the first may
     * have paid for loading classes; what the second takes counts.
     *
     * @param inputBytes how many bytes it is given
     * @param reading what reads them
     * @throws AssertionError if the reading took more than it may
     * @throws Exception what the reading throws
     */
    public void hold(long inputBytes, Reading reading) throws Exception {
        long allowed = bytes + perInputByte * inputBytes;
        if (measure(reading) > allowed) {
            long taken = measure(reading);
            if (taken > allowed) {
                throw new AssertionError("the reading of " + inputBytes + " bytes took " + taken
                        + " bytes of memory where at most " + allowed + " are allowed");
            }
        }
    }

    private static long measure(Reading reading) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        reading.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
