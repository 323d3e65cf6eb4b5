// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import io.paxos.model.NodeId;
import io.paxos.transport.netty.AddressResolver;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Where the servers of this process listen now; each start takes whatever port is free. Safe for any thread. */
final class LoopbackPorts implements AddressResolver {

    private static final long PATIENCE = TimeUnit.SECONDS.toMillis(1);

    private final Map<NodeId, Integer> ports = new HashMap<>();

    synchronized void put(NodeId server, int port) {
        ports.put(server, port);
        notifyAll();
    }

    /** A server that is just starting will listen in a moment, so it is waited for. */
    @Override
    public synchronized @Nullable InetSocketAddress resolve(NodeId node) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE);
        while (!ports.containsKey(node)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return null;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return InetSocketAddress.createUnresolved("127.0.0.1", ports.get(node));
    }
}
