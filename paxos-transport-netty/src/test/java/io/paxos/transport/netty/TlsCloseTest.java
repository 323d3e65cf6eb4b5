// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.bulk;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A transport closes on its own thread, while megabytes wait for a peer that reads nothing. */
@ExtendWith(LeakCheck.class)
class TlsCloseTest {

    private static final TestCa CA = new TestCa("close");

    private final LogLines log = new LogLines();
    private final CountDownLatch unread = new CountDownLatch(1);
    private final TestNode n1 = new TestNode("n1", NettyTransport.mutualTls("127.0.0.1:0", CA.tls("n1")));
    private final TestNode n2 = new TestNode("n2", NettyTransport.mutualTls("127.0.0.1:0", CA.tls("n2")));

    @BeforeEach
    void connect() throws InterruptedException {
        n1.transport.peers(peer -> HostPort.parse(n2.address()).unresolved());
        n2.transport.peers(peer -> HostPort.parse(n1.address()).unresolved());
        n2.start("n1");
        n1.start("n2");
        n1.awaitNews("up n2");
    }

    @AfterEach
    void close() {
        unread.countDown();
        n1.close();
        n2.close();
        log.close();
    }

    @Test
    void nothingStaysOpenThatWaitsForItsLastBytesToLeave() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        n2.transport.executor().execute(() -> {
            stopped.countDown();
            try {
                unread.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stopped.await();
        for (int i = 0; i < 30; i++) {
            n1.transport.send(n1.to("n2", bulk(i, 1 << 20)));
        }
        var loop = n1.transport.executor();
        loop.execute(n1.transport::close);
        assertThat(loop.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(n1.transport.connections()).isZero();
    }
}
