// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.TestNode.bulk;
import static io.paxos.transport.netty.TestNode.endpoint;
import static io.paxos.transport.netty.TestNode.urgent;

import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What many threads add to a queue for one peer, while one thread takes and drops. */
class OutboundQueueInterleavingsTest {

    /** What the build tries is little; this multiplies it. */
    private static final int TIMES = Integer.getInteger("interleavings.times", 1);

    private static final List<Envelope> URGENT =
            IntStream.range(0, 10).mapToObj(i -> envelope(urgent(i))).toList();
    private static final List<Envelope> BULK =
            IntStream.range(0, 10).mapToObj(i -> envelope(bulk(i, 10))).toList();

    private static Envelope envelope(Message message) {
        return new Envelope(
                TestNode.CLUSTER, endpoint("n1", 1), endpoint("n2", 1), StartId.NONE, Fingerprint.NONE, message);
    }

    /**
     * However many threads add at once, a queue never holds more than it may, loses count of nothing, and what was added
     * leaves it once: taken, or dropped and counted as dropped. When
     * threads compete for the last place more may be refused than must, so it is not compared with one used in turn.
     */
    public static class Tight {

        private static final int PLACES = 2;

        private final OutboundQueue queue = new OutboundQueue(PLACES, 100_000);
        private final AtomicInteger offered = new AtomicInteger();
        private final AtomicInteger taken = new AtomicInteger();

        @Operation
        public void offerUrgent() {
            offer(URGENT.get(0));
        }

        @Operation
        public void offerBulk() {
            offer(BULK.get(0));
        }

        private void offer(Envelope envelope) {
            offered.incrementAndGet();
            boolean unused = queue.offer(envelope);
        }

        @Operation(nonParallelGroup = "the connection")
        public void poll() {
            for (int i = 0; i < Lane.COUNT; i++) {
                if (queue.poll(Lane.of(i)) != null) {
                    taken.incrementAndGet();
                }
            }
        }

        @Operation(nonParallelGroup = "the connection")
        public void clear() {
            queue.clear();
        }

        @Validate
        public void everyEnvelopeIsAccountedFor() {
            int waiting = queue.messages();
            if (waiting > PLACES || offered.get() != taken.get() + queue.dropped() + waiting) {
                throw new IllegalStateException("offered " + offered + ", taken " + taken + ", dropped "
                        + queue.dropped() + ", waiting " + waiting);
            }
            int found = 0;
            for (int i = 0; i < Lane.COUNT; i++) {
                while (queue.poll(Lane.of(i)) != null) {
                    found++;
                }
            }
            if (found != waiting || queue.messages() != 0 || queue.bytes() != 0) {
                throw new IllegalStateException("found " + found + " of " + waiting + ", left are " + queue.messages()
                        + " of " + queue.bytes() + " bytes");
            }
        }
    }

    /** Where there is room for all, each lane is a queue, held against {@link InTurn}. */
    @Param(name = "number", gen = IntGen.class, conf = "0:9")
    public static class Ample {

        private final OutboundQueue queue = new OutboundQueue(100, 100_000);

        @Operation
        public boolean offerUrgent(@Param(name = "number") int number) {
            return queue.offer(URGENT.get(number));
        }

        @Operation
        public boolean offerBulk(@Param(name = "number") int number) {
            return queue.offer(BULK.get(number));
        }

        @Operation(nonParallelGroup = "the connection")
        public @Nullable Integer pollUrgent() {
            Envelope envelope = queue.poll(Lane.URGENT);
            return envelope == null ? null : URGENT.indexOf(envelope);
        }

        @Operation(nonParallelGroup = "the connection")
        public @Nullable Integer pollBulk() {
            Envelope envelope = queue.poll(Lane.BULK);
            return envelope == null ? null : BULK.indexOf(envelope);
        }

        @Operation(nonParallelGroup = "the connection")
        public boolean isBulkEmpty() {
            return queue.isEmpty(Lane.BULK);
        }
    }

    /** Two queues. */
    public static class InTurn {

        private final Queue<Integer> urgent = new ArrayDeque<>();
        private final Queue<Integer> bulk = new ArrayDeque<>();

        /** Always added. */
        public boolean offerUrgent(int number) {
            return urgent.add(number);
        }

        /** Always added. */
        public boolean offerBulk(int number) {
            return bulk.add(number);
        }

        /** The oldest urgent one. */
        public @Nullable Integer pollUrgent() {
            return urgent.poll();
        }

        /** The oldest bulk. */
        public @Nullable Integer pollBulk() {
            return bulk.poll();
        }

        /** Whether no bulk waits. */
        public boolean isBulkEmpty() {
            return bulk.isEmpty();
        }
    }

    /** Threads are not switched inside the JDK's own classes, which are held to be right. */
    private static ModelCheckingOptions oneByOne() {
        return new ModelCheckingOptions()
                .iterations(4 * TIMES)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .addGuarantee(ManagedStrategyGuaranteeKt.forClasses(
                                ConcurrentLinkedDeque.class.getName(), LongAdder.class.getName())
                        .allMethods()
                        .treatAsAtomic());
    }

    private static StressOptions asTheyCome() {
        return new StressOptions()
                .iterations(3 * TIMES)
                .invocationsPerIteration(200)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0);
    }

    @Test
    void losesCountOfNothingInAnyInterleaving() {
        oneByOne().check(Tight.class);
    }

    @Test
    void losesCountOfNothingUnderStress() {
        asTheyCome().check(Tight.class);
    }

    @Test
    void eachLaneIsAQueueInEveryInterleaving() {
        oneByOne().sequentialSpecification(InTurn.class).check(Ample.class);
    }

    @Test
    void eachLaneIsAQueueUnderStress() {
        asTheyCome().sequentialSpecification(InTurn.class).check(Ample.class);
    }
}
