// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.LinkProxy;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The network between the replicas: a proxy for each direction between each two of them. Safe for any thread. */
final class Links implements AutoCloseable {

    /** From whom to whom. */
    private record Direction(String from, String to) {}

    private final Map<String, Integer> ports;
    private final Map<Direction, LinkProxy> proxies = new LinkedHashMap<>();

    /** The ports are those on which the replicas listen for each other. */
    Links(Map<String, Integer> ports) throws IOException {
        this.ports = new LinkedHashMap<>(ports);
        for (String from : ports.keySet()) {
            for (Map.Entry<String, Integer> to : ports.entrySet()) {
                if (!from.equals(to.getKey())) {
                    proxies.put(new Direction(from, to.getKey()), new LinkProxy(to.getValue()));
                }
            }
        }
    }

    /** The members as one of them is to reach them: itself where it listens, the others over the links. */
    String membersSeenBy(String id) {
        List<String> members = ports.keySet().stream()
                .map(other -> other + "=127.0.0.1:" + (other.equals(id) ? ports.get(id) : port(id, other)))
                .toList();
        return String.join(",", members);
    }

    private int port(String from, String to) {
        return proxies.get(new Direction(from, to)).port();
    }

    /** Nothing gets from one to the other. */
    void cut(String from, String to) {
        proxies.get(new Direction(from, to)).cut();
    }

    /** Nothing gets away from a node. */
    void cutFrom(String id) {
        proxies.forEach((direction, proxy) -> {
            if (direction.from().equals(id)) {
                proxy.cut();
            }
        });
    }

    /** Nothing gets to a node. */
    void cutTo(String id) {
        proxies.forEach((direction, proxy) -> {
            if (direction.to().equals(id)) {
                proxy.cut();
            }
        });
    }

    /** What goes to a node or comes from it takes long. */
    void slow(String id) {
        proxies.forEach((direction, proxy) -> {
            if (direction.from().equals(id) || direction.to().equals(id)) {
                proxy.slow();
            }
        });
    }

    /** All is well again. */
    void heal(boolean breakConnections) {
        proxies.values().forEach(proxy -> proxy.heal(breakConnections));
    }

    /** How often bytes or connections had to wait because a link was cut. */
    long heldBack() {
        return proxies.values().stream().mapToLong(LinkProxy::heldBack).sum();
    }

    /** The fewest bytes that got through one of the links. */
    long leastPassed() {
        return proxies.values().stream().mapToLong(LinkProxy::passed).min().orElse(0);
    }

    @Override
    public void close() throws IOException {
        for (LinkProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
