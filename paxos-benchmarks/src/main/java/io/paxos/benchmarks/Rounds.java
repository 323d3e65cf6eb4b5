// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What several rounds of one measurement came to. */
final class Rounds {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
        Collections.sort(values);
    }

    /** All rounds, the least first. */
    double[] sorted() {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    double median() {
        int middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    /** The median, and between which values all rounds lie. */
    String text(int decimals) {
        return text(median(), decimals) + " [" + text(values.get(0), decimals) + " .. "
                + text(values.get(values.size() - 1), decimals) + "]";
    }

    static String text(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
