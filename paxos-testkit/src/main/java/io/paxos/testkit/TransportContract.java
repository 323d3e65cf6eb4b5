// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Transport;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Transport} must do. Whoever writes one extends this class and says how transports of one network are
 * made; the tests start and close them. A transport may lose, duplicate and reorder envelopes: the tests send again what
 * has not arrived, for at most {@link #DEADLINE_SECONDS} seconds, and demand no order.
 */
public abstract class TransportContract {

    /** How long an envelope that is sent again and again may take to arrive, in seconds. */
    protected static final int DEADLINE_SECONDS = 30;

    private static final long RESEND_MILLIS = 50;
    private static final ClusterName CLUSTER = new ClusterName("contract");
    private static final StartId START = StartId.of(5, 0x1234567890L);
    private static final Fingerprint FINGERPRINT = new Fingerprint(-3);
    private static final NodeId N1 = NodeId.of("n1");
    private static final NodeId N2 = NodeId.of("n2");
    private static final NodeId N3 = NodeId.of("n3");
    private static final Set<NodeId> ALL = Set.of(N1, N2, N3);

    private final List<Transport> opened = new ArrayList<>();
    private final AtomicInteger incarnations = new AtomicInteger();
    private Network network = name -> {
        throw new IllegalStateException("no network yet");
    };

    /** Transports that can reach one another by the names of their nodes. */
    @FunctionalInterface
    public interface Network {

        /**
         * Makes a transport, without starting it. A second one for the same node takes the place of the first, which
         * has been closed: it is what the node comes back with, under another address if the network has addresses.
         *
         * @param node the node that it will serve
         * @return a new transport, which the test starts and closes
         */
        Transport transport(NodeId node);
    }

    /**
     * Makes an empty network, on which nothing of earlier ones is left. Called before each test.
     *
     * @return the network
     */
    protected abstract Network network();

    /**
     * The size of the value in the test of large values. A transport that cannot carry a mebibyte, as many datagram
     * transports cannot, has to say so in its documentation; its test returns here how much it can carry.
     *
     * @return size in bytes
     */
    protected int largeValueBytes() {
        return 1 << 20;
    }

    /**
     * How many bytes of envelopes a transport may keep for one peer that does not take them.
     *
     * @return size in bytes
     */
    protected long maxRetainedBytes() {
        return 64L << 20;
    }

    /** Gets the network of this test. */
    @BeforeEach
    void setUp() {
        network = network();
    }

    /** Closes every transport of this test. */
    @AfterEach
    void tearDown() {
        opened.forEach(Transport::close);
    }

    @Test
    void everyMessageArrivesUnchanged() throws InterruptedException {
        Node n1 = start(N1);
        Node n2 = start(N2);
        for (Message message : MessageSamples.all().values()) {
            Envelope envelope = n1.to(n2, message);
            sendUntilArrived(n1, n2, envelope);
        }
        assertThat(n2.received).allMatch(envelope -> envelope.from().equals(n1.self));
    }

    @Test
    void bothWaysAtOnce() throws Exception {
        Node n1 = start(N1);
        Node n2 = start(N2);
        inParallel(
                () -> {
                    sendUntilAllArrived(n1, n2, 0, 200);
                    return null;
                },
                () -> {
                    sendUntilAllArrived(n2, n1, 0, 200);
                    return null;
                });
    }

    @Test
    void fromManyThreadsNothingIsCorrupted() throws Exception {
        Node n1 = start(N1);
        Node n2 = start(N2);
        List<Callable<Void>> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            int first = sender * 1000;
            senders.add(() -> {
                sendUntilAllArrived(n1, n2, first, 500);
                return null;
            });
        }
        inParallel(senders);

        Set<Envelope> sent = new HashSet<>();
        for (int sender = 0; sender < 4; sender++) {
            for (int i = 0; i < 500; i++) {
                sent.add(n1.to(n2, numbered(sender * 1000 + i)));
            }
        }
        assertThat(n2.received).isEqualTo(sent);
    }

    @Test
    void aLargeValueArrives() throws InterruptedException {
        byte[] value = new byte[largeValueBytes()];
        new Random(1).nextBytes(value);
        Node n1 = start(N1);
        Node n2 = start(N2);
        sendUntilArrived(n1, n2, n1.to(n2, decide("large", Payload.wrap(value))));
    }

    @Test
    void onlyTheAddresseeReceives() throws InterruptedException {
        Node n1 = start(N1);
        Node n2 = start(N2);
        Node n3 = start(N3);
        sendUntilAllArrived(n1, n2, 0, 100);
        sendUntilArrived(n1, n3, n1.to(n3, numbered(1000)));
        assertThat(n3.received).containsOnly(n1.to(n3, numbered(1000)));
    }

    @Test
    void anotherClusterIsNotHeard() throws InterruptedException {
        ClusterName foreign = new ClusterName("foreign");
        Node n1 = start(N1);
        Node n2 = start(N2);
        Node stranger = start(N3, foreign);
        Envelope fromStranger = stranger.to(n1, numbered(1));
        Envelope inForeignName = new Envelope(foreign, n2.self, n1.self, START, FINGERPRINT, numbered(2));
        Envelope ofTheCluster = n2.to(n1, numbered(3));
        long deadline = deadline();
        for (int i = 0; i < 20 || !n1.received.contains(ofTheCluster); i++) {
            assertThat(System.nanoTime()).as("%s arrives", ofTheCluster).isLessThan(deadline);
            stranger.transport.send(fromStranger);
            n2.transport.send(inForeignName);
            n2.transport.send(ofTheCluster);
            n1.await(ofTheCluster, RESEND_MILLIS);
        }
        assertThat(n1.received).containsExactly(ofTheCluster);
    }

    @Test
    void sendingWhatCannotArriveDoesNothing() throws InterruptedException {
        Node n1 = start(N1);
        Node n2 = start(N2);
        Node nobody = new Node(NodeId.of("nobody"), CLUSTER, n1.transport);
        Node notStarted = new Node(N3, CLUSTER, network.transport(N3));
        opened.add(notStarted.transport);

        assertThatCode(() -> {
                    n1.transport.send(n1.to(nobody, numbered(1)));
                    n1.transport.send(n1.to(n1, numbered(2)));
                    notStarted.transport.send(notStarted.to(n1, numbered(3)));
                })
                .doesNotThrowAnyException();

        sendUntilArrived(n1, n2, n1.to(n2, numbered(4)));
        assertThat(n1.received).isEmpty();
    }

    @Test
    void sendingAfterCloseDoesNothing() throws InterruptedException {
        Node n1 = start(N1);
        Node n2 = start(N2);
        sendUntilArrived(n1, n2, n1.to(n2, numbered(1)));
        n1.transport.close();

        assertThatCode(() -> n1.transport.send(n1.to(n2, numbered(2)))).doesNotThrowAnyException();
        assertThatCode(() -> n2.transport.send(n2.to(n1, numbered(3)))).doesNotThrowAnyException();
    }

    @Test
    void sendingToAPeerThatIsNotThereNeitherBlocksNorKeepsEverything() throws InterruptedException {
        Node n1 = start(N1);
        Node absent = new Node(N2, CLUSTER, n1.transport);
        int size = 1 << 20;
        int count = (int) (maxRetainedBytes() / size) + 64;
        ReferenceQueue<Payload> collected = new ReferenceQueue<>();
        List<WeakReference<Payload>> values = new ArrayList<>();

        long before = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Payload value = Payload.wrap(new byte[size]);
            values.add(new WeakReference<>(value, collected));
            n1.transport.send(n1.to(absent, decide("absent", value)));
        }
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS));

        long deadline = deadline();
        for (int gone = 0; gone < count - maxRetainedBytes() / size; ) {
            assertThat(System.nanoTime())
                    .as("%d of %d values are given up", gone, count)
                    .isLessThan(deadline);
            System.gc();
            for (long wait = RESEND_MILLIS; collected.remove(wait) != null; wait = 1) {
                gone++;
            }
        }
        assertThat(values).hasSize(count);
    }

    @Test
    void aPeerThatComesBackIsReachedAgain() throws InterruptedException {
        Node n1 = start(N1);
        Node former = start(N2);
        sendUntilArrived(n1, former, n1.to(former, numbered(1)));
        sendUntilArrived(former, n1, former.to(n1, numbered(2)));
        former.transport.close();
        n1.transport.send(n1.to(former, numbered(3)));

        Node back = start(N2);
        assertThat(back.self).isNotEqualTo(former.self);
        sendUntilArrived(n1, back, n1.to(back, numbered(4)));
        sendUntilArrived(back, n1, back.to(n1, numbered(5)));
    }

    @Test
    void nothingIsDeliveredAfterClose() throws Exception {
        Node n1 = start(N1);
        AtomicBoolean closed = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        Node n2 = new Node(N2, CLUSTER, network.transport(N2)) {
            @Override
            public void deliver(Envelope envelope) {
                if (closed.get()) {
                    late.incrementAndGet();
                }
                super.deliver(envelope);
            }
        };
        start(n2);
        sendUntilArrived(n1, n2, n1.to(n2, numbered(0)));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch sending = new CountDownLatch(1000);
        inParallel(
                () -> {
                    for (int i = 1; !stop.get(); i++) {
                        n1.transport.send(n1.to(n2, numbered(i)));
                        sending.countDown();
                    }
                    return null;
                },
                () -> {
                    assertThat(sending.await(DEADLINE_SECONDS, TimeUnit.SECONDS))
                            .isTrue();
                    n2.transport.close();
                    closed.set(true);
                    stop.set(true);
                    return null;
                });
        n1.transport.close();
        assertThat(late).hasValue(0);
    }

    @Test
    void aReceiverThatThrowsHarmsNothing() throws InterruptedException {
        Node n1 = start(N1);
        Node n2 = new Node(N2, CLUSTER, network.transport(N2)) {
            @Override
            public void deliver(Envelope envelope) {
                super.deliver(envelope);
                throw new IllegalStateException("thrown by the receiver on purpose");
            }
        };
        start(n2);
        sendUntilAllArrived(n1, n2, 0, 10);
        sendUntilArrived(n2, n1, n2.to(n1, numbered(11)));
    }

    @Test
    void startsOnce() {
        Node n1 = start(N1);
        assertThatThrownBy(() -> n1.transport.start(n1.local(), n1)).isInstanceOf(IllegalStateException.class);
        n1.transport.close();
        assertThatThrownBy(() -> n1.transport.start(n1.local(), n1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closesAsOftenAsOneLikes() {
        Node n1 = start(N1);
        Transport neverStarted = network.transport(N2);
        assertThatCode(() -> {
                    n1.transport.close();
                    n1.transport.close();
                    neverStarted.close();
                    neverStarted.close();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void anExecutorOfItsOwnRunsOneTaskAtATimeOnOneThread() throws Exception {
        Transport transport = network.transport(N1);
        opened.add(transport);
        ScheduledExecutorService executor = transport.executor();
        if (executor == null) {
            return;
        }
        Node n1 = new Node(N1, CLUSTER, transport);
        transport.start(n1.local(), n1);
        assertThat(transport.executor()).isSameAs(executor);

        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4 * 100);
        Runnable task = () -> {
            threads.add(Thread.currentThread());
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            running.decrementAndGet();
            done.countDown();
        };
        List<Callable<Void>> submitters = new ArrayList<>();
        for (int submitter = 0; submitter < 4; submitter++) {
            submitters.add(() -> {
                for (int i = 0; i < 50; i++) {
                    executor.execute(task);
                    var unused = executor.schedule(task, i, TimeUnit.MILLISECONDS);
                }
                return null;
            });
        }
        inParallel(submitters);

        assertThat(done.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(threads).hasSize(1);
        assertThat(most).hasValue(1);
    }

    private Node start(NodeId id) {
        return start(id, CLUSTER);
    }

    private Node start(NodeId id, ClusterName cluster) {
        return start(new Node(id, cluster, network.transport(id)));
    }

    private Node start(Node node) {
        opened.add(node.transport);
        node.transport.start(node.local(), node);
        return node;
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    }

    private static void sendUntilArrived(Node from, Node to, Envelope envelope) throws InterruptedException {
        sendUntilAllArrived(from, to, List.of(envelope));
    }

    private static void sendUntilAllArrived(Node from, Node to, int first, int count) throws InterruptedException {
        List<Envelope> envelopes = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            envelopes.add(from.to(to, numbered(i)));
        }
        sendUntilAllArrived(from, to, envelopes);
    }

    private static void sendUntilAllArrived(Node from, Node to, List<Envelope> envelopes) throws InterruptedException {
        long deadline = deadline();
        List<Envelope> missing = envelopes;
        while (!missing.isEmpty()) {
            assertThat(System.nanoTime())
                    .as("%d envelopes from %s are still to arrive at %s", missing.size(), from.self, to.self)
                    .isLessThan(deadline);
            missing.forEach(from.transport::send);
            to.await(missing.get(missing.size() - 1), RESEND_MILLIS);
            missing = missing.stream().filter(e -> !to.received.contains(e)).toList();
        }
    }

    private static void inParallel(Callable<Void> one, Callable<Void> other) throws Exception {
        inParallel(List.of(one, other));
    }

    private static void inParallel(List<Callable<Void>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> task : threads.invokeAll(tasks, 2 * DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                task.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Message numbered(int number) {
        return decide("number-" + number, Payload.utf8("value " + number));
    }

    private static Message decide(String name, Payload value) {
        return new DecreeMessage.Step(new DecreeName(name), new SingleMessage.Decide(value));
    }

    /** A node that does nothing but to keep what it receives. */
    private class Node implements Transport.Receiver {

        final Set<Envelope> received = ConcurrentHashMap.newKeySet();
        final Transport transport;
        final Endpoint self;
        final ClusterName cluster;
        private final Object arrival = new Object();

        Node(NodeId id, ClusterName cluster, Transport transport) {
            this.self = new Endpoint(id, new Incarnation(incarnations.incrementAndGet()));
            this.cluster = cluster;
            this.transport = transport;
        }

        Transport.Local local() {
            Set<NodeId> others = new HashSet<>(ALL);
            others.remove(self.node());
            return new Transport.Local(cluster, self, others);
        }

        Envelope to(Node addressee, Message message) {
            return new Envelope(cluster, self, addressee.self, START, FINGERPRINT, message);
        }

        @Override
        public void deliver(Envelope envelope) {
            received.add(envelope);
            synchronized (arrival) {
                arrival.notifyAll();
            }
        }

        /** Waits until an envelope has arrived, at most for some milliseconds. */
        void await(Envelope expected, long millis) throws InterruptedException {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            synchronized (arrival) {
                while (!received.contains(expected)) {
                    long left = until - System.nanoTime();
                    if (left <= 0) {
                        return;
                    }
                    TimeUnit.NANOSECONDS.timedWait(arrival, left);
                }
            }
        }
    }
}
