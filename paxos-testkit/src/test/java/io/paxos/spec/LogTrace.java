// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import java.util.List;
import java.util.function.Predicate;

/**
 * What was seen of one log in one run.
 *
 * @param name tells traces apart, for whoever looks for the run behind one
 * @param size1 how many votes are a quorum of phase 1
 * @param size2 how many votes are a quorum of phase 2
 * @param seen all of it, in order
 */
record LogTrace(String name, int size1, int size2, List<Seen> seen) {

    LogTrace {
        seen = List.copyOf(seen);
    }

    /** Where something is seen first, or -1. */
    int first(Predicate<Seen> what) {
        for (int i = 0; i < seen.size(); i++) {
            if (what.test(seen.get(i))) {
                return i;
            }
        }
        return -1;
    }

    long count(String kind) {
        return seen.stream().filter(s -> s.is(kind)).count();
    }
}
