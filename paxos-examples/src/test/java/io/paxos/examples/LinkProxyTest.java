// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinkProxyTest {

    private static final byte[] SENT = {1, 2, 3};

    /** With pauses of a day, so that nothing gets through unless somebody ends them. */
    private static LinkProxy slowed(ServerSocket target) throws IOException {
        LinkProxy proxy = new LinkProxy(target.getLocalPort(), TimeUnit.DAYS.toNanos(1));
        proxy.slow();
        return proxy;
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static Socket connected(LinkProxy proxy) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    }

    private static void await(LinkProxy proxy, BooleanSupplier condition) throws InterruptedException {
        synchronized (proxy) {
            while (!condition.getAsBoolean()) {
                proxy.wait();
            }
        }
    }

    @Test
    void aHealedLinkGoesOnAtOnce() throws Exception {
        try (ServerSocket server = server();
                LinkProxy proxy = slowed(server);
                Socket from = connected(proxy);
                Socket to = server.accept()) {
            from.getOutputStream().write(SENT);
            await(proxy, () -> proxy.pausing() > 0);
            proxy.heal(false);
            assertThat(to.getInputStream().readNBytes(SENT.length)).isEqualTo(SENT);
        }
    }

    @Test
    void aSlowLinkThatIsCutHoldsBackWhatWaited() throws Exception {
        try (ServerSocket server = server();
                LinkProxy proxy = slowed(server);
                Socket from = connected(proxy);
                Socket to = server.accept()) {
            from.getOutputStream().write(SENT);
            await(proxy, () -> proxy.pausing() > 0);
            proxy.cut();
            await(proxy, () -> proxy.heldBack() > 0);
            assertThat(proxy.passed()).isZero();
            proxy.heal(false);
            assertThat(to.getInputStream().readNBytes(SENT.length)).isEqualTo(SENT);
        }
    }
}
