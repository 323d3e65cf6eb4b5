// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A node that starts with the store it has, and ends when it has served one call. */
@Command(name = "restart-process", hidden = true)
final class RestartProcess implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Option(names = "--store", required = true)
    private Path store = Path.of("");

    @Option(names = "--bytes", required = true)
    private long bytes;

    @Option(names = "--name")
    private @Nullable String name;

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        CountedStorage storage = new CountedStorage(FileStorage.open(store), new LeastTime(0));
        try (PaxosNode node = PaxosNode.builder()
                .cluster(StoreFiller.CLUSTER)
                .id(StoreFiller.NODE)
                .members(StoreFiller.NODE)
                .storage(storage)
                .snapshots(SnapshotPolicy.NEVER)
                .deadline(PATIENCE)
                .start()) {
            String known = name;
            if (known == null) {
                ReplicatedLog<Payload, Payload, CountingMachine> log =
                        node.replicate(StoreFiller.LOG, new CountingMachine(), Codec.payload(), Codec.payload());
                log.submit(Payload.EMPTY).join();
            } else {
                node.decrees(Codec.payload()).agree(known, Payload.EMPTY).join();
            }
            double served = seconds(System.nanoTime() - begun);
            double recovered = seconds(storage.recoveryNanos());
            System.out.printf(
                    "  store open after %s s, %s MB/s; first call served after %s s; heap %d MiB live, %d MiB at most, of"
                            + " %d MiB%n",
                    Rounds.text(recovered, 2),
                    Rounds.text(bytes / 1e6 / recovered, 0),
                    Rounds.text(served, 2),
                    Heap.live(),
                    Heap.peak(),
                    Heap.limit());
        }
        return 0;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
