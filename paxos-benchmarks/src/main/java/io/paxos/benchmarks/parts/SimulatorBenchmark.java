// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import io.paxos.testkit.Simulation;
import io.paxos.testkit.SimulationReport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Whole simulated clusters with their faults and all checks; one operation is one event. */
@State(Scope.Thread)
public class SimulatorBenchmark {

    private static final int EVENTS = 5_000;

    private long seed = 1;

    /** A run of the next seed. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public SimulationReport events() {
        return Simulation.builder(seed++).events(EVENTS).run();
    }
}
