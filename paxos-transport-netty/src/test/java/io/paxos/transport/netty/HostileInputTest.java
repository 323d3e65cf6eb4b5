// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.CLUSTER;
import static io.paxos.transport.netty.TestNode.bulk;
import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.urgent;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.wire.WireCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Someone connects to n1 and misbehaves. Each time the log names what was wrong and what to do, the other end is told,
 * nothing is delivered, and n2, which is connected both ways all the while, does not notice.
 */
@ExtendWith(LeakCheck.class)
class HostileInputTest {

    private static final Endpoint N3 = endpoint("n3", 7);
    private static final int MAX_FRAME = 100_000;

    private final LogLines log = new LogLines();
    private TestNode n1;
    private TestNode n2;

    @BeforeEach
    void connectN1AndN2() throws InterruptedException {
        n1 = new TestNode(
                "n1",
                NettyTransport.plaintext("127.0.0.1:0")
                        .peers(node -> node.name().equals("n2")
                                ? HostPort.parse(n2.address()).unresolved()
                                : null)
                        .maxFrameBytes(MAX_FRAME)
                        .reconnect(Duration.ofMillis(5), Duration.ofMillis(20)));
        n2 = new TestNode("n2", NettyTransport.plaintext("127.0.0.1", 0));
        n2.transport.peers(node -> HostPort.parse(n1.address()).unresolved());
        n2.start("n1");
        n1.start("n2", "n3");
        n1.awaitNews("up n2");
        n2.awaitNews("up n1");
    }

    @AfterEach
    void n2NoticedNothing() throws InterruptedException {
        try {
            Envelope there = n2.to("n1", urgent(1));
            n2.transport.send(there);
            n1.awaitReceived(there);
            Envelope back = n1.to("n2", urgent(2));
            n1.transport.send(back);
            n2.awaitReceived(back);
            assertThat(n1.news).isEmpty();
            assertThat(n2.news).isEmpty();
        } finally {
            n1.close();
            n2.close();
            log.close();
        }
    }

    private RawPeer connect() throws IOException {
        return RawPeer.connect(n1.transport);
    }

    private RawPeer enteredAsN3() throws IOException {
        RawPeer peer = connect();
        peer.enter(n1.handshakeOf(N3));
        return peer;
    }

    @Test
    void anHttpRequest() throws Exception {
        try (RawPeer peer = connect()) {
            peer.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(peer.readRefusal()).contains("frame of 1195725856 bytes").contains("1024");
        }
        log.await("n1 gives up", "127.0.0.1", "frame of 1195725856 bytes");
        assertThat(n1.transport.stats().refusedConnections()).isEqualTo(1);
    }

    @Test
    void garbage() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 20; i++) {
            byte[] garbage = new byte[1 + random.nextInt(512)];
            random.nextBytes(garbage);
            // A short length in front, so that some of it is taken for a frame.
            byte[] frame = new byte[garbage.length + 4];
            System.arraycopy(garbage, 0, frame, 4, garbage.length);
            frame[2] = (byte) (garbage.length >> 8);
            frame[3] = (byte) garbage.length;
            try (RawPeer peer = connect()) {
                peer.write(frame);
                assertThat(peer.readRefusal()).isNotEmpty();
            }
        }
        assertThat(n1.transport.stats().refusedConnections()).isEqualTo(20);
    }

    @Test
    void aFrameOfTwoGigabytes() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            peer.write(new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});
            assertThat(peer.readRefusal()).contains("frame of 2147483647 bytes");
        }
        log.await("connection of node n3", "frame of 2147483647 bytes");
    }

    @Test
    void aFrameOfNegativeLengthAndOneOfNone() throws Exception {
        for (byte[] length : new byte[][] {{-1, -1, -1, -1}, {0, 0, 0, 0}}) {
            try (RawPeer peer = enteredAsN3()) {
                peer.write(length);
                assertThat(peer.readRefusal()).contains("at most " + Frames.MAX_LENGTH);
            }
        }
    }

    @Test
    void anEnvelopeInMorePartsThanAnEnvelopeMayHave() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            byte[] part = new byte[Frames.MAX_PART];
            for (int i = 0; i * part.length <= MAX_FRAME; i++) {
                peer.writeFrame(Frames.kindOf(Lane.BULK, false), part);
            }
            assertThat(peer.readRefusal()).contains("more than " + MAX_FRAME).contains("maxFrameBytes");
        }
        log.await("connection of node n3", "raise maxFrameBytes");
    }

    @Test
    void aFrameThatNeverEnds() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            byte[] envelope = WireCodec.encode(n1.from(N3, urgent(3)));
            ByteBuf header = Unpooled.buffer(5);
            Frames.writeHeader(header, Frames.kindOf(Lane.URGENT, true), envelope.length);
            peer.write(Arrays.copyOf(header.array(), 5));
            peer.write(Arrays.copyOf(envelope, envelope.length - 1));
        }
    }

    @Test
    void anEnvelopeOfNonsense() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            peer.writeFrame(Frames.kindOf(Lane.URGENT, true), new byte[] {WireCodec.VERSION, -1, -1, -1});
            assertThat(peer.readRefusal()).contains("malformed envelope");
        }
        log.await("connection of node n3", "malformed envelope");
    }

    @Test
    void anEnvelopeCutShort() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            byte[] envelope = WireCodec.encode(n1.from(N3, bulk(3, 100)));
            peer.writeFrame(Frames.kindOf(Lane.BULK, true), Arrays.copyOf(envelope, envelope.length - 1));
            assertThat(peer.readRefusal()).contains("malformed envelope");
        }
    }

    @Test
    void anEnvelopeOfAnotherVersion() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            byte[] envelope = WireCodec.encode(n1.from(N3, urgent(3)));
            envelope[0] = 9;
            peer.writeFrame(Frames.kindOf(Lane.URGENT, true), envelope);
            assertThat(peer.readRefusal()).contains("version 9").contains("version 1");
        }
    }

    @Test
    void aFrameOfUnknownKind() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            peer.writeFrame((byte) 99, new byte[3]);
            assertThat(peer.readRefusal()).contains("unknown kind 99");
        }
    }

    @Test
    void anEnvelopeInTheNameOfAnotherNode() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            peer.writeEnvelope(n1.from(n2.self, urgent(3)));
            assertThat(peer.readRefusal()).contains("in the name of n2/1").contains("n3/7");
        }
        log.await("connection of node n3", "in the name of n2/1");
    }

    @Test
    void anEnvelopeInTheNameOfAnotherIncarnation() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            peer.writeEnvelope(n1.from(endpoint("n3", 8), urgent(3)));
            assertThat(peer.readRefusal()).contains("in the name of n3/8").contains("n3/7");
        }
    }

    @Test
    void anEnvelopeOfAnotherCluster() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            peer.writeEnvelope(
                    new Envelope(new ClusterName("billing"), N3, n1.self, StartId.NONE, Fingerprint.NONE, urgent(3)));
            assertThat(peer.readRefusal()).contains("cluster billing").contains("cluster orders");
        }
    }

    @Test
    void anEnvelopeForAnotherNodeIsDroppedAndTheNextOneIsNot() throws Exception {
        try (RawPeer peer = enteredAsN3()) {
            peer.writeEnvelope(new Envelope(CLUSTER, N3, n2.self, StartId.NONE, Fingerprint.NONE, urgent(3)));
            peer.writeEnvelope(n1.from(N3, urgent(4)));
            n1.awaitReceived(n1.from(N3, urgent(4)));
        }
    }

    @Test
    void aHandshakeOfAnotherCluster() throws Exception {
        refuses(new Handshake(new ClusterName("billing"), N3, n1.self.node()), "cluster billing", "cluster orders");
    }

    @Test
    void aHandshakeForAnotherNode() throws Exception {
        refuses(new Handshake(CLUSTER, N3, NodeId.of("n9")), "looks for node n9", "this is node n1", "correct");
    }

    @Test
    void aHandshakeOfANodeThatHasOurOwnId() throws Exception {
        refuses(new Handshake(CLUSTER, endpoint("n1", 9), n1.self.node()), "calls itself n1 too", "id of its own");
    }

    @Test
    void aHandshakeOfANodeThatNobodyKnows() throws Exception {
        refuses(n1.handshakeOf(endpoint("n9", 1)), "n9 is not known to n1", "add it to the peers");
    }

    private void refuses(Handshake handshake, String... parts) throws Exception {
        try (RawPeer peer = connect()) {
            peer.writeHandshake(Frames.HANDSHAKE, handshake);
            assertThat(peer.readRefusal()).contains(parts);
        }
        log.await(parts);
    }

    @Test
    void aHandshakeOfAnotherVersion() throws Exception {
        byte[] body = handshakeBody();
        body[6] = 42;
        refusesBody(body, "wire version 42", "wire version 1");
        body[5] = 3;
        refusesBody(body, "frame version 3", "frame version 1");
    }

    @Test
    void aHandshakeThatEndsAtAnyByte() throws Exception {
        byte[] body = handshakeBody();
        for (int length = 0; length < body.length; length++) {
            refusesBody(Arrays.copyOf(body, length), length < 5 ? "does not speak" : "ends too early");
        }
    }

    @Test
    void aHandshakeWithANameThatCannotBeDoesNotReachTheLogRaw() throws Exception {
        byte[] body = handshakeBody();
        body[8] = '\n';
        refusesBody(body, "name that cannot be", "cluster name");
        log.await("name that cannot be", "?rders");
    }

    private byte[] handshakeBody() {
        ByteBuf buffer = Unpooled.buffer();
        n1.handshakeOf(N3).write(buffer);
        return Arrays.copyOf(buffer.array(), buffer.readableBytes());
    }

    private void refusesBody(byte[] body, String... parts) throws IOException {
        try (RawPeer peer = connect()) {
            peer.writeFrame(Frames.HANDSHAKE, body);
            assertThat(peer.readRefusal()).contains(parts);
        }
    }

    @Test
    void anEnvelopeWhereTheHandshakeShouldBe() throws Exception {
        try (RawPeer peer = connect()) {
            peer.writeEnvelope(n1.from(N3, urgent(3)));
            assertThat(peer.readRefusal()).contains("where the handshake should be");
        }
        log.await("n1 gives up", "where the handshake should be");
    }

    @Test
    void whatFollowsARefusalIsNotRead() throws Exception {
        try (RawPeer peer = connect()) {
            peer.writeHandshake(Frames.HANDSHAKE, n1.handshakeOf(endpoint("n9", 1)));
            peer.writeEnvelope(n1.from(endpoint("n9", 1), urgent(3)));
            assertThat(peer.readRefusal()).isNotEmpty();
        }
    }

    @Test
    void moreStrangersAtTheDoorThanThereIsRoomFor() throws Exception {
        List<RawPeer> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                strangers.add(connect());
            }
            strangers.get(0).awaitClosed();
            try (RawPeer n3 = enteredAsN3()) {
                n3.writeEnvelope(n1.from(N3, urgent(3)));
                n1.awaitReceived(n1.from(N3, urgent(3)));
            }
        } finally {
            strangers.forEach(RawPeer::close);
        }
    }

    @Test
    void manyDifferentComplaintsDoNotFloodTheLog() throws Exception {
        for (int i = 0; i < 150; i++) {
            try (RawPeer peer = connect()) {
                peer.writeHandshake(Frames.HANDSHAKE, n1.handshakeOf(endpoint("stranger-" + i, 1)));
                assertThat(peer.readRefusal()).isNotEmpty();
            }
        }
        assertThat(log.count("n1 gives up")).isBetween(50L, 100L);
    }
}
