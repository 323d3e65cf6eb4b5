// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import java.util.Arrays;

/** All sequences over the symbols 0 to {@code symbols - 1}, shorter ones before those that they begin. */
final class Sequences {

    /** What is done with each sequence. */
    interface Visitor {

        /**
         * Looks at the last step of a sequence; the steps before it have been looked at.
         *
         * @return false if no sequence that begins like this one is to be visited
         */
        boolean visit(int[] sequence);
    }

    private Sequences() {}

    /**
     * Visits every sequence of 1 to {@code maxLength} symbols.
     *
     * @return how many were visited
     */
    static long visitAll(int symbols, int maxLength, Visitor visitor) {
        return extend(new int[0], symbols, maxLength, visitor);
    }

    private static long extend(int[] prefix, int symbols, int maxLength, Visitor visitor) {
        long visited = 0;
        for (int symbol = 0; symbol < symbols && prefix.length < maxLength; symbol++) {
            int[] sequence = Arrays.copyOf(prefix, prefix.length + 1);
            sequence[prefix.length] = symbol;
            visited++;
            if (visitor.visit(sequence)) {
                visited += extend(sequence, symbols, maxLength, visitor);
            }
        }
        return visited;
    }
}
