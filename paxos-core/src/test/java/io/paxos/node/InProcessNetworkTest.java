// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.Transport;
import io.paxos.spi.TransportException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InProcessNetworkTest {

    private static final ClusterName CLUSTER = new ClusterName("c");

    private final InProcessNetwork network = new InProcessNetwork();
    private final List<Transport> opened = new java.util.concurrent.CopyOnWriteArrayList<>();

    /** Keeps what arrives. */
    private static final class Inbox implements Transport.Receiver {
        private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();

        @Override
        public void deliver(Envelope envelope) {
            GroupMessage message = (GroupMessage) envelope.message();
            arrived.add(envelope.from().node() + ":" + ((LogMessage.Decide) message.body()).decided());
        }

        @Override
        public void peerUp(NodeId peer) {
            arrived.add("up " + peer);
        }

        @Override
        public void peerDown(NodeId peer) {
            arrived.add("down " + peer);
        }

        String next() throws InterruptedException {
            return arrived.poll(10, SECONDS);
        }
    }

    private static Endpoint endpoint(String name) {
        return new Endpoint(NodeId.of(name), new Incarnation(name.hashCode()));
    }

    private static Envelope message(ClusterName cluster, String from, String to, long number) {
        return new Envelope(
                cluster,
                endpoint(from),
                endpoint(to),
                StartId.NONE,
                Fingerprint.NONE,
                new GroupMessage(GroupId.of("g"), new LogMessage.Decide(Ballot.ZERO, number)));
    }

    private Transport join(ClusterName cluster, String name, Transport.Receiver receiver) {
        Transport transport = network.transport();
        opened.add(transport);
        transport.start(new Transport.Local(cluster, endpoint(name), Set.of()), receiver);
        return transport;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Transport::close);
    }

    @Test
    void deliversInOrderAndLosesNothing() throws Exception {
        Inbox inbox = new Inbox();
        join(CLUSTER, "n2", inbox);
        Transport sender = join(CLUSTER, "n1", new Inbox());
        assertThat(inbox.next()).isEqualTo("up n1");
        for (int i = 0; i < 10_000; i++) {
            sender.send(message(CLUSTER, "n1", "n2", i));
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(inbox.next()).isEqualTo("n1:" + i);
        }
    }

    @Test
    void aReceiverThatIsSlowDelaysNoSender() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        join(CLUSTER, "n2", envelope -> {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Transport sender = join(CLUSTER, "n1", new Inbox());
        sender.send(message(CLUSTER, "n1", "n2", 1));
        assertThat(inside.await(10, SECONDS)).isTrue();
        sender.send(message(CLUSTER, "n1", "n2", 2));
        release.countDown();
    }

    @Test
    void aReceiverThatThrowsLosesThatMessageOnly() throws Exception {
        Inbox inbox = new Inbox();
        join(CLUSTER, "n2", envelope -> {
            if (((LogMessage.Decide) ((GroupMessage) envelope.message()).body()).decided() == 1) {
                throw new IllegalStateException("a defect of the receiver");
            }
            inbox.deliver(envelope);
        });
        Transport sender = join(CLUSTER, "n1", new Inbox());
        sender.send(message(CLUSTER, "n1", "n2", 1));
        sender.send(message(CLUSTER, "n1", "n2", 2));
        assertThat(inbox.next()).isEqualTo("n1:2");
    }

    @Test
    void clustersDoNotHearEachOther() throws Exception {
        Inbox mine = new Inbox();
        Inbox other = new Inbox();
        ClusterName second = new ClusterName("d");
        join(CLUSTER, "n2", mine);
        join(second, "n2", other);
        Transport sender = join(CLUSTER, "n1", new Inbox());
        sender.send(message(CLUSTER, "n1", "n2", 1));
        assertThat(List.of(mine.next(), mine.next())).containsExactly("up n1", "n1:1");
        join(second, "n3", new Inbox());
        assertThat(other.next()).isEqualTo("up n3");
    }

    @Test
    void anotherIncarnationMayComeUnderTheSameName() throws Exception {
        Inbox watcher = new Inbox();
        Transport sender = join(CLUSTER, "n1", watcher);
        Transport first = join(CLUSTER, "n2", new Inbox());
        assertThat(watcher.next()).isEqualTo("up n2");
        first.close();
        first.close();
        assertThat(watcher.next()).isEqualTo("down n2");
        sender.send(message(CLUSTER, "n1", "n2", 1));
        Inbox inbox = new Inbox();
        join(CLUSTER, "n2", inbox);
        assertThat(watcher.next()).isEqualTo("up n2");
        sender.send(message(CLUSTER, "n1", "n2", 2));
        assertThat(List.of(inbox.next(), inbox.next())).containsExactly("up n1", "n1:2");
    }

    @Test
    void twoNodesOfOneNameAreRefused() {
        join(CLUSTER, "n1", new Inbox());
        Transport second = network.transport();
        assertThatThrownBy(() -> second.start(new Transport.Local(CLUSTER, endpoint("n1"), Set.of()), new Inbox()))
                .isInstanceOf(TransportException.class)
                .hasMessageContainingAll("n1", "cluster c", "close it first");
        join(CLUSTER, "n2", new Inbox());
    }

    @Test
    void aTransportServesOneStart() {
        Transport used = join(CLUSTER, "n1", new Inbox());
        Transport.Local local = new Transport.Local(CLUSTER, endpoint("n1"), Set.of());
        assertThatThrownBy(() -> used.start(local, new Inbox())).isInstanceOf(IllegalStateException.class);
        used.close();
        assertThatThrownBy(() -> used.start(local, new Inbox())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sendingBeforeStartAndAfterCloseDoesNothing() throws Exception {
        Inbox inbox = new Inbox();
        join(CLUSTER, "n2", inbox);
        Transport early = network.transport();
        early.send(message(CLUSTER, "n1", "n2", 1));
        early.close();
        early.send(message(CLUSTER, "n1", "n2", 2));
        Transport sender = join(CLUSTER, "n1", new Inbox());
        sender.send(message(CLUSTER, "n1", "n9", 3));
        sender.send(message(CLUSTER, "n1", "n2", 4));
        assertThat(List.of(inbox.next(), inbox.next())).containsExactly("up n1", "n1:4");
    }
}
