package com.example.consumer;

import io.paxos.model.NodeId;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Three nodes over TCP with files agree on an owner and add up a sum. It says on which path it runs, and fails if that is not
 * the one that its first argument names, or if anything comes out wrong.
 */
public final class Consumer {

    private static final List<String> NAMES = List.of("n1", "n2", "n3");

    private final Path directory;
    private final Map<NodeId, Integer> ports = new ConcurrentHashMap<>();
    private final List<PaxosNode> nodes = new ArrayList<>();
    private final List<ReplicatedLog<Long, Long, StateMachine<Long, Long>>> sums = new ArrayList<>();

    private Consumer(Path directory) {
        this.directory = directory;
    }

    /**
     * Runs it.
     *
     * @param args the path, {@code module} or {@code class}, and a directory for the nodes' files
     * @throws IOException if the directory cannot be made
     */
    public static void main(String[] args) throws IOException {
        String path = Consumer.class.getModule().isNamed() ? "module" : "class";
        check(path.equals(args[0]), "this runs on the " + path + " path");
        check(
                PaxosNode.class.getModule().isNamed() == path.equals("module"),
                "the library is in " + PaxosNode.class.getModule());
        Files.createDirectories(Path.of(args[1]));
        new Consumer(Files.createTempDirectory(Path.of(args[1]), "nodes")).run(path);
    }

    private void run(String path) {
        try {
            NAMES.forEach(this::start);
            String owner = nodes.get(0).decrees(Codec.utf8()).agree("owner", "n1").join();
            String again = nodes.get(1).decrees(Codec.utf8()).agree("owner", "n2").join();
            check(owner.equals("n1") && again.equals(owner), "they agreed on " + owner + " and on " + again);
            long sum = 0;
            for (long n = 1; n <= 10; n++) {
                sum = sums.get((int) n % NAMES.size()).submit(n).join();
            }
            check(sum == 55, "1 to 10 add up to " + sum);
            System.out.println("on the " + path + " path: the owner is " + owner + ", the sum is " + sum);
        } finally {
            nodes.forEach(PaxosNode::close);
        }
    }

    private void start(String name) {
        NettyTransport transport = NettyTransport.plaintext("127.0.0.1", 0).peers(node -> {
            Integer port = ports.get(node);
            return port == null ? null : InetSocketAddress.createUnresolved("127.0.0.1", port);
        });
        PaxosNode node = PaxosNode.builder()
                .id(name)
                .members(NAMES)
                .transport(transport)
                .storage(FileStorage.open(directory.resolve(name)))
                .start();
        nodes.add(node);
        ports.put(node.id(), transport.port());
        AtomicLong sum = new AtomicLong();
        sums.add(node.replicate("sum", (context, n) -> sum.addAndGet(n), Codec.int64(), Codec.int64()));
    }

    private static void check(boolean holds, String found) {
        if (!holds) {
            throw new IllegalStateException(found);
        }
    }
}
