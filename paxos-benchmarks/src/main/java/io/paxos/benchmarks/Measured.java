// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** How often and how long to measure, and with how many commands outstanding; to be mixed in. */
final class Measured {

    @Option(names = "--rounds", defaultValue = "5", description = "Default: 5")
    private int rounds;

    @Option(
            names = "--millis",
            defaultValue = "1000",
            description = "How long each measurement of a round takes. Default: 1000")
    private int millis;

    @Option(
            names = "--warm-up-seconds",
            defaultValue = "90",
            description = "After how long to stop waiting for the compiler to have done its work. Default: 90")
    private int warmUpSeconds;

    @Option(
            names = "--outstanding",
            split = ",",
            defaultValue = "1,64,1024",
            description = "How many commands wait for an answer at any time. Default: 1,64,1024")
    private List<Integer> outstanding = List.of();

    int rounds() {
        return rounds;
    }

    Duration time() {
        return Duration.ofMillis(millis);
    }

    Duration warmUp() {
        return Duration.ofSeconds(warmUpSeconds);
    }

    List<Integer> outstanding() {
        return outstanding;
    }

    /** What a run is told to begin with. */
    void print(String what) {
        System.out.printf(
                "%s; %d rounds of %d ms each; %d processors, Java %s, heap %d MiB%n",
                what, rounds, millis, Runtime.getRuntime().availableProcessors(), Runtime.version(), Heap.limit());
    }
}
