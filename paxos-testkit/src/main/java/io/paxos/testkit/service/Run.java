// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.testkit.check.Execution;
import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.simulation.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run came to.
 *
 * @param failure what did not hold, or null
 * @param plan what faults and clients did
 * @param operations how many commands clients asked for
 * @param applied how many were answered with a result
 * @param executions what was executed, in order
 * @param coverage what was met
 */
record Run(
        @Nullable Failure failure,
        Plan plan,
        long operations,
        long applied,
        List<Execution> executions,
        Coverage coverage) {

    /**
     * What did not hold.
     *
     * @param property its name
     * @param what who did what
     * @param atMicros when, in virtual time
     * @param cause what was thrown
     */
    record Failure(String property, String what, long atMicros, RuntimeException cause) {}

    /** Whether this one fails as another one did. */
    boolean failsLike(Failure other) {
        return failure != null && failure.property.equals(other.property);
    }
}
