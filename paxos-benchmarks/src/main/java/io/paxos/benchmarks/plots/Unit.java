// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.Locale;

/** What a value counts, and so how it is written. */
enum Unit {
    /** Commands in a second. */
    PER_SECOND {
        @Override
        String text(double value) {
            if (value >= 1e6) {
                return brief(value / 1e6) + "M";
            }
            return value >= 1e3 ? brief(value / 1e3) + "k" : brief(value);
        }

        @Override
        String tick(double value) {
            return text(value) + "/s";
        }
    },
    /** Microseconds. */
    MICROS {
        @Override
        String text(double value) {
            return value >= 1e3 ? brief(value / 1e3) + " ms" : brief(value) + " µs";
        }
    },
    /** Milliseconds. */
    MILLIS {
        @Override
        String text(double value) {
            return brief(value) + " ms";
        }
    };

    private static final double ENOUGH_WITHOUT_DECIMALS = 10;

    /** Beside a dot. */
    abstract String text(double value);

    /** At an axis, with its unit. */
    String tick(double value) {
        return text(value);
    }

    private static String brief(double value) {
        String text = String.format(Locale.ROOT, value < ENOUGH_WITHOUT_DECIMALS ? "%.1f" : "%.0f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
