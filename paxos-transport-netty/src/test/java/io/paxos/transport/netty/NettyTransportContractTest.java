// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.NodeId;
import io.paxos.testkit.TransportContract;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over loopback, with ports that the system chooses; a node that comes back has another. */
@ExtendWith(LeakCheck.class)
class NettyTransportContractTest extends TransportContract {

    @Override
    protected Network network() {
        Map<NodeId, NettyTransport> transports = new ConcurrentHashMap<>();
        return node -> {
            NettyTransport transport = transport(node)
                    .io(io())
                    .peers(peer -> address(transports.get(peer)))
                    .reconnect(Duration.ofMillis(10), Duration.ofMillis(200));
            transports.put(node, transport);
            return transport;
        };
    }

    NettyTransport transport(NodeId node) {
        return NettyTransport.plaintext("127.0.0.1", 0);
    }

    NativeIo io() {
        return NativeIo.best();
    }

    private static @Nullable InetSocketAddress address(@Nullable NettyTransport transport) {
        if (transport == null) {
            return null;
        }
        try {
            return InetSocketAddress.createUnresolved("127.0.0.1", transport.port());
        } catch (IllegalStateException notListening) {
            return null;
        }
    }
}
