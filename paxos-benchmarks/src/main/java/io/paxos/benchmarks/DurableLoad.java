// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.ReplicatedLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** One number of commands outstanding: what the durable nodes come to, the same nodes in memory, and the disk. */
final class DurableLoad {

    private static final int COMMAND_BYTES = 16;

    /** What a force of the disk's own limit carries at most. */
    static final int MOST_IN_ONE_FORCE = 100;

    private final int nodes;
    private final int outstanding;
    private final DiskLimit disk;
    private final LocalCluster durable;
    private final LocalCluster memory;
    private final Duration time;

    private final Rounds commands = new Rounds();
    private final Rounds medianMicros = new Rounds();
    private final Rounds highMicros = new Rounds();
    private final Rounds cpu = new Rounds();
    private final Rounds forces = new Rounds();
    private final Rounds perForce = new Rounds();
    private final Rounds inMemory = new Rounds();
    private final Rounds inMemoryMicros = new Rounds();
    private final Rounds diskForces = new Rounds();
    private final Rounds allowed = new Rounds();
    private final Rounds ratio = new Rounds();
    private final Rounds windowAllowed = new Rounds();
    private final Rounds windowRatio = new Rounds();

    DurableLoad(int nodes, int outstanding, DiskLimit disk, LocalCluster durable, LocalCluster memory, Duration time) {
        this.nodes = nodes;
        this.outstanding = outstanding;
        this.disk = disk;
        this.durable = durable;
        this.memory = memory;
        this.time = time;
    }

    /** One round; the disk is measured right after, with batches of the size that the nodes have just written. */
    void run(boolean counts) throws InterruptedException {
        int leader = durable.leader();
        CountedStorage store = durable.store(leader);
        long before = store.batches();
        Load.Result result = Load.run(submitter(durable, leader), outstanding, time);
        long written = store.batches() - before;
        double shared = (double) result.commands() / written;
        DiskLimit.Speed limit = disk.measure(nodes, DurableBenchmark.bytesOnDisk(shared), time.dividedBy(2));
        int inOneForce = Math.min(outstanding, MOST_IN_ONE_FORCE);
        DiskLimit.Speed whole = disk.measure(nodes, DurableBenchmark.bytesOnDisk(inOneForce), time.dividedBy(2));
        Load.Result without = Load.run(submitter(memory, memory.leader()), outstanding, time);
        if (!counts) {
            return;
        }
        commands.add(result.commandsPerSecond());
        medianMicros.add(result.medianMicros());
        highMicros.add(result.micros(0.99));
        cpu.add(result.cpuSecondsPerMillion());
        forces.add(written / (time.toNanos() / 1e9));
        perForce.add(shared);
        diskForces.add(limit.forcesPerSecond());
        // A force that served no command would flatter the ratio, so it counts as one that was allowed.
        double share = Math.max(1, shared);
        allowed.add(limit.forcesPerSecond() * share);
        ratio.add(result.commandsPerSecond() / (limit.forcesPerSecond() * share));
        windowAllowed.add(whole.forcesPerSecond() * inOneForce);
        windowRatio.add(result.commandsPerSecond() / (whole.forcesPerSecond() * inOneForce));
        inMemory.add(without.commandsPerSecond());
        inMemoryMicros.add(without.medianMicros());
    }

    private static Supplier<CompletableFuture<Payload>> submitter(LocalCluster cluster, int leader) {
        ReplicatedLog<Payload, Payload, CountingMachine> log = cluster.log(leader);
        Payload command = Payload.wrap(new byte[COMMAND_BYTES]);
        return () -> log.submit(command);
    }

    /** Prints what all rounds came to. */
    void print(double forceAndRoundTripMicros) {
        System.out.printf("%n%d outstanding%n", outstanding);
        System.out.printf("  commands/s                             %s%n", commands.text(0));
        System.out.printf(
                "  time to an answer, median, 99 %%        %s, %s us%n", medianMicros.text(0), highMicros.text(0));
        System.out.printf("  CPU seconds per million                %s%n", cpu.text(1));
        System.out.printf("  forces/s at the leader                 %s%n", forces.text(0));
        System.out.printf("  commands in each force                 %s%n", perForce.text(1));
        System.out.printf("  forces/s the disk allows at that size  %s%n", diskForces.text(0));
        System.out.printf("  commands/s allowed by both             %s%n", allowed.text(0));
        System.out.printf("  RATIO achieved / allowed               %s%n", ratio.text(2));
        System.out.printf(
                "  all outstanding, 100 at most, in a force  %s allowed, ratio %s%n",
                windowAllowed.text(0), windowRatio.text(2));
        System.out.printf(
                "  the same nodes without a disk          %s commands/s, median %s us; durable reaches %s of it%n",
                inMemory.text(0), inMemoryMicros.text(0), Rounds.text(commands.median() / inMemory.median(), 2));
        if (outstanding == 1) {
            System.out.printf(
                    "  one force and one round trip           %s us; the median answer takes %s times that%n",
                    Rounds.text(forceAndRoundTripMicros, 0),
                    Rounds.text(medianMicros.median() / forceAndRoundTripMicros, 2));
        }
    }
}
