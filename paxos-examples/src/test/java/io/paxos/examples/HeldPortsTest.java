// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldPortsTest {

    private static final int MANY = 500;

    @Test
    void whoAsksForAHeldPortListensThereAgainAndAgain() throws IOException {
        try (HeldPorts ports = new HeldPorts(1)) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(0));
            for (int life = 0; life < 3; life++) {
                try (ServerSocketChannel server = ServerSocketChannel.open().bind(address);
                        Socket client = new Socket(address.getAddress(), address.getPort());
                        Socket accepted = server.accept().socket()) {
                    client.getOutputStream().write(life);

                    assertThat(accepted.getInputStream().read()).isEqualTo(life);
                }
            }
        }
    }

    @Test
    void whileNobodyListensNobodyIsReached() throws IOException {
        try (HeldPorts ports = new HeldPorts(1)) {
            int port = ports.get(0);

            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    /** So many asked for at random would hit some of so many that are held, if these could be given away. */
    @Test
    void whoAsksForAnyPortGetsNoneThatIsHeld() throws IOException {
        List<ServerSocket> others = new ArrayList<>();
        try (HeldPorts ports = new HeldPorts(MANY)) {
            List<Integer> held = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                held.add(ports.get(i));
            }
            for (int i = 0; i < MANY; i++) {
                others.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }

            assertThat(others)
                    .extracting(ServerSocket::getLocalPort)
                    .doesNotHaveDuplicates()
                    .doesNotContainAnyElementsOf(held);
        } finally {
            for (ServerSocket other : others) {
                other.close();
            }
        }
    }
}
