// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What group commit comes to by itself, with no node above it: so many votes are always in flight, everything that waits when
 * the disk becomes free goes in one write and one force, and all come again as soon as they are durable. Votes for the
 * commands of one Accept are one record, as they are in a node. The commands are made beforehand: in a node their callers make them.
 */
final class JournalLoad {

    private static final GroupId GROUP = GroupId.of("log");
    private static final NodeId NODE = NodeId.of("n1");
    private static final Ballot BALLOT = Ballot.ZERO.next(NODE, -1);

    private final int outstanding;
    private final DiskLimit disk;
    private final LeastTime leastTime;
    private final Duration time;
    private final Rounds votes = new Rounds();
    private final Rounds allowed = new Rounds();
    private final Rounds ratio = new Rounds();

    JournalLoad(int outstanding, DiskLimit disk, LeastTime leastTime, Duration time) {
        this.outstanding = outstanding;
        this.disk = disk;
        this.leastTime = leastTime;
        this.time = time;
    }

    /** One round, in a new store; the disk is measured before and after, with as many bytes in each force as that many votes take, a hundred at most. */
    void run(Path directory, boolean counts) throws IOException, InterruptedException {
        int together = Math.min(outstanding, DurableLoad.MOST_IN_ONE_FORCE);
        int bytes = DurableBenchmark.bytesOnDisk(together);
        DiskLimit.Speed before = disk.measure(1, bytes, time.dividedBy(2));
        double perSecond;
        try (CountedStorage store = new CountedStorage(FileStorage.open(directory), leastTime)) {
            store.recover(new StoreOwner(new ClusterName("journal"), NODE));
            perSecond = votesPerSecond(store);
        }
        DiskLimit.Speed after = disk.measure(1, bytes, time.dividedBy(2));
        if (counts) {
            double limit = together * (before.forcesPerSecond() + after.forcesPerSecond()) / 2;
            votes.add(perSecond);
            allowed.add(limit);
            ratio.add(perSecond / limit);
        }
    }

    private double votesPerSecond(CountedStorage store) throws IOException {
        List<Value> commands = new ArrayList<>(outstanding);
        for (int i = 0; i < outstanding; i++) {
            commands.add(command(i));
        }
        long slot = 1;
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        long now = begun;
        while (now < end) {
            store.write(List.of(new Write.AcceptWrite(GROUP, BALLOT, slot, commands)));
            slot += outstanding;
            now = System.nanoTime();
        }
        return (slot - 1) / ((now - begun) / 1e9);
    }

    private static Value command(long sequence) {
        return new Value.Command(
                new CommandId(1, sequence),
                0,
                new LogTime(1L << 40),
                Payload.wrap(new byte[DurableBenchmark.COMMAND_BYTES]));
    }

    /** Prints what all rounds came to. */
    void print() {
        System.out.printf(
                "  %,5d votes in flight   %s/s, allowed %s, RATIO %s%n",
                outstanding, votes.text(0), allowed.text(0), ratio.text(2));
    }
}
