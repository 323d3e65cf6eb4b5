// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The parts of the library, each alone. */
@Command(
        name = "parts",
        description = "JMH on the parts: codec, machines, journal, simulator; microseconds and bytes allocated.")
final class PartsBenchmark implements Callable<Integer> {

    @Option(names = "--only", paramLabel = "REGEX", defaultValue = ".*", description = "Which. Default: all")
    private String only = ".*";

    @Option(names = "--forks", defaultValue = "1", description = "Processes for each. Default: 1")
    private int forks;

    @Option(names = "--iterations", defaultValue = "5", description = "Default: 5, after as many that warm up")
    private int iterations;

    @Option(names = "--millis", defaultValue = "500", description = "How long an iteration takes. Default: 500")
    private int millis;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/parts.json",
            description = "Where to keep the results. Default: target/parts.json")
    private Path json = Path.of("target/parts.json");

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description =
                    "Compares with the ratios in this file, and ends with 1 if a part has become dearer beyond noise.")
    private @Nullable Path baseline;

    @Option(names = "--write-baseline", paramLabel = "FILE", description = "Keeps the ratios in this file.")
    private @Nullable Path written;

    @Override
    public Integer call() throws IOException, RunnerException {
        Files.createDirectories(json.toAbsolutePath().getParent());
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(only)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.MICROSECONDS)
                .forks(forks)
                .warmupIterations(iterations)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString());
        if (baseline != null || written != null) {
            options.include(PartsBaseline.YARDSTICK);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        if (written != null) {
            PartsBaseline.of(results).write(written);
        }
        if (baseline == null) {
            return 0;
        }
        List<String> dearer = PartsBaseline.of(results).dearerThan(PartsBaseline.read(baseline));
        // The form in which the workflow's host shows a line as a warning.
        dearer.forEach(line -> System.out.println("::warning::" + line));
        System.out.printf("%d parts have become dearer beyond noise%n", dearer.size());
        return dearer.isEmpty() ? 0 : 1;
    }
}
