// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.spi.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections come and go faster than what they ask for is done: what waits for them goes with them. */
class TlsThreadsTest {

    private static final int CONNECTIONS = 1000;

    private final TlsThreads threads = new TlsThreads();
    private final CountDownLatch released = new CountDownLatch(1);
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        released.countDown();
        threads.close();
    }

    private void occupyAll() throws InterruptedException {
        CountDownLatch occupied = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            threads.execute(() -> {
                occupied.countDown();
                await(released);
            });
        }
        assertThat(occupied.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aTaskOfAConnectionIsDone() throws Exception {
        CountDownLatch ran = new CountDownLatch(2);
        var connection = threads.of(new EmbeddedChannel());
        connection.execute(ran::countDown);
        connection.execute(ran::countDown);
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theTaskOfAConnectionThatClosesDoesNotWaitAnyMore() throws Exception {
        occupyAll();
        for (int i = 0; i < CONNECTIONS; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            threads.of(channel).execute(() -> done.add("in vain"));
            assertThat(threads.waiting()).isEqualTo(1);
            boolean unused = channel.finishAndReleaseAll();
        }
        assertThat(threads.waiting()).isZero();
        assertThat(done).isEmpty();
    }

    /** The threads of {@link TlsProtection} are occupied by a source that hangs. */
    @Test
    void aConnectionThatClosesDoesNotWaitForCertificatesAnyMore() throws Exception {
        TestCa ca = new TestCa("threads");
        CountDownLatch hangs = new CountDownLatch(1);
        Certificates slow = new Certificates() {
            private boolean started;

            @Override
            public Object version() {
                if (started) {
                    hangs.countDown();
                    TlsThreadsTest.await(released);
                }
                started = true;
                return "the only one";
            }

            @Override
            public TlsMaterial load() {
                return ca.material(ca.issue("n1"));
            }
        };
        TlsProtection protection = new TlsProtection(MutualTls.with(slow));
        try (TestNode n1 = new TestNode("n1", NettyTransport.plaintext("127.0.0.1:0"))) {
            protection.start(
                    new LocalNode(new Transport.Local(CLUSTER, n1.self, Set.of()), n1, Settings.DEFAULT),
                    (EventLoop) n1.transport.executor());
            EmbeddedChannel first = new EmbeddedChannel();
            protection.protect(first, false);
            assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < CONNECTIONS; i++) {
                EmbeddedChannel channel = new EmbeddedChannel();
                protection.protect(channel, false);
                assertThat(protection.waiting()).isEqualTo(1);
                boolean unused = channel.finishAndReleaseAll();
            }
            assertThat(protection.waiting()).isZero();
            boolean unused = first.finishAndReleaseAll();
        } finally {
            protection.close();
        }
    }
}
