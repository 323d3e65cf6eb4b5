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
        description =
                "Commands per second of three nodes in this process, which force each vote to this disk, beside the"
                        + " forces per second that the disk allows, and beside the same nodes without a disk.")
final class DurableBenchmark implements Callable<Integer> {

    private static final int COMMAND_BYTES = 16;
    private static final int BLOCK = 4096;
    private static final int BATCH = 100;

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Option(names = "--rounds", defaultValue = "5", description = "Default: 5")
    private int rounds;

    @Option(
            names = "--millis",
            defaultValue = "2000",
            description = "How long each measurement of a round takes. Default: 2000")
    private int millis;

    @Option(
            names = "--outstanding",
            split = ",",
            defaultValue = "1,64,1024",
            description = "How many commands wait for an answer at any time. Default: 1,64,1024")
    private List<Integer> outstanding = List.of();

    @Option(
            names = "--least-force-micros",
            defaultValue = "0",
            description = "Lets each force take at least so long, as on a slower disk. Default: 0")
    private long leastForceMicros;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Duration time = Duration.ofMillis(millis);
        LeastTime leastTime = new LeastTime(leastForceMicros);
        int nodes = LocalCluster.NAMES.size();
        Rounds alone = new Rounds();
        Rounds aloneMicros = new Rounds();
        Rounds together = new Rounds();
        Rounds togetherMicros = new Rounds();
        Rounds hundred = new Rounds();
        Rounds roundTrip = new Rounds();
        List<DurableLoad> loads = new ArrayList<>();
        System.out.printf(
                "Three nodes, commands of %d bytes, callers at the leader; %d rounds of %d ms each%s; %d processors, Java"
                        + " %s%n",
                COMMAND_BYTES,
                rounds,
                millis,
                leastForceMicros == 0 ? "" : "; each force takes at least " + leastForceMicros + " us",
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        try (Scratch scratch = place.open();
                DiskLimit disk = new DiskLimit(scratch.path(), nodes, leastTime);
                LocalCluster durable =
                        new LocalCluster("durable", name -> FileStorage.open(scratch.resolve(name)), leastTime);
                LocalCluster memory = new LocalCluster("memory", name -> new InMemoryStorage(), new LeastTime(0))) {
            for (int count : outstanding) {
                loads.add(new DurableLoad(count, disk, durable, memory, time));
            }
            // The first round lets the compiler see everything, and does not count.
            for (int round = 0; round <= rounds; round++) {
                boolean counts = round > 0;
                DiskLimit.Speed one = disk.measure(1, BLOCK, time);
                DiskLimit.Speed all = disk.measure(nodes, BLOCK, time);
                DiskLimit.Speed big = disk.measure(nodes, bytesOnDisk(BATCH), time);
                double trip = LoopbackRoundTrip.medianMicros(time.dividedBy(4));
                for (DurableLoad load : loads) {
                    load.run(counts);
                }
                if (counts) {
                    alone.add(one.forcesPerSecond());
                    aloneMicros.add(one.medianMicros());
                    together.add(all.forcesPerSecond());
                    togetherMicros.add(all.medianMicros());
                    hundred.add(big.forcesPerSecond());
                    roundTrip.add(trip);
                }
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
