// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.Torrent.Answer;
import io.paxos.model.Payload;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.Limits;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.node.ReplicatedLog;
import io.paxos.replica.NodeStatus;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What becomes of a cluster that is asked for ten times what it can do. */
@Command(
        name = "overload",
        description = {
            "Three nodes in this process whose commands, or disks, take a given time, so that it is not the processors that"
                    + " are at their limit; first as many commands as they can do, then ten times as many, in turns.",
            "Prints how many were applied meanwhile, what each caller heard, whether the leader kept its office, and how"
                    + " much memory it took. The exit code is 1 if a caller heard nothing or the leader changed."
        })
final class OverloadBenchmark implements Callable<Integer> {

    /** What came of one phase. */
    private record Phase(double offered, double applied, long peakMib, long liveMib, Torrent torrent) {}

    private static final long SNAPSHOT_SLOTS = 10_000;
    private static final long SNAPSHOT_BYTES = 16L << 20;
    private static final long QUEUE_BYTES = 16L << 20;
    private static final long WINDOW_BYTES = 8L << 20;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: 3")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "How long each phase takes. Default: 3")
    private int seconds;

    @Option(names = "--times", defaultValue = "10", description = "How many times too much. Default: 10")
    private int times;

    @Option(names = "--callers", defaultValue = "12", description = "Spread over the three nodes. Default: 12")
    private int callers;

    @Option(names = "--bytes", defaultValue = "256", description = "The size of a command. Default: 256")
    private int bytes;

    @Option(
            names = "--apply-micros",
            defaultValue = "100",
            description = "How long each command takes to execute. Default: 100")
    private long applyMicros;

    @Option(
            names = "--write-micros",
            defaultValue = "0",
            description = "How long each write takes at least. Default: 0")
    private long writeMicros;

    @Option(names = "--queue", defaultValue = "8192", description = "How many calls may wait at a node. Default: 8192")
    private int queueCommands;

    @Override
    public Integer call() throws InterruptedException {
        boolean sound = true;
        try (LocalCluster cluster = new LocalCluster(
                "overload", LocalCluster.NAMES, name -> new InMemoryStorage(), new LeastTime(writeMicros), this::set)) {
            List<ReplicatedLog<Payload, Payload, TakingMachine>> logs = new ArrayList<>();
            for (int place = 0; place < LocalCluster.NAMES.size(); place++) {
                logs.add(cluster.node(place)
                        .replicate("log", new TakingMachine(applyMicros), Codec.payload(), Codec.payload()));
            }
            Payload command = Payload.wrap(new byte[bytes]);
            logs.get(0).submit(command).join();
            double best = best(logs, command);
            System.out.printf("as much as it can do: about %,.0f commands/s%n", best);
            String office = office(logs.get(0));
            for (int round = 0; round < rounds; round++) {
                Phase calm = phase(logs, command, best);
                Phase flood = phase(logs, command, times * best);
                print("calm ", calm);
                print("flood", flood);
                System.out.printf("  applied in the flood: %.2f of the calm%n", flood.applied / calm.applied);
                sound &= calm.torrent.unanswered() == 0 && flood.torrent.unanswered() == 0;
            }
            String after = office(logs.get(0));
            System.out.printf("leader before: %s, after: %s%n", office, after);
            sound &= office.equals(after);
        }
        return sound ? 0 : 1;
    }

    /** Snapshots so often that the log does not grow, and queues that are full before long. */
    private PaxosNodeBuilder set(PaxosNodeBuilder builder) {
        Limits usual = Limits.DEFAULTS;
        return builder.snapshots(SnapshotPolicy.DEFAULTS
                        .withEvery(SNAPSHOT_SLOTS, SNAPSHOT_BYTES)
                        .withRetained(SNAPSHOT_SLOTS, SNAPSHOT_BYTES))
                .limits(new Limits(
                        queueCommands,
                        QUEUE_BYTES,
                        usual.mailboxMessages(),
                        QUEUE_BYTES,
                        usual.windowSlots(),
                        WINDOW_BYTES,
                        usual.messageBytes(),
                        usual.decreesInFlight()));
    }

    /** What a thousand callers get who wait for their answers. */
    private double best(List<ReplicatedLog<Payload, Payload, TakingMachine>> logs, Payload command)
            throws InterruptedException {
        Duration time = Duration.ofSeconds(seconds);
        long before = applied(logs.get(0));
        int[] next = {0};
        Load.run(() -> logs.get(next[0]++ % logs.size()).submit(command), 1024, time);
        Load.run(() -> logs.get(next[0]++ % logs.size()).submit(command), 1024, time);
        return (applied(logs.get(0)) - before) / 2.0 / seconds;
    }

    private Phase phase(List<ReplicatedLog<Payload, Payload, TakingMachine>> logs, Payload command, double perSecond) {
        Torrent torrent = new Torrent(logs, callers, command);
        Heap.forgetPeak();
        long begun = System.nanoTime();
        long before = applied(logs.get(0));
        double offered = torrent.run(perSecond, Duration.ofSeconds(seconds));
        double applied = (applied(logs.get(0)) - before) / ((System.nanoTime() - begun) / 1e9);
        long peak = Heap.peak();
        long patience = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (torrent.unanswered() > 0 && System.nanoTime() < patience) {
            LockSupport.parkNanos(1_000_000);
        }
        return new Phase(offered, applied, peak, Heap.live(), torrent);
    }

    private static void print(String name, Phase phase) {
        Torrent torrent = phase.torrent;
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int caller = 0; caller < torrent.callers(); caller++) {
            least = Math.min(least, torrent.count(caller, Answer.APPLIED));
            most = Math.max(most, torrent.count(caller, Answer.APPLIED));
        }
        System.out.printf(
                "  %s offered %,11.0f/s, applied %,9.0f/s; applied %,d, overloaded %,d, refused %,d, unknown %,d, never"
                        + " answered %,d; by caller %,d to %,d; heap peak %,d, live %,d MiB%n",
                name,
                phase.offered,
                phase.applied,
                torrent.count(Answer.APPLIED),
                torrent.count(Answer.OVERLOADED),
                torrent.count(Answer.REFUSED),
                torrent.count(Answer.UNKNOWN),
                torrent.unanswered(),
                least,
                most,
                phase.peakMib,
                phase.liveMib);
    }

    private static long applied(ReplicatedLog<Payload, Payload, TakingMachine> log) {
        return status(log).applied();
    }

    private static String office(ReplicatedLog<Payload, Payload, TakingMachine> log) {
        NodeStatus.Group group = status(log);
        return group.leader() + " at " + group.ballot();
    }

    private static NodeStatus.Group status(ReplicatedLog<Payload, Payload, TakingMachine> log) {
        return Objects.requireNonNull(log.status(), "the log is open");
    }
}
