// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.replica.NodeStatus;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Three nodes over loopback, one of which misses everything and then fetches it. */
@Command(name = "large-state-process", hidden = true)
final class LargeStateProcess implements Callable<Integer> {

    private static final List<String> NAMES = List.of("n1", "n2", "n3");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);

    private record Running(PaxosNode node, ReplicatedLog<Payload, Payload, RecordsMachine> log) {}

    @Option(names = "--store", required = true)
    private Path store = Path.of("");

    @Option(names = "--mib", required = true)
    private int mib;

    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private final Map<String, Running> running = new HashMap<>();
    private int files;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            for (String name : NAMES) {
                start(name);
            }
            running("n3").node.whenFormed().join();
            log("n1").submit(RecordsMachine.replace(0, 1, 1)).join();
            running("n3").node.close();
            double filled =
                    seconds(() -> log("n1").submit(RecordsMachine.fill(1)).join());
            System.out.printf("a state of %d MiB, made in %s s by one command%n", mib, Rounds.text(filled, 1));
            measure();
        } finally {
            running.values().forEach(each -> each.node.close());
        }
        return 0;
    }

    private void measure() throws IOException, InterruptedException {
        String leader = log("n1").isLeader() ? "n1" : "n2";
        String other = leader.equals("n1") ? "n2" : "n1";
        try (RecordsLoad load = new RecordsLoad(log(leader))) {
            System.out.printf("%s commands/s with two nodes%n", Rounds.text(load.rateDuring(Duration.ofSeconds(3)), 0));
            long before = load.count();
            double captured = seconds(() -> log(leader).snapshot().join());
            System.out.printf(
                    "snapshot written at the leader in %s s, %s MB/s; %s commands/s meanwhile%n",
                    Rounds.text(captured, 1), megabytesPerSecond(captured), rate(load, before, captured));
            log(other).snapshot().join();
            long target = applied(leader);
            long fetching = load.count();
            long began = System.nanoTime();
            start("n3");
            await("n3", target);
            double fetched = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "node n3 started, fetched %d MiB, restored and caught up in %s s, %s MB/s; %s commands/s meanwhile%n",
                    mib, Rounds.text(fetched, 1), megabytesPerSecond(fetched), rate(load, fetching, fetched));
            System.out.printf(
                    "%s commands/s with three nodes%n", Rounds.text(load.rateDuring(Duration.ofSeconds(3)), 0));
        }
        log(leader).submit(RecordsMachine.replace(1, 2, 3)).join();
        long end = applied(leader);
        await("n3", end);
        long there = log("n3").readLocal(RecordsMachine::checksum).join();
        long here = log(leader).readLocal(RecordsMachine::checksum).join();
        boolean equal = there == here;
        System.out.printf(
                "states equal: %s; heap %d MiB live, %d MiB at most, of %d MiB; direct buffers %d MiB%n",
                equal, Heap.live(), Heap.peak(), Heap.limit(), Heap.direct());
        if (!equal) {
            throw new IOException("the state that was fetched is another one");
        }
    }

    private void start(String name) throws IOException {
        NettyTransport transport = NettyTransport.plaintext("127.0.0.1", 0).peers(node -> {
            Integer port = ports.get(node.name());
            return port == null ? null : InetSocketAddress.createUnresolved("127.0.0.1", port);
        });
        PaxosNode node = PaxosNode.builder()
                .cluster("large")
                .id(name)
                .members(NAMES)
                .transport(transport)
                .storage(FileStorage.open(store.resolve(name)))
                .snapshots(SnapshotPolicy.DEFAULTS.withRetained(0, 0))
                .deadline(PATIENCE)
                .start();
        ports.put(name, transport.port());
        RecordsMachine machine = new RecordsMachine(store.resolve("state-" + name + "-" + files++), mib << 20);
        running.put(name, new Running(node, node.replicate("records", machine, Codec.payload(), Codec.payload())));
    }

    private ReplicatedLog<Payload, Payload, RecordsMachine> log(String name) {
        return running(name).log;
    }

    private Running running(String name) {
        return Objects.requireNonNull(running.get(name), name);
    }

    private long applied(String name) {
        NodeStatus.Group status = log(name).status();
        return status == null ? 0 : status.applied();
    }

    private void await(String name, long slot) throws InterruptedException {
        while (applied(name) < slot) {
            Thread.sleep(LOOK.toMillis());
        }
    }

    private String megabytesPerSecond(double seconds) {
        return Rounds.text(mib * 1.048576 / seconds, 0);
    }

    private static String rate(RecordsLoad load, long before, double seconds) {
        return Rounds.text((load.count() - before) / seconds, 0);
    }

    private static double seconds(Runnable action) {
        long begun = System.nanoTime();
        action.run();
        return (System.nanoTime() - begun) / 1e9;
    }
}
