// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Where values lie between the ends of an axis.
 *
 * @param unit how they are written
 * @param from the value at its beginning
 * @param to the value at its end
 * @param isLogarithmic whether equal ratios are equally long, not equal differences
 */
record Axis(Unit unit, double from, double to, boolean isLogarithmic) {

    private static final double[] ROUND = {1, 2, 5, 10};
    private static final int STEPS = 4;

    /** One that holds all of these and begins with nothing. */
    static Axis linear(Unit unit, Collection<Spread> spreads) {
        double most = spreads.stream().mapToDouble(Spread::most).max().orElse(1);
        double step = roundUp(most / STEPS);
        return new Axis(unit, 0, step * Math.ceil(most / step), false);
    }

    /** One that holds all of these, from one round number to another. */
    static Axis logarithmic(Unit unit, Collection<Spread> spreads) {
        double least = spreads.stream().mapToDouble(Spread::least).min().orElse(1);
        double most = spreads.stream().mapToDouble(Spread::most).max().orElse(1);
        return new Axis(unit, roundDown(least), roundUp(most), true);
    }

    private static double roundUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        for (double each : ROUND) {
            if (each * power >= value) {
                return each * power;
            }
        }
        return value;
    }

    private static double roundDown(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        double down = power;
        for (double each : ROUND) {
            if (each * power <= value) {
                down = each * power;
            }
        }
        return down;
    }

    /** 0 for its beginning, 1 for its end. */
    double at(double value) {
        return isLogarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    }

    /** The values that are written beside it. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (isLogarithmic) {
            for (double each = Math.pow(10, Math.ceil(Math.log10(from) - 1e-9)); each <= to * 1.000001; each *= 10) {
                ticks.add(each);
            }
        } else {
            double step = roundUp(to / STEPS / 1.000001);
            for (int i = 0; i * step <= to * 1.000001; i++) {
                ticks.add(i * step);
            }
        }
        return ticks;
    }
}
