// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.List;

/**
 * What the rounds of one measurement came to.
 *
 * @param median the one in the middle, or the mean of the two there
 * @param least the least of them
 * @param most the greatest of them
 */
record Spread(double median, double least, double most) {

    /**
     * Of all rounds.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Spread of(List<Double> rounds) {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("a measurement without a round cannot be drawn; take it anew");
        }
        List<Double> sorted = rounds.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
