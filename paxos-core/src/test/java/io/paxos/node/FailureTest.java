// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.model.GroupId;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.spi.Transport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What breaks stops alone, loudly; everything beside it goes on. */
@Timeout(60)
class FailureTest {

    /** Hears the first halt, and keeps all. */
    private static final class Halts implements NodeListener {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final CompletableFuture<String> first = new CompletableFuture<>();

        @Override
        public void halted(GroupId group, String reason) {
            all.add(group + ": " + reason);
            first.complete(group + ": " + reason);
        }
    }

    private static String errorsDuring(Attempt attempt) throws Exception {
        PrintStream original = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            attempt.run();
        } finally {
            System.setErr(original);
        }
        return captured.toString(StandardCharsets.UTF_8);
    }

    private interface Attempt {
        void run() throws Exception;
    }

    @Test
    void rule12_anApplyThatThrowsStopsThatReplicaAndNothingElse() throws Exception {
        Halts halts = new Halts();
        String printed = errorsDuring(() -> {
            try (Cluster cluster = Cluster.of(3)) {
                StateMachine<Long, Long> faulty = (context, amount) -> {
                    if (amount == 13) {
                        throw new ArithmeticException("unlucky");
                    }
                    return amount;
                };
                List<ReplicatedLog<Long, Long, StateMachine<Long, Long>>> logs = new ArrayList<>();
                List<ReplicatedLog<Long, Long, Counter>> others = new ArrayList<>();
                for (String id : cluster.members()) {
                    boolean sick = id.equals("n2");
                    PaxosNode node = cluster.start(id, builder -> sick ? builder.listener(halts) : builder);
                    logs.add(log(node, "fragile", sick ? faulty : (context, amount) -> amount));
                    others.add(counter(node, "sound"));
                }
                assertThat(result(logs.get(1).submit(1L))).isEqualTo(1);
                assertThatThrownBy(() -> result(logs.get(1).submit(13L)))
                        .cause()
                        .isInstanceOf(UnknownOutcomeException.class);
                assertThat(result(halts.first)).contains("fragile: ", "slot", "unlucky", "restart");
                assertThat(result(logs.get(0).submit(14L))).isEqualTo(14);
                assertThat(result(others.get(1).submit(1L))).isEqualTo(1);
                assertThatThrownBy(() -> result(logs.get(1).submit(15L)))
                        .cause()
                        .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                                .isEqualTo(Outcome.Reason.STOPPED));
                assertThat(logs.get(1).readLocal(state -> "still here"))
                        .succeedsWithin(20, SECONDS)
                        .isEqualTo("still here");
                assertThat(logs.get(1).status().halted()).contains("slot");
                assertThat(cluster.node("n2").status().halted()).isNull();
            }
        });
        assertThat(halts.all).hasSize(1);
        assertThat(printed.lines().filter(line -> line.contains("ERROR")))
                .singleElement()
                .asString()
                .contains("n2", "fragile", "slot", "command", "unlucky", "correct the state machine");
        assertThat(printed).contains("java.lang.ArithmeticException: unlucky");
    }

    @Test
    void rule12_aCommandThatCannotBeDecodedCountsAsAnApplyThatThrows() throws Exception {
        Halts halts = new Halts();
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode node = cluster.start("n1", builder -> builder.listener(halts));
            Codec<Long> oneWay = Codec.of(number -> new byte[] {1}, bytes -> {
                throw new IllegalArgumentException("one way only");
            });
            ReplicatedLog<Long, Long, Counter> log = node.replicate("sum", new Counter(), oneWay, Codec.int64());
            assertThatThrownBy(() -> result(log.submit(1L))).cause().isInstanceOf(UnknownOutcomeException.class);
            assertThat(result(halts.first)).contains("sum: ", "one way only");
        }
    }

    @Test
    void aFailedWriteStopsTheNodeForGoodAndTheOthersGoOn() throws Exception {
        Halts halts = new Halts();
        BlockingStorage failing = new BlockingStorage();
        try (Cluster cluster = Cluster.of(3)) {
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            for (String id : cluster.members()) {
                boolean sick = id.equals("n2");
                PaxosNode node = cluster.start(
                        id, builder -> sick ? builder.listener(halts).storage(failing) : builder);
                logs.add(counter(node, "sum"));
            }
            assertThat(result(logs.get(1).submit(1L))).isEqualTo(1);
            failing.failFromNowOn();
            CompletableFuture<Long> pending = logs.get(1).submit(1L);
            assertThat(result(halts.first)).contains("null: ", "no space left on device", "restart");
            assertThat(pending.handle((value, problem) -> true)).succeedsWithin(20, SECONDS);
            assertThat(result(logs.get(0).submit(10L))).isBetween(11L, 12L);
            assertThat(result(logs.get(2).submit(10L))).isBetween(21L, 22L);
            assertThatThrownBy(() -> result(logs.get(1).submit(1L))).cause().isInstanceOf(RefusedException.class);
            assertThat(cluster.node("n2").status().halted()).contains("no space left");
            assertThat(result(logs.get(1).readLocal(Counter::sum))).isPositive();
            assertThat(failing.writesAfterFailure()).isOne();
        }
    }

    @Test
    void aTransportThatThrowsAgainstItsContractLosesAMessageAndNothingElse() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            Set<Class<?>> thrown = ConcurrentHashMap.newKeySet();
            for (String id : cluster.members()) {
                Transport wrapped = cluster.network().transport();
                Transport faulty = new Transport() {
                    @Override
                    public void start(Local local, Receiver receiver) {
                        wrapped.start(local, receiver);
                    }

                    @Override
                    public void send(Envelope envelope) {
                        Object kind =
                                envelope.message() instanceof GroupMessage group ? group.body() : envelope.message();
                        if (thrown.add(kind.getClass())) {
                            throw new IllegalStateException("cannot send a " + kind.getClass());
                        }
                        wrapped.send(envelope);
                    }

                    @Override
                    public void close() {
                        wrapped.close();
                    }
                };
                cluster.start(id, builder -> builder.transport(faulty));
            }
            List<ReplicatedLog<Long, Long, Counter>> logs = new ArrayList<>();
            for (PaxosNode node : cluster.nodes()) {
                logs.add(Cluster.counter(node, "c"));
            }
            for (ReplicatedLog<Long, Long, Counter> log : logs) {
                Cluster.result(log.submit(1L));
            }
            assertThat(Cluster.result(logs.get(0).read(Counter::sum))).isEqualTo(3L);
        }
    }

    /** Rule 20: also where nothing else catches it. */
    @Test
    void rule20_aDefectOutsideTheMachineEndsTheNodeLoudlyAndAnswersEveryCall() throws Exception {
        Halts halts = new Halts();
        String printed = errorsDuring(() -> {
            try (Cluster cluster = Cluster.of(3)) {
                Transport broken = new ForwardingTransport(cluster.network().transport()) {
                    @Override
                    public void send(Envelope envelope) {
                        throw new LinkageError("half of the library is missing");
                    }
                };
                PaxosNode node =
                        cluster.start("n1", builder -> builder.listener(halts).transport(broken));
                ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
                CompletableFuture<Long> early = log.submit(1L);
                assertThat(halts.first.get(30, SECONDS)).contains("a defect in the library", "half of the library");
                CompletableFuture<Long> late = log.submit(1L);
                assertThatThrownBy(() -> result(early)).cause().isInstanceOf(PaxosException.class);
                assertThatThrownBy(() -> result(late)).cause().isInstanceOf(PaxosException.class);
                assertThat(node.status().halted()).contains("half of the library");
            }
        });
        assertThat(printed).contains("half of the library is missing");
    }
}
