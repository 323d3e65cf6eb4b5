package io.paxos.examples.kv;

import io.paxos.examples.Poll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Three replicas as processes of their own, on ports of this machine. */
final class KvCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Poll poll = new Poll();
    private final List<KvProcess> nodes;

    /**
     * They are not started yet.
     *
     * @param logs where to put what they print
     * @param options what to say to the node of this name, beside who and where it is
     */
    KvCluster(Path logs, Function<String, List<String>> options) throws IOException {
        Files.createDirectories(logs);
        List<String> ids = List.of("n1", "n2", "n3");
        List<String> addresses = freeAddresses(2 * ids.size());
        List<String> members = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            members.add(ids.get(i) + "=" + addresses.get(i));
        }
        List<KvProcess> made = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            Path log = logs.resolve(id + ".log");
            Files.deleteIfExists(log);
            made.add(new KvProcess(
                    id, String.join(",", members), addresses.get(ids.size() + i), log, options.apply(id)));
        }
        nodes = List.copyOf(made);
    }

    List<KvProcess> nodes() {
        return nodes;
    }

    Poll poll() {
        return poll;
    }

    void start() throws IOException {
        for (KvProcess node : nodes) {
            node.start();
        }
    }

    /** {@code kill -9} for all of them at once. */
    void kill() throws InterruptedException {
        kill(nodes);
    }

    /** {@code kill -9} for some of them, before the first of them is waited for. */
    void kill(List<KvProcess> victims) throws InterruptedException {
        victims.forEach(KvProcess::strike);
        for (KvProcess victim : victims) {
            victim.kill();
        }
    }

    /** The leader on whom all these nodes are agreed. */
    KvProcess awaitLeader(List<KvProcess> among) throws Exception {
        return poll.until("a leader", PATIENCE, () -> {
            List<String> named = among.stream()
                    .flatMap(node -> node.status().stream())
                    .map(status -> status.text("leader"))
                    .toList();
            return among.stream()
                    .filter(node ->
                            named.equals(among.stream().map(other -> node.id()).toList()))
                    .findFirst();
        });
    }

    /** Waits until all have executed the same, and says how each stands. */
    List<Status> awaitEqual() throws Exception {
        return poll.until("all to have executed the same", PATIENCE, () -> {
            List<Status> all =
                    nodes.stream().flatMap(node -> node.status().stream()).toList();
            boolean equal = all.size() == nodes.size()
                    && all.stream()
                                    .map(status -> status.text("applied"))
                                    .distinct()
                                    .count()
                            == 1
                    && all.stream().allMatch(status -> status.number("applied") > 0);
            return equal ? Optional.of(all) : Optional.empty();
        });
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        poll.close();
    }

    /** All ports are held until all are found, so that no two are the same. */
    private static List<String> freeAddresses(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream()
                    .map(socket -> "127.0.0.1:" + socket.getLocalPort())
                    .toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
