// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.plots.Plots;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command; each measurement is a subcommand of it. */
@Command(
        name = "paxos-benchmarks",
        description = "Measurements on this machine and its disk.",
        synopsisSubcommandLabel = "MEASUREMENT",
        subcommands = {
            LogBenchmark.class,
            DurableBenchmark.class,
            PeersBenchmark.class,
            AllBenchmarks.class,
            ShapesBenchmark.class,
            SizesBenchmark.class,
            PaceBenchmark.class,
            PausesBenchmark.class,
            FailoverBenchmark.class,
            ProcessesBenchmark.class,
            GrowthBenchmark.class,
            OverloadBenchmark.class,
            SteadyBenchmark.class,
            IdleBenchmark.class,
            PartsBenchmark.class,
            RestartBenchmark.class,
            LargeStateBenchmark.class,
            NamesBenchmark.class,
            Plots.class,
            NodeProcess.class,
            RestartProcess.class,
            LargeStateProcess.class
        },
        footer = {"", "MEASUREMENT --help tells what it measures and which options it has."})
public final class Benchmarks {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    private Benchmarks() {}

    /**
     * Takes a measurement and ends the process: 0 if it could be taken, 1 if not, 2 for bad arguments.
     *
     * @param args the name of the measurement and its options
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Benchmarks()).execute(args));
    }
}
