// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.model.Payload;
import io.paxos.node.Decrees;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a command costs more the more there is already. */
@Command(
        name = "growth",
        description = "What a command costs with the age of the log, the number of decided names, and the number of"
                + " groups that do nothing, beside the wire floor at the same moment.")
final class GrowthBenchmark implements Callable<Integer> {

    /** Makes something grow. */
    private interface Growing {
        /** Returns when there is so much of it. */
        void to(long much) throws InterruptedException;
    }

    /** What a command came to where there was so much, and the floor beside it. */
    private record Step(String what, long much, LoadRounds floor, LoadRounds nodes, Rounds idleCpu) {

        double cpuRatio() {
            return nodes.cpu().median() / floor.cpu().median();
        }
    }

    private static final int COMMAND_BYTES = 16;
    private static final int OUTSTANDING = 64;
    private static final int FILLING = 1024;
    private static final int BAR = 20;
    private static final Duration FILLING_TIME = Duration.ofMillis(250);

    @Mixin
    private Measured measured = new Measured();

    @Option(
            names = "--commands",
            split = ",",
            defaultValue = "0,1000000,2000000,4000000,8000000",
            description = "Ages of the log to measure at. Default: 0 to 8000000")
    private List<Long> commands = List.of();

    @Option(
            names = "--names",
            split = ",",
            defaultValue = "0,50000,100000,200000,400000",
            description = "Numbers of decided names to measure at. Default: 0 to 400000")
    private List<Long> names = List.of();

    @Option(
            names = "--groups",
            split = ",",
            defaultValue = "0,10,100,1000",
            description = "Numbers of idle groups to measure at. Default: 0 to 1000")
    private List<Long> groups = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/growth.json",
            description = "Where to keep the figures of all rounds. Default: target/growth.json")
    private Path json = Path.of("target/growth.json");

    private final Payload command = Payload.wrap(new byte[COMMAND_BYTES]);
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private long count;

    @Override
    public Integer call() throws IOException, InterruptedException {
        measured.print("Three nodes, " + OUTSTANDING + " outstanding, log: " + Keeping.MEMORY);
        try (Floors floors = new Floors()) {
            WireFloor floor = floors.with(AcceptFrame.bytes(COMMAND_BYTES));
            age(floor);
            names(floor);
            groups(floor);
        }
        print();
        ComparisonJson.write(json, out -> {
            out.writeArrayFieldStart("steps");
            for (Step step : steps.values()) {
                out.writeStartObject();
                out.writeStringField("what", step.what);
                out.writeNumberField("much", step.much);
                ComparisonJson.write(out, "idleCpuPercent", step.idleCpu);
                out.writeObjectFieldStart("floor");
                ComparisonJson.write(out, step.floor);
                out.writeEndObject();
                out.writeObjectFieldStart("nodes");
                ComparisonJson.write(out, step.nodes);
                out.writeEndObject();
                out.writeEndObject();
            }
            out.writeEndArray();
        });
        return 0;
    }

    private void age(WireFloor floor) throws InterruptedException {
        try (LocalCluster cluster = new LocalCluster("memory", name -> new InMemoryStorage(), new LeastTime(0))) {
            ReplicatedLog<Payload, Payload, CountingMachine> log = cluster.log(cluster.leader());
            Supplier<CompletableFuture<?>> submit = () -> log.submit(command);
            steps("commands in the log", commands, floor, submit, much -> fill(submit, much));
        }
    }

    private void names(WireFloor floor) throws InterruptedException {
        try (LocalCluster cluster = new LocalCluster("memory", name -> new InMemoryStorage(), new LeastTime(0))) {
            Decrees<Payload> decrees = cluster.node(0).decrees(Codec.payload());
            cluster.node(0).whenFormed().join();
            Supplier<CompletableFuture<?>> submit = () -> decrees.agree("name-" + count, command);
            steps("decided names", names, floor, submit, much -> fill(submit, much));
        }
    }

    private void groups(WireFloor floor) throws InterruptedException {
        try (LocalCluster cluster = new LocalCluster("memory", name -> new InMemoryStorage(), new LeastTime(0))) {
            ReplicatedLog<Payload, Payload, CountingMachine> log = cluster.log(cluster.leader());
            long[] open = {0};
            steps("idle groups", groups, floor, () -> log.submit(command), much -> {
                for (; open[0] < much; open[0]++) {
                    cluster.open("idle-" + open[0]);
                }
                cluster.led();
            });
        }
    }

    /** All that is submitted counts, that of measurements too. */
    private void fill(Supplier<CompletableFuture<?>> submit, long much) throws InterruptedException {
        while (count < much) {
            Load.run(counted(submit), FILLING, FILLING_TIME);
        }
    }

    private Supplier<CompletableFuture<?>> counted(Supplier<CompletableFuture<?>> submit) {
        return () -> {
            CompletableFuture<?> answer = submit.get();
            count++;
            return answer;
        };
    }

    private void steps(
            String what, List<Long> to, WireFloor floor, Supplier<CompletableFuture<?>> submit, Growing growing)
            throws InterruptedException {
        count = 0;
        Supplier<CompletableFuture<?>> counted = counted(submit);
        WarmUp.run(
                () -> {
                    Load.run(floor::submit, OUTSTANDING, measured.time());
                    Load.run(counted, OUTSTANDING, measured.time());
                },
                measured.warmUp());
        for (long much : to) {
            growing.to(much);
            Step step = new Step(what, much, new LoadRounds(), new LoadRounds(), new Rounds());
            for (int round = 0; round < measured.rounds(); round++) {
                step.floor.add(Load.run(floor::submit, OUTSTANDING, measured.time()));
                step.nodes.add(Load.run(counted, OUTSTANDING, measured.time()));
                step.idleCpu.add(idlePercent());
            }
            steps.put(what + much, step);
            System.out.printf(
                    "  %,d %s: %s/s, CPU %s times the floor's%n",
                    much, what, step.nodes.rate().text(0), Rounds.text(step.cpuRatio(), 2));
        }
    }

    /** How much of one processor is used while nobody submits anything. */
    private double idlePercent() {
        Meter before = Meter.now();
        long begun = System.nanoTime();
        for (long left = 1; left > 0; left = begun + measured.time().toNanos() - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return 100.0 * Meter.now().since(before).cpuNanos() / (System.nanoTime() - begun);
    }

    private void print() {
        System.out.printf(
                "%n%-22s %10s  %-36s %6s %6s  %-24s %6s%n",
                "", "", "commands/s", "ratio", "p50", "CPU s/million", "ratio");
        for (Step step : steps.values()) {
            System.out.printf(
                    "%-22s %,10d  %-36s %6s %6s  %-24s %6s %s  idle %s %%%n",
                    step.what,
                    step.much,
                    step.nodes.rate().text(0),
                    Rounds.text(step.nodes.rate().median() / step.floor.rate().median(), 2),
                    Rounds.text(step.nodes.medianMicros().median(), 0),
                    step.nodes.cpu().text(1),
                    Rounds.text(step.cpuRatio(), 2),
                    "#".repeat((int) Math.min(4 * BAR, Math.round(BAR * step.cpuRatio() / 2))),
                    Rounds.text(step.idleCpu.median(), 1));
        }
    }
}
