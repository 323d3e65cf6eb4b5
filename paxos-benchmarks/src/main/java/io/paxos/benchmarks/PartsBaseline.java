// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;

/**
 * What the parts cost, as multiples of the yardstick measured in the same run, so that another machine's can be compared;
 * and the bytes that they allocate, which are the same everywhere. What is forced to a disk is left out: a processor is
 * no measure of it.
 */
final class PartsBaseline {

    /** The name of the benchmark that all others are divided by. */
    static final String YARDSTICK = "YardstickBenchmark.yardstick";

    /**
     * What one part costs.
     *
     * @param ratio its time as a multiple of the yardstick's
     * @param spread by which part of the median its iterations lay apart
     * @param bytes what an operation allocates
     */
    record Cost(double ratio, double spread, double bytes) {}

    /** A step is a step when it is greater than this, and than twice the spreads of both runs. */
    private static final double LEAST_STEP = 0.3;

    private static final double LEAST_BYTES_STEP = 0.1;
    private static final double FEW_BYTES = 32;
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final int COLUMNS = 4;

    private final Map<String, Cost> costs;

    PartsBaseline(Map<String, Cost> costs) {
        this.costs = costs;
    }

    /**
     * From what was measured.
     *
     * @throws IllegalStateException if the yardstick was not
     */
    static PartsBaseline of(Collection<RunResult> results) {
        double yardstick = results.stream()
                .filter(result -> name(result.getParams()).equals(YARDSTICK))
                .mapToDouble(PartsBaseline::median)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(YARDSTICK + " was not measured; it must be among them"));
        Map<String, Cost> costs = new TreeMap<>();
        for (RunResult result : results) {
            String name = name(result.getParams());
            if (!name.equals(YARDSTICK) && !"true".equals(result.getParams().getParam("forced"))) {
                costs.put(name, new Cost(median(result) / yardstick, spread(result), allocated(result)));
            }
        }
        return new PartsBaseline(costs);
    }

    private static String name(BenchmarkParams params) {
        String name = params.getBenchmark();
        String brief = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
        return params.getParamsKeys().isEmpty()
                ? brief
                : brief
                        + params.getParamsKeys().stream()
                                .sorted(Comparator.naturalOrder())
                                .map(key -> key + "=" + params.getParam(key))
                                .collect(Collectors.joining(",", "[", "]"));
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    /** Half of what lies between the quarter that took least and the one that took most. */
    private static double spread(RunResult result) {
        var statistics = result.getPrimaryResult().getStatistics();
        return (statistics.getPercentile(75) - statistics.getPercentile(25)) / 2 / median(result);
    }

    private static double allocated(RunResult result) {
        for (String name : result.getSecondaryResults().keySet()) {
            if (name.endsWith(ALLOCATED)) {
                return result.getSecondaryResults().get(name).getScore();
            }
        }
        return 0;
    }

    /**
     * Reads what was kept.
     *
     * @throws IOException if it cannot be read, or a line is not one of ours
     */
    static PartsBaseline read(Path file) throws IOException {
        Map<String, Cost> costs = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                List<String> columns = Arrays.asList(line.trim().split(" +"));
                if (columns.size() != COLUMNS) {
                    throw new IOException(
                            "a line of " + file + " should be a name, a ratio, a spread and bytes, but is " + line
                                    + "; write the file anew with --write-baseline");
                }
                costs.put(
                        columns.get(0),
                        new Cost(
                                Double.parseDouble(columns.get(1)),
                                Double.parseDouble(columns.get(2)),
                                Double.parseDouble(columns.get(3))));
            }
        }
        return new PartsBaseline(costs);
    }

    /** Keeps all of it, one line for each part. */
    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# part, its time as a multiple of the yardstick's, spread of its iterations, bytes allocated");
        costs.forEach((name, cost) ->
                lines.add(String.format(Locale.ROOT, "%s %.5f %.3f %.0f", name, cost.ratio, cost.spread, cost.bytes)));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines);
    }

    /** What has become dearer beyond noise, a line for each; parts that only one of both has are passed over. */
    List<String> dearerThan(PartsBaseline kept) {
        List<String> dearer = new ArrayList<>();
        costs.forEach((name, cost) -> {
            Cost before = kept.costs.get(name);
            if (before != null) {
                double step = Math.max(LEAST_STEP, 2 * (before.spread + cost.spread));
                if (cost.ratio > before.ratio * (1 + step)) {
                    dearer.add(String.format(
                            Locale.ROOT,
                            "%s takes %.3f yardsticks, and took %.3f; noise explains %.0f %%",
                            name,
                            cost.ratio,
                            before.ratio,
                            100 * step));
                }
                if (cost.bytes > before.bytes * (1 + LEAST_BYTES_STEP) + FEW_BYTES) {
                    dearer.add(String.format(
                            Locale.ROOT,
                            "%s allocates %.0f bytes, and allocated %.0f",
                            name,
                            cost.bytes,
                            before.bytes));
                }
            }
        });
        return dearer;
    }
}
