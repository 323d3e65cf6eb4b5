// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.Comparator;
import java.util.List;

/**
 * What callers asked and were answered.
 *
 * @param operations the calls, in the order of their invocations
 * @param <I> what is asked
 * @param <O> what is answered
 */
public record History<I, O>(List<Operation<I, O>> operations) {

    /**
     * Puts the calls in order.
     *
     * @param operations the calls, in any order
     */
    public History {
        operations = operations.stream()
                .sorted(Comparator.comparingLong(
                        operation -> operation.invoked().order()))
                .toList();
    }

    /**
     * How many calls ended so.
     *
     * @param ending in which way
     * @return how many
     */
    public long count(Operation.Ending ending) {
        return operations.stream()
                .filter(operation -> operation.ending() == ending)
                .count();
    }
}
