// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.CLUSTER;
import static io.paxos.transport.netty.TestNode.bulk;
import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.urgent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Fingerprint;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.Transport;
import io.paxos.spi.TransportException;
import io.paxos.wire.WireCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Node n1 over real sockets; n2 is played by the test wherever it does what a transport of ours would not. */
@ExtendWith(LeakCheck.class)
class NettyTransportTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private final LogLines log = new LogLines();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private ServerSocket n2;

    @BeforeEach
    void listenAsN2() throws IOException {
        n2 = new ServerSocket();
        n2.setReceiveBufferSize(64 << 10);
        n2.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        n2.setSoTimeout(20_000);
        opened.add(n2);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
        log.close();
    }

    private NettyTransport transport() {
        return NettyTransport.plaintext("127.0.0.1", 0)
                .peers(Map.of("n2", "127.0.0.1:" + n2.getLocalPort()))
                .reconnect(Duration.ofMillis(5), SHORT);
    }

    private TestNode node(NettyTransport transport) {
        TestNode node = new TestNode("n1", transport);
        opened.add(node);
        return node;
    }

    /** Takes a connection of n1 and lets it in. */
    private RawPeer welcomeN1() throws IOException {
        RawPeer peer = accept();
        assertThat(peer.readFrame().kind()).isEqualTo(Frames.HANDSHAKE);
        peer.writeHandshake(Frames.WELCOME, new Handshake(CLUSTER, endpoint("n2", 2), NodeId.of("n1")));
        return peer;
    }

    private RawPeer accept() throws IOException {
        RawPeer peer = new RawPeer(n2.accept());
        opened.add(peer);
        return peer;
    }

    @Test
    void aPortInUseIsNamed() {
        String address = "127.0.0.1:" + n2.getLocalPort();
        TestNode late = node(NettyTransport.plaintext(address));

        assertThatThrownBy(late::start)
                .isInstanceOf(TransportException.class)
                .hasMessageContaining(address)
                .hasMessageContaining("another address");
        assertThatThrownBy(late::start).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> late.transport.port()).isInstanceOf(IllegalStateException.class);
        late.transport.send(late.to("n2", urgent(1)));
    }

    @Test
    void aHostToListenOnThatDoesNotExistIsNamed() {
        TestNode nowhere = node(NettyTransport.plaintext("no-such-host.invalid:7101"));
        assertThatThrownBy(nowhere::start)
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void anAddressThatCannotBeResolvedIsNamedAndLookedUpAgain() throws Exception {
        AtomicReference<String> host = new AtomicReference<>("no-such-host.invalid");
        CountDownLatch lookups = new CountDownLatch(3);
        TestNode n1 = node(transport().peers(node -> {
            lookups.countDown();
            return InetSocketAddress.createUnresolved(host.get(), n2.getLocalPort());
        }));
        n1.start("n2");

        log.await("n1 cannot reach n2", "\"no-such-host.invalid\"", "correct its address");
        assertThat(lookups.await(20, TimeUnit.SECONDS)).isTrue();
        host.set("127.0.0.1");
        RawPeer peer = welcomeN1();
        n1.awaitNews("up n2");
        n1.transport.send(n1.to("n2", urgent(1)));
        assertThat(peer.readFrameOtherThanPing().kind()).isEqualTo(Frames.kindOf(Lane.URGENT, true));
        assertThat(log.count("no-such-host.invalid")).as("said once").isEqualTo(1);
    }

    @Test
    void aResolverThatThrowsOrKnowsNothingHarmsNothing() throws Exception {
        AtomicReference<AddressResolver> behaviour = new AtomicReference<>(node -> {
            throw new IllegalStateException("no directory");
        });
        TestNode n1 = node(transport().peers(node -> behaviour.get().resolve(node)));
        n1.start("n2");

        log.await("no directory");
        behaviour.set(node -> null);
        log.await("n1 cannot reach n2", "add it to peers(...)");
        behaviour.set(node -> new InetSocketAddress("127.0.0.1", n2.getLocalPort()));
        welcomeN1();
        n1.awaitNews("up n2");
    }

    @Test
    void anotherNodeAtTheAddressGetsNothing() throws Exception {
        TestNode n1 = node(transport());
        n1.start("n2");
        RawPeer wrong = accept();
        wrong.readFrame();
        n1.transport.send(n1.to("n2", urgent(1)));
        wrong.writeHandshake(Frames.WELCOME, new Handshake(CLUSTER, endpoint("n3", 2), NodeId.of("n1")));
        assertThat(wrong.readRefusal()).contains("node n3").contains("node n2").contains("correct the address of n2");
        log.await("n1 cannot reach n2", "node n3 of cluster orders answers");
    }

    @Test
    void anotherClusterAtTheAddressGetsNothing() throws Exception {
        TestNode n1 = node(transport());
        n1.start("n2");
        RawPeer wrong = accept();
        wrong.readFrame();
        wrong.writeHandshake(
                Frames.WELCOME, new Handshake(new ClusterName("billing"), endpoint("n2", 2), NodeId.of("n1")));
        assertThat(wrong.readRefusal()).contains("cluster billing").contains("cluster orders");
    }

    @Test
    void aRefusalIsLoggedOnceWithItsReasonAndTriedAgain() throws Exception {
        TestNode n1 = node(transport());
        n1.start("n2");
        for (int i = 0; i < 3; i++) {
            RawPeer peer = accept();
            peer.readFrame();
            peer.writeFrame(Frames.REFUSED, "too old\nforged line".getBytes(StandardCharsets.UTF_8));
        }
        welcomeN1();
        n1.awaitNews("up n2");
        log.await("n1 cannot reach n2", "it refused: too old?forged line");
        assertThat(log.count("too old")).isEqualTo(1);
    }

    @Test
    void aPeerThatNeverAnswersTheHandshakeIsGivenUp() throws Exception {
        TestNode n1 = node(transport().handshakeTimeout(Duration.ofMillis(100)));
        n1.start("n2");
        RawPeer silent = accept();
        silent.readFrame();
        assertThat(silent.readRefusal()).contains("no handshake within PT0.1S");
        welcomeN1();
        n1.awaitNews("up n2");
    }

    @Test
    void someoneWhoNeverCompletesTheHandshakeIsShownOut() throws Exception {
        TestNode n1 = node(transport().handshakeTimeout(Duration.ofMillis(100)));
        n1.start("n2");
        try (RawPeer silent = RawPeer.connect(n1.transport);
                RawPeer half = RawPeer.connect(n1.transport)) {
            half.write(new byte[] {0, 0, 0, 30, Frames.HANDSHAKE, 'P', 'A'});
            assertThat(silent.readRefusal()).contains("no handshake within");
            assertThat(half.readRefusal()).contains("no handshake within");
        }
        log.await("n1 gives up a connection from", "no handshake within");
    }

    @Test
    void aConnectionThatTheOtherSideHasForgottenIsNoticedByTheSender() throws Exception {
        TestNode n1 = node(transport().keepAlive(SHORT));
        n1.start("n2");
        RawPeer peer = welcomeN1();
        n1.awaitNews("up n2");
        assertThat(peer.readFrame().kind()).isEqualTo(Frames.PING);
        n1.awaitNews("down n2");
        log.await("n1 cannot reach n2", "half-open");
        welcomeN1();
        n1.awaitNews("up n2");
    }

    @Test
    void aConnectionThatTheOtherSideHasForgottenIsNoticedByTheReceiver() throws Exception {
        TestNode n1 = node(transport().keepAlive(SHORT));
        n1.start("n2");
        try (RawPeer peer = RawPeer.connect(n1.transport)) {
            peer.enter(n1.handshakeOf(endpoint("n2", 2)));
            assertThat(peer.readFrame().kind()).isEqualTo(Frames.PING);
            log.await("n1 gives up the connection of node n2", "half-open");
        }
    }

    @Test
    void aPeerThatAnswersIsKept() throws Exception {
        TestNode n1 = node(transport().keepAlive(SHORT));
        n1.start("n2");
        RawPeer peer = welcomeN1();
        n1.awaitNews("up n2");
        for (int i = 0; i < 10; i++) {
            assertThat(peer.readFrame().kind()).isEqualTo(Frames.PING);
            peer.writeFrame(Frames.PONG, new byte[0]);
        }
        assertThat(n1.news).isEmpty();
    }

    @Test
    void aPeerThatWasHeardOfIsCalledAtOnce() throws Exception {
        n2.close();
        AtomicReference<String> address = new AtomicReference<>("127.0.0.1:" + n2.getLocalPort());
        TestNode n1 = node(NettyTransport.plaintext("127.0.0.1", 0)
                .peers(node -> HostPort.parse(address.get()).unresolved())
                .reconnect(Duration.ofHours(1), Duration.ofHours(1)));
        n1.start("n2");
        log.await("n1 cannot reach n2", "no connection to");

        TestNode back = new TestNode("n2", NettyTransport.plaintext("127.0.0.1", 0));
        opened.add(back);
        back.transport.peers(Map.of("n1", n1.address()));
        address.set("127.0.0.1:1");
        back.start("n1");
        address.set(back.address());
        back.awaitNews("up n1");
        n1.awaitNews("up n2");
    }

    @Test
    void rule18AHeartbeatOvertakesThirtyMegabytesThatThePeerDoesNotRead() throws Exception {
        TestNode n1 = node(transport().outboundLimit(10_000, 40L << 20));
        n1.start("n2");
        RawPeer peer = welcomeN1();
        n1.awaitNews("up n2");
        int count = 30;
        for (int i = 0; i < count; i++) {
            n1.transport.send(n1.to("n2", bulk(i, 1 << 20)));
        }
        // Until the connection takes no more: what is behind this task has been offered to it.
        CompletableFuture.runAsync(() -> {}, n1.transport.executor()).get(20, TimeUnit.SECONDS);
        assertThat(n1.transport.stats().peers().get(NodeId.of("n2")).queuedMessages())
                .isGreaterThan(count / 2);

        Envelope heartbeat = n1.to("n2", urgent(1));
        n1.transport.send(heartbeat);
        long before = 0;
        RawPeer.Frame frame = peer.readFrameOtherThanPing();
        while (frame.kind() != Frames.kindOf(Lane.URGENT, true)) {
            before += frame.body().length;
            frame = peer.readFrameOtherThanPing();
        }
        assertThat(WireCodec.decode(ByteBuffer.wrap(frame.body()))).isEqualTo(heartbeat);
        assertThat(before).as("bytes in front of the heartbeat").isLessThan(8 << 20);
    }

    @Test
    void whatAPeerDoesNotReadIsBoundedAndCounted() throws Exception {
        TestNode n1 = node(transport().outboundLimit(100, 1L << 30));
        n1.start("n2");
        welcomeN1();
        n1.awaitNews("up n2");
        long begin = System.nanoTime();
        for (int i = 0; i < 20_000; i++) {
            n1.transport.send(n1.to("n2", bulk(i, 10_000)));
        }
        assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(20));
        TransportStats.Peer stats = n1.transport.stats().peers().get(NodeId.of("n2"));
        assertThat(stats.connected()).isTrue();
        assertThat(stats.queuedMessages()).isLessThanOrEqualTo(100);
        assertThat(stats.dropped()).isGreaterThan(10_000);
    }

    @Test
    void whatIsSaidBetweenTwoAttemptsIsDroppedAndCounted() throws Exception {
        TestNode n1 = node(NettyTransport.plaintext("127.0.0.1", 0)
                .peers(node -> null)
                .reconnect(Duration.ofHours(1), Duration.ofHours(1)));
        n1.start("n2");
        log.await("n1 cannot reach n2");
        // The line is written on the loop, by the task that also ends the attempt.
        CompletableFuture.runAsync(() -> {}, n1.transport.executor()).get(20, TimeUnit.SECONDS);
        n1.transport.send(n1.to("n2", urgent(1)));
        TransportStats.Peer stats = n1.transport.stats().peers().get(NodeId.of("n2"));
        assertThat(stats.queuedMessages()).isZero();
        assertThat(stats.dropped()).isEqualTo(1);
    }

    @Test
    void aReceiverThatThrowsDoesNotCostTheConnection() throws Exception {
        NettyTransport transport = transport();
        TestNode n1 = node(transport);
        transport.start(new Transport.Local(CLUSTER, n1.self, Set.of(NodeId.of("n2"))), envelope -> {
            n1.deliver(envelope);
            throw new IllegalStateException("thrown by the receiver on purpose");
        });
        try (RawPeer peer = RawPeer.connect(transport)) {
            peer.enter(n1.handshakeOf(endpoint("n2", 2)));
            for (int i = 0; i < 3; i++) {
                peer.writeEnvelope(n1.from(endpoint("n2", 2), urgent(i)));
                n1.awaitReceived(n1.from(endpoint("n2", 2), urgent(i)));
            }
        }
        log.await("n1: the receiver threw from deliver");
    }

    @Test
    void anEnvelopeThatIsTooLargeIsNamed() throws Exception {
        TestNode n1 = node(transport().maxFrameBytes(50_000));
        n1.start("n2");
        RawPeer peer = welcomeN1();
        n1.awaitNews("up n2");
        n1.transport.send(n1.to("n2", bulk(1, 60_000)));
        n1.transport.send(n1.to("n2", bulk(2, 10)));
        assertThat(WireCodec.decode(
                        ByteBuffer.wrap(peer.readFrameOtherThanPing().body())))
                .isEqualTo(n1.to("n2", bulk(2, 10)));
        log.await("for n2", "raise maxFrameBytes, which is 50000");
    }

    @Test
    void whatIsNotOursToSendIsCountedAndDropped() throws Exception {
        TestNode n1 = node(transport());
        n1.start("n2");
        welcomeN1();
        n1.transport.send(n1.to("n1", urgent(1)));
        n1.transport.send(new Envelope(
                CLUSTER, endpoint("n1", 99), endpoint("n2", 2), StartId.NONE, Fingerprint.NONE, urgent(1)));
        n1.transport.send(new Envelope(
                new ClusterName("billing"), n1.self, endpoint("n2", 2), StartId.NONE, Fingerprint.NONE, urgent(1)));
        assertThat(n1.transport.stats().unroutable()).isEqualTo(3);
    }

    @Test
    void closesFromItsOwnThreadWhileItReceives() throws Exception {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        NettyTransport transport = transport();
        TestNode n1 = node(transport);
        transport.start(new Transport.Local(CLUSTER, n1.self, Set.of(NodeId.of("n2"))), envelope -> {
            transport.close();
            closed.complete(null);
        });
        try (RawPeer peer = RawPeer.connect(transport)) {
            peer.enter(n1.handshakeOf(endpoint("n2", 2)));
            peer.writeEnvelope(n1.from(endpoint("n2", 2), urgent(1)));
            closed.get(20, TimeUnit.SECONDS);
        }
        assertThat(transport.executor().awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closesWhileAPeerDoesNotRead() throws Exception {
        TestNode n1 = node(transport());
        n1.start("n2");
        welcomeN1();
        n1.awaitNews("up n2");
        for (int i = 0; i < 20; i++) {
            n1.transport.send(n1.to("n2", bulk(i, 1 << 20)));
        }
        n1.close();
        assertThat(n1.transport.executor().isTerminated()).isTrue();
        assertThat(n1.news).as("a peer that goes with us is no news").isEmpty();
        assertThat(log.count("n1 cannot reach")).isZero();
    }

    @Test
    void thePortIsFreeAfterClose() throws Exception {
        TestNode n1 = node(transport());
        n1.start("n2");
        int port = n1.transport.port();
        n1.close();
        try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(again.isBound()).isTrue();
        }
    }

    @Test
    void configurationEndsWithTheStart() {
        TestNode n1 = node(transport());
        n1.start("n2");
        assertThatThrownBy(() -> n1.transport.maxFrameBytes(2048)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> n1.transport.peers(Map.of())).isInstanceOf(IllegalStateException.class);
    }
}
