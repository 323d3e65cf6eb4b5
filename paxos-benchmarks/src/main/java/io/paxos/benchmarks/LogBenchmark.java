// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.node.InMemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The replicated log in memory beside the wire floor, measured in turn in each round. */
@Command(
        name = "log",
        description =
                "Commands per second of three nodes in this process over loopback TCP, without a disk, beside what"
                        + " the same messages cost with no consensus in them.")
final class LogBenchmark implements Callable<Integer> {

    @Mixin
    private Measured measured = new Measured();

    @Option(
            names = "--bytes",
            split = ",",
            defaultValue = "16,1024",
            description = "How many bytes a command has. Default: 16,1024")
    private List<Integer> sizes = List.of();

    @Override
    public Integer call() throws InterruptedException {
        measured.print("Three nodes, one caller at the leader");
        List<LogLoad> loads = new ArrayList<>();
        try (LocalCluster memory = new LocalCluster("memory", name -> new InMemoryStorage(), new LeastTime(0));
                Floors floors = new Floors()) {
            for (int bytes : sizes) {
                WireFloor floor = floors.with(AcceptFrame.bytes(bytes));
                for (int count : measured.outstanding()) {
                    loads.add(new LogLoad(bytes, count, floor, memory, measured.time()));
                }
            }
            WarmUp.run(
                    () -> {
                        for (LogLoad load : loads) {
                            load.run(false);
                        }
                    },
                    measured.warmUp());
            for (int round = 0; round < measured.rounds(); round++) {
                for (LogLoad load : loads) {
                    load.run(true);
                }
            }
        }
        loads.forEach(LogLoad::print);
        return 0;
    }
}
