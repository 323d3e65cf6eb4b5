// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica whose state machine goes another way is named by all, stops alone, and answers nothing more. */
@Timeout(60)
class CompareStatesTest {

    private static final int STRETCH = 10;
    private static final long WRONG = 13;

    /** A sum that results do not show, and that one replica gets wrong. */
    private static final class Sum implements StateMachine<Long, Long> {
        private final boolean isWrong;
        private long sum;

        Sum(boolean isWrong) {
            this.isWrong = isWrong;
        }

        @Override
        public Long apply(ApplyContext context, Long amount) {
            sum += isWrong && amount == WRONG ? 1 : amount;
            return amount;
        }

        @Override
        public long digest() {
            return sum;
        }

        long sum() {
            return sum;
        }
    }

    /** Hears who is named first, and why its own replica stops. */
    private static final class Hearing implements NodeListener {
        private final CompletableFuture<Set<NodeId>> odd = new CompletableFuture<>();
        private final CompletableFuture<String> halted = new CompletableFuture<>();

        @Override
        public void diverged(GroupId group, Set<NodeId> names, String detail) {
            odd.complete(names);
        }

        @Override
        public void halted(GroupId group, String reason) {
            halted.complete(reason);
        }
    }

    private final List<Hearing> hearings = new ArrayList<>();
    private final List<ReplicatedLog<Long, Long, Sum>> logs = new ArrayList<>();

    private void start(Cluster cluster, String wrong) {
        for (String id : cluster.members()) {
            Hearing hearing = new Hearing();
            hearings.add(hearing);
            PaxosNode node =
                    cluster.start(id, builder -> builder.compareStates(STRETCH).listener(hearing));
            logs.add(log(node, "sums", new Sum(id.equals(wrong))));
        }
    }

    private void submit(int place, long amount, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            assertThat(result(logs.get(place).submit(amount))).isEqualTo(amount);
        }
    }

    @Test
    void theOddOneIsNamedByAllStopsAndAnswersNothing() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            start(cluster, "n2");
            submit(0, 1, 2 * STRETCH);
            submit(0, WRONG, 1);
            assertThat(hearings).noneMatch(hearing -> hearing.odd.isDone());
            submit(0, 1, STRETCH);

            for (Hearing hearing : hearings) {
                assertThat(result(hearing.odd)).containsExactly(Cluster.id("n2"));
            }
            assertThat(result(hearings.get(1).halted)).contains("more than half", "taken in again");
            for (Consistency consistency : List.of(Consistency.linearizable(), Consistency.local())) {
                assertThatThrownBy(() -> result(logs.get(1).read(consistency, Sum::sum)))
                        .cause()
                        .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                                .isEqualTo(Outcome.Reason.STOPPED));
            }
            assertThat(logs.get(1).status().role()).isEqualTo(Effect.RoleName.HALTED);

            submit(2, 1, 3 * STRETCH);
            assertThat(result(logs.get(0).read(Consistency.linearizable(), Sum::sum))
                            .value())
                    .isEqualTo(6 * STRETCH + WRONG);
            assertThat(logs.get(0).status().odd()).containsExactly(Cluster.id("n2"));
            assertThat(hearings.get(0).halted).isNotDone();
            assertThat(hearings.get(2).halted).isNotDone();
        }
    }

    @Test
    void whereAllAgreeNobodyIsNamed() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            start(cluster, "none");
            submit(0, WRONG, 5 * STRETCH);

            for (ReplicatedLog<Long, Long, Sum> log : logs) {
                assertThat(result(log.read(Consistency.linearizable(), Sum::sum))
                                .value())
                        .isEqualTo(5 * STRETCH * WRONG);
                assertThat(log.status().odd()).isEmpty();
            }
            assertThat(hearings).noneMatch(hearing -> hearing.odd.isDone());
        }
    }

    @Test
    void aStretchHasSlots() {
        assertThatThrownBy(() -> PaxosNode.builder().compareStates(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not every 0");
    }
}
