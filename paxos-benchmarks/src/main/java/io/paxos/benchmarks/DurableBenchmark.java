// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.node.InMemoryStorage;
import io.paxos.spi.Write;
import io.paxos.storage.file.FileStorage;
import io.paxos.wire.WriteCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How close group commit comes to what the disk allows. Everything is measured in turn, in each round, so that whatever
 * else the machine does meets all of it alike.
 */
@Command(
        name = "durable",
        description = "Commands per second of nodes in this process, which force each vote to this disk, beside the"
                + " forces per second that the disk allows, and beside the same nodes without a disk.")
final class DurableBenchmark implements Callable<Integer> {

    static final int COMMAND_BYTES = 16;
    private static final int BLOCK = 4096;
    private static final int BATCH = 100;

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Mixin
    private Measured measured = new Measured();

    @Option(
            names = "--least-force-micros",
            defaultValue = "0",
            description = "Lets each force take at least so long, as on a slower disk. Default: 0")
    private long leastForceMicros;

    @Option(
            names = "--nodes",
            defaultValue = "3",
            description = "How many nodes; of a single one only the disk and the way to it are seen. Default: 3")
    private int nodes;

    /** How many stores have been made for measurements of the journal by itself. */
    private int stores;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration time = measured.time();
        LeastTime leastTime = new LeastTime(leastForceMicros);
        Rounds alone = new Rounds();
        Rounds aloneMicros = new Rounds();
        Rounds together = new Rounds();
        Rounds togetherMicros = new Rounds();
        Rounds hundred = new Rounds();
        Rounds roundTrip = new Rounds();
        List<DurableLoad> loads = new ArrayList<>();
        List<JournalLoad> journals = new ArrayList<>();
        measured.print("Nodes: " + nodes + ", commands of " + COMMAND_BYTES + " bytes, callers at the leader"
                + (leastForceMicros == 0 ? "" : "; each force takes at least " + leastForceMicros + " us"));
        try (Scratch scratch = place.open();
                DiskLimit disk = new DiskLimit(scratch.path(), nodes, leastTime);
                LocalCluster durable = LocalCluster.ofLog(
                        "durable", nodes, name -> FileStorage.open(scratch.resolve(name)), leastTime);
                LocalCluster memory =
                        LocalCluster.ofLog("memory", nodes, name -> new InMemoryStorage(), new LeastTime(0))) {
            for (int count : measured.outstanding()) {
                loads.add(new DurableLoad(nodes, count, disk, durable, memory, time));
                journals.add(new JournalLoad(count, disk, leastTime, time));
            }
            WarmUp.run(
                    () -> {
                        for (DurableLoad load : loads) {
                            load.run(false);
                        }
                    },
                    measured.warmUp());
            for (JournalLoad journal : journals) {
                journal.run(scratch.resolve("journal-" + ++stores), false);
            }
            for (int round = 0; round < measured.rounds(); round++) {
                DiskLimit.Speed one = disk.measure(1, BLOCK, time);
                DiskLimit.Speed all = disk.measure(nodes, BLOCK, time);
                DiskLimit.Speed big = disk.measure(nodes, bytesOnDisk(BATCH), time);
                double trip = LoopbackRoundTrip.medianMicros(time.dividedBy(4));
                for (DurableLoad load : loads) {
                    load.run(true);
                }
                for (JournalLoad journal : journals) {
                    journal.run(scratch.resolve("journal-" + ++stores), true);
                }
                alone.add(one.forcesPerSecond());
                aloneMicros.add(one.medianMicros());
                together.add(all.forcesPerSecond());
                togetherMicros.add(all.medianMicros());
                hundred.add(big.forcesPerSecond());
                roundTrip.add(trip);
            }
        }
        System.out.printf("%nThe disk: forces per second, median [least .. most]%n");
        System.out.printf(
                "  4 KiB, 1 file                        %s   median %s us%n", alone.text(0), aloneMicros.text(0));
        System.out.printf(
                "  4 KiB, %d files at once, each         %s   median %s us%n",
                nodes, together.text(0), togetherMicros.text(0));
        System.out.printf(
                "  %d entries, %d KiB, %d files, each    %s%n",
                BATCH, bytesOnDisk(BATCH) >> 10, nodes, hundred.text(0));
        System.out.printf("Loopback round trip, median            %s us%n", roundTrip.text(0));
        System.out.printf("%nGroup commit by itself, in one store, no node above it%n");
        journals.forEach(JournalLoad::print);
        loads.forEach(load -> load.print(togetherMicros.median() + roundTrip.median()));
        return 0;
    }

    /** How many bytes a journal writes for so many commands that share a force. */
    static int bytesOnDisk(double commands) {
        Value command = new Value.Command(
                new CommandId(1 << 20, 1 << 20), 1 << 20, new LogTime(1L << 40), Payload.wrap(new byte[COMMAND_BYTES]));
        int count = (int) Math.max(1, Math.round(commands));
        int bytes = WriteCodec.encode(new Write.AcceptWrite(
                        GroupId.of("log"),
                        Ballot.ZERO.next(NodeId.of("n1"), -1),
                        1 << 20,
                        Collections.nCopies(count, command)))
                .length;
        return (bytes + 128 + BLOCK - 1) / BLOCK * BLOCK;
    }
}
