// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.transport;

import io.paxos.model.NodeId;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds ports for nodes of one process. */
final class DatagramPorts {

    private DatagramPorts() {}

    /**
     * A loopback address with a free port for each node, in the order given. All are held until all are found, so that
     * no two are the same.
     */
    static Map<NodeId, InetSocketAddress> free(List<String> nodes) throws IOException {
        Map<NodeId, InetSocketAddress> addresses = new LinkedHashMap<>();
        List<DatagramSocket> held = new ArrayList<>();
        try {
            for (String node : nodes) {
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                held.add(socket);
                addresses.put(NodeId.of(node), new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()));
            }
        } finally {
            held.forEach(DatagramSocket::close);
        }
        return addresses;
    }
}
