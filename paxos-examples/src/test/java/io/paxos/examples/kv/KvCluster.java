// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.HeldPorts;
import io.paxos.examples.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Replicas as processes of their own, on ports of this machine, with links between them that can be cut. */
final class KvCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Poll poll = new Poll();
    private final List<KvProcess> nodes;
    private final List<KvProcess> newcomers;
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final HeldPorts ports;
    private final Links links;

    /**
     * They are not started yet.
     *
     * @param logs where to put what they print
     * @param ids what they are called
     * @param heapMegabytes how much heap each has
     * @param options what to say to the node of this name, beside who and where it is
     */
    KvCluster(Path logs, List<String> ids, int heapMegabytes, Function<String, List<String>> options)
            throws IOException {
        this(logs, ids, List.of(), heapMegabytes, options);
    }

    /**
     * They are not started yet, and some of them do not belong yet: these reach the others, and are reached, without links
     * between that could be cut.
     *
     * @param joining what these are called
     */
    KvCluster(
            Path logs,
            List<String> ids,
            List<String> joining,
            int heapMegabytes,
            Function<String, List<String>> options)
            throws IOException {
        Files.createDirectories(logs);
        ports = new HeldPorts(2 * (ids.size() + joining.size()));
        Map<String, Integer> listening = new LinkedHashMap<>();
        int next = 0;
        for (String id : ids) {
            listening.put(id, ports.get(next++));
        }
        links = new Links(listening);
        listening.forEach((id, port) -> addresses.put(id, "127.0.0.1:" + port));
        String formed = addresses.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(","));
        List<KvProcess> made = new ArrayList<>();
        for (String id : ids) {
            made.add(process(logs, id, links.membersSeenBy(id), ports.get(next++), heapMegabytes, options.apply(id)));
        }
        nodes = List.copyOf(made);
        made.clear();
        for (String id : joining) {
            String address = "127.0.0.1:" + ports.get(next++);
            addresses.put(id, address);
            List<String> all = Stream.concat(Stream.of("--join", address), options.apply(id).stream())
                    .toList();
            made.add(process(logs, id, formed, ports.get(next++), heapMegabytes, all));
        }
        newcomers = List.copyOf(made);
    }

    private static KvProcess process(
            Path logs, String id, String members, int httpPort, int heapMegabytes, List<String> options)
            throws IOException {
        Path log = logs.resolve(id + ".log");
        Files.deleteIfExists(log);
        return new KvProcess(id, members, "127.0.0.1:" + httpPort, log, heapMegabytes, options);
    }

    /** Those who do not belong from the beginning. */
    List<KvProcess> newcomers() {
        return newcomers;
    }

    /** Where a node listens for the others. */
    String addressOf(KvProcess node) {
        return addresses.get(node.id());
    }

    Links links() {
        return links;
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
        kill(Stream.of(nodes, newcomers).flatMap(List::stream).toList());
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
        return awaitEqual(nodes);
    }

    /** Waits until these have executed the same, and says how each stands. */
    List<Status> awaitEqual(List<KvProcess> among) throws Exception {
        return poll.until("all to have executed the same", PATIENCE, () -> {
            List<Status> all =
                    among.stream().flatMap(node -> node.status().stream()).toList();
            boolean equal = all.size() == among.size()
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
    public void close() throws InterruptedException, IOException {
        kill();
        poll.close();
        links.close();
        ports.close();
    }
}
