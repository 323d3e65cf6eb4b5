// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.model.GroupId;
import io.paxos.model.SlotToken;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What meters hear of a running node, and that a bad one harms nothing. */
@Timeout(60)
class NodeMeterTest {

    private static final class Heard implements NodeMeter {
        private final List<String> all = new CopyOnWriteArrayList<>();

        @Override
        public void commandAnswered(GroupId group, CommandOutcome outcome, long nanos) {
            assertThat(nanos).isNotNegative();
            all.add(group + " " + outcome);
        }

        @Override
        public void callAnswered(CallKind kind, CallOutcome outcome, long nanos) {
            assertThat(nanos).isNotNegative();
            all.add(kind + " " + outcome);
        }

        @Override
        public void readEnded(GroupId group, ReadGuarantee guarantee, boolean answered, long nanos) {
            assertThat(nanos).isNotNegative();
            all.add(group + " " + guarantee + (answered ? " answered" : " refused"));
        }

        @Override
        public void wrote(int writes, long nanos, boolean failed) {
            assertThat(writes).isNotNegative();
            all.add("wrote");
        }

        @Override
        public void forced(long nanos) {
            assertThat(nanos).isNotNegative();
            all.add("forced");
        }

        @Override
        public void applied(GroupId group, long first, int slots, long nanos) {
            assertThat(first).isPositive();
            assertThat(slots).isPositive();
            all.add(group + " applied");
        }

        @Override
        public void roleChanged(GroupId group, Effect.RoleName role) {
            all.add(group + " " + role);
        }

        @Override
        public void electionEnded(GroupId group, boolean won, long nanos) {
            all.add(group + (won ? " won" : " lost"));
        }

        @Override
        public void snapshotEnded(GroupId group, SnapshotOutcome outcome, long bytes) {
            all.add(group + " " + outcome + (bytes > 0 ? " with bytes" : ""));
        }
    }

    @Test
    void hearsWhatBecomesOfACommandAndOfAnElection() throws Exception {
        Heard heard = new Heard();
        try (PaxosNode node = Cluster.of(1).builder("n1").maxValueBytes(100).start()) {
            node.attach(heard);
            var log = counter(node, "g");
            result(log.submit(1L));
            assertThat(heard.all).contains("g CANDIDATE", "g won", "g LEADER", "wrote", "g applied", "g APPLIED");
            assertThat(heard.all.indexOf("g won")).isLessThan(heard.all.indexOf("g APPLIED"));

            var texts = node.replicate("t", (context, text) -> text, Codec.utf8(), Codec.utf8());
            assertThatThrownBy(() -> result(texts.submit("x".repeat(101)))).hasCauseInstanceOf(RefusedException.class);
            assertThat(heard.all).contains("t REFUSED");

            node.detach(heard);
            int before = heard.all.size();
            result(log.submit(1L));
            assertThat(heard.all).hasSize(before);
        }
    }

    @Test
    void hearsWhatBecomesOfDecreesAndRegisters() throws Exception {
        Heard heard = new Heard();
        try (PaxosNode node = Cluster.of(1).builder("n1").maxValueBytes(100).start()) {
            result(node.whenFormed());
            node.attach(heard);
            var decrees = node.decrees(Codec.utf8());
            result(decrees.agree("owner", "n1"));
            assertThat(calls(heard)).containsExactly("AGREE ANSWERED");
            result(decrees.learn("owner"));
            result(decrees.await("owner"));
            assertThat(calls(heard)).as("to await is not timed").containsExactly("AGREE ANSWERED", "LEARN ANSWERED");
            assertThatThrownBy(() -> result(decrees.agree("large", "x".repeat(101))))
                    .hasCauseInstanceOf(RefusedException.class);
            assertThat(calls(heard)).endsWith("AGREE REFUSED");

            heard.all.clear();
            var registers = node.registers(Codec.utf8());
            result(registers.set("r", "a"));
            result(registers.compareAndSet("r", "b", "c"));
            assertThat(result(registers.update("r", held -> held.map(text -> text + "!"))))
                    .as("the caller's function runs behind the meter")
                    .contains("a!");
            result(registers.get("r"));
            assertThat(calls(heard))
                    .containsExactly("CHANGE ANSWERED", "CHANGE ANSWERED", "CHANGE ANSWERED", "GET ANSWERED");
        }
    }

    @Test
    void aDecreeWithoutAQuorumTimesOutOrIsUnknown() throws Exception {
        Heard heard = new Heard();
        try (PaxosNode node = Cluster.of(3).builder("n1").start()) {
            node.attach(heard);
            assertThatThrownBy(() -> result(node.decrees(Codec.utf8()).agree("owner", "n1", Duration.ofMillis(50))))
                    .hasCauseInstanceOf(PaxosException.class);
            assertThat(calls(heard)).hasSize(1).first().isIn("AGREE TIMED_OUT", "AGREE UNKNOWN");
        }
    }

    private static List<String> calls(Heard heard) {
        return heard.all.stream()
                .filter(each -> each.matches("(AGREE|LEARN|GET|CHANGE) .*"))
                .toList();
    }

    @Test
    void hearsHowLongAReadTakesByItsGuarantee() throws Exception {
        Heard heard = new Heard();
        try (PaxosNode node = Cluster.of(1).builder("n1").leaderLease(0.01).start()) {
            node.attach(heard);
            var log = counter(node, "g");
            SlotToken token =
                    result(log.submitWithSlot(1L, Duration.ofSeconds(30))).token();
            result(log.read(Consistency.linearizable(), machine -> 1));
            result(log.read(machine -> 1));
            result(log.read(Consistency.lease(), machine -> 1));
            result(log.read(Consistency.atLeast(token), machine -> 1));
            result(log.read(Consistency.boundedBy(Duration.ofMinutes(1)), machine -> 1));
            result(log.read(Consistency.local(), machine -> 1));
            result(log.readLocal(machine -> 1));
            assertThatThrownBy(() -> result(log.readLocal(machine -> {
                        throw new IllegalStateException("a bad query");
                    })))
                    .hasRootCauseMessage("a bad query");
            SlotToken far = new SlotToken(GroupId.of("g"), 1_000_000);
            assertThatThrownBy(() -> result(log.read(Consistency.atLeast(far), machine -> 1, Duration.ofMillis(50))))
                    .hasCauseInstanceOf(RefusedException.class);
            assertThat(heard.all)
                    .filteredOn(each -> each.endsWith(" answered") || each.endsWith(" refused"))
                    .containsExactly(
                            "g LINEARIZABLE answered",
                            "g LINEARIZABLE answered",
                            "g LEASE answered",
                            "g AT_LEAST answered",
                            "g BOUNDED answered",
                            "g LOCAL answered",
                            "g LOCAL answered",
                            "g LOCAL answered",
                            "g AT_LEAST refused");
        }
    }

    @Test
    void hearsOfSnapshots() throws Exception {
        Heard heard = new Heard();
        try (PaxosNode node = Cluster.of(1).builder("n1").start()) {
            node.attach(heard);
            var log = log(node, "g", new SnapshotCounter(1, 10));
            result(log.submit(1L));
            assertThat(result(log.snapshot())).isPositive();
            assertThat(heard.all).contains("g TAKEN with bytes");
        }
    }

    @Test
    void aMeterThatThrowsIsTakenOffAndOthersGoOn() throws Exception {
        Heard heard = new Heard();
        List<GroupId> thrown = new CopyOnWriteArrayList<>();
        try (PaxosNode node = Cluster.of(1).builder("n1").start()) {
            node.attach(new NodeMeter() {
                @Override
                public void commandAnswered(GroupId group, CommandOutcome outcome, long nanos) {
                    thrown.add(group);
                    throw new IllegalStateException("a bad meter");
                }
            });
            node.attach(heard);
            var log = counter(node, "g");
            assertThat(result(log.submit(1L))).isEqualTo(1);
            assertThat(result(log.submit(1L))).isEqualTo(2);
            assertThat(thrown).hasSize(1);
            assertThat(heard.all).filteredOn("g APPLIED"::equals).hasSize(2);
        }
    }

    @Test
    void hearsOfWritesAndOfTheForcesInThem() throws Exception {
        Heard heard = new Heard();
        try (PaxosNode node =
                Cluster.of(1).builder("n1").storage(new ForcingStorage()).start()) {
            result(node.whenFormed());
            node.attach(heard);
            result(counter(node, "g").submit(1L));
            List<String> all = List.copyOf(heard.all);
            assertThat(all).contains("forced");
            assertThat(all.subList(all.indexOf("forced"), all.size())).contains("wrote");
        }
    }

    @Test
    void hearsOfAWriteThatFails() throws Exception {
        CompletableFuture<Boolean> failure = new CompletableFuture<>();
        BlockingStorage storage = new BlockingStorage();
        try (PaxosNode node = Cluster.of(1).builder("n1").storage(storage).start()) {
            result(node.whenFormed());
            node.attach(new NodeMeter() {
                @Override
                public void wrote(int writes, long nanos, boolean failed) {
                    failure.complete(failed);
                }
            });
            storage.failFromNowOn();
            counter(node, "g");
            assertThat(result(failure)).isTrue();
        }
    }
}
