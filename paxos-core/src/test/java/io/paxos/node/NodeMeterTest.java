// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.model.GroupId;
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

            var texts =
                    node.replicate("t", (context, text) -> text, io.paxos.spi.Codec.utf8(), io.paxos.spi.Codec.utf8());
            assertThatThrownBy(() -> result(texts.submit("x".repeat(101)))).hasCauseInstanceOf(RefusedException.class);
            assertThat(heard.all).contains("t REFUSED");

            node.detach(heard);
            int before = heard.all.size();
            result(log.submit(1L));
            assertThat(heard.all).hasSize(before);
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
