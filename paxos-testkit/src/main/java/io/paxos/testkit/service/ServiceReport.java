// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.testkit.coverage.Coverage;

/**
 * What a simulation came to in which everything held.
 *
 * @param seeds how many seeds were run
 * @param operations how many commands clients asked for
 * @param applied how many of them were answered with a result
 * @param coverage the faults and situations that were met
 */
public record ServiceReport(long seeds, long operations, long applied, Coverage coverage) {

    @Override
    public String toString() {
        return seeds + " seeds, " + operations + " operations, " + applied + " of them answered with a result; met: "
                + coverage;
    }
}
