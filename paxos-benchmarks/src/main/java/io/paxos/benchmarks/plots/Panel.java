// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.List;

/**
 * One set of axes with values in it.
 *
 * @param title what it shows
 * @param axis where its values lie
 * @param rows what was measured, in order
 * @param marks values that are marked across all rows
 */
record Panel(String title, Axis axis, List<Row> rows, List<Double> marks) {

    Panel(String title, Axis axis, List<Row> rows) {
        this(title, axis, rows, List.of());
    }

    /**
     * What was measured of one contestant, or at one step.
     *
     * @param label who or what it is
     * @param isOwn whether it is this library
     * @param values one for each series of the picture
     */
    record Row(String label, boolean isOwn, List<Spread> values) {}
}
