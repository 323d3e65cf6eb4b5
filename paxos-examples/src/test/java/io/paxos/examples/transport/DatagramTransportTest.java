// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import io.paxos.spi.TransportException;
import io.paxos.testkit.TransportContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node that comes back has the address that it had. */
class DatagramTransportTest extends TransportContract {

    private static final Path SOURCE =
            Path.of("src", "main", "java", "io", "paxos", "examples", "transport", "DatagramTransport.java");

    @Override
    protected Network network() {
        Map<NodeId, InetSocketAddress> addresses = freePorts();
        return node -> transport(node, addresses);
    }

    /** A datagram holds less than 64 KiB. */
    @Override
    protected int largeValueBytes() {
        return 60_000;
    }

    /** From the line that declares it to its closing brace, blank lines not counted. */
    @Test
    void theClassTakesAtMostSixtyLines() throws IOException {
        List<String> lines = Files.readAllLines(SOURCE);
        int first = lines.indexOf("public final class DatagramTransport implements Transport {");

        assertThat(first).isPositive();
        assertThat(lines.subList(first, lines.size()).stream().filter(line -> !line.isBlank()))
                .hasSizeBetween(30, 60);
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (DatagramSocket occupied = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            NodeId n1 = NodeId.of("n1");
            InetSocketAddress own = new InetSocketAddress(occupied.getLocalAddress(), occupied.getLocalPort());
            Transport.Local local =
                    new Transport.Local(new ClusterName("test"), new Endpoint(n1, new Incarnation(1)), Set.of());
            DatagramTransport transport = new DatagramTransport(own, Map.of());

            assertThatThrownBy(() -> transport.start(local, envelope -> {}))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining(Integer.toString(own.getPort()))
                    .hasMessageContaining("choose a free port");
            assertThatThrownBy(() -> transport.start(local, envelope -> {})).isInstanceOf(IllegalStateException.class);
        }
    }

    private static Transport transport(NodeId node, Map<NodeId, InetSocketAddress> addresses) {
        try {
            return CustomTransportExample.transport(node, addresses);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<NodeId, InetSocketAddress> freePorts() {
        try {
            return DatagramPorts.free(List.of("n1", "n2", "n3"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
