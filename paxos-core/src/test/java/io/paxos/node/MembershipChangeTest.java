// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.model.NodeId;
import io.paxos.replica.NodeStatus;
import io.paxos.replica.SnapshotPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 10 on running nodes: memberships change while commands go on. */
@Timeout(60)
class MembershipChangeTest {

    private static final String NAME = "sum";

    private final Map<String, ReplicatedLog<Long, Long, SnapshotCounter>> logs = new ConcurrentHashMap<>();

    /** A node that takes snapshots often, so that newcomers have to begin with one. */
    private PaxosNode start(Cluster cluster, String id, boolean joins) {
        String[] contacts = cluster.members().toArray(String[]::new);
        PaxosNode node = cluster.start(id, builder -> {
            PaxosNodeBuilder made = joins ? builder.joins(contacts) : builder;
            return made.snapshots(new SnapshotPolicy(500, Long.MAX_VALUE, 0, 50, 1 << 20, 1 << 20))
                    .deadline(Duration.ofSeconds(30));
        });
        logs.put(id, log(node, NAME, new SnapshotCounter(Long.MAX_VALUE, 10)));
        return node;
    }

    private static List<String> voters(Configuration configuration) {
        return configuration.voters().voters().keySet().stream()
                .map(NodeId::name)
                .toList();
    }

    /** One caller that never has more than one command under way, and takes another node when its own is gone. */
    private CompletableFuture<Long> callUntil(AtomicBoolean enough, String... nodes) {
        AtomicLong acknowledged = new AtomicLong();
        CompletableFuture<Long> done = new CompletableFuture<>();
        call(enough, List.of(nodes), 0, acknowledged, done);
        return done;
    }

    private void call(
            AtomicBoolean enough, List<String> nodes, int at, AtomicLong acknowledged, CompletableFuture<Long> done) {
        if (enough.get()) {
            done.complete(acknowledged.get());
            return;
        }
        ReplicatedLog<Long, Long, SnapshotCounter> log = logs.get(nodes.get(at % nodes.size()));
        CompletableFuture<Long> unused = log.submit(1L).whenComplete((sum, problem) -> {
            if (problem == null) {
                acknowledged.incrementAndGet();
                call(enough, nodes, at, acknowledged, done);
            } else if (problem instanceof RefusedException || problem.getCause() instanceof RefusedException) {
                // Certainly not applied: its node was closed, and another one is asked.
                call(enough, nodes, at + 1, acknowledged, done);
            } else {
                done.completeExceptionally(problem);
            }
        });
    }

    /**
     * A voter that has not heard yet of a node that has just been started says so, and is asked again; so is one that has not
     * heard yet that the change before governs, for that was answered by another.
     */
    private Configuration replaced(String asked, String leaving, String coming) throws Exception {
        while (true) {
            try {
                return result(logs.get(asked).membership().replace(leaving, coming));
            } catch (ExecutionException e) {
                boolean isTooEarly = e.getCause() instanceof RefusedException refused
                        && (refused.reason() == Outcome.Reason.UNKNOWN_NODE
                                || refused.reason() == Outcome.Reason.CHANGE_UNDER_WAY);
                if (!isTooEarly) {
                    throw e;
                }
            }
        }
    }

    @Test
    void rule10_allThreeNodesAreReplacedOneByOneUnderLoadAndNothingIsLost() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            List<PaxosNode> first = new ArrayList<>();
            for (String id : List.of("n1", "n2", "n3")) {
                first.add(start(cluster, id, false));
            }
            result(logs.get("n1").submit(1L));
            for (int i = 4; i <= 6; i++) {
                start(cluster, "n" + i, true);
            }
            AtomicBoolean enough = new AtomicBoolean();
            List<CompletableFuture<Long>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(callUntil(enough, "n4", "n5", "n6"));
            }
            for (int i = 1; i <= 3; i++) {
                // Asked at a voter that stays: those who come make themselves known to voters only.
                Configuration configuration = replaced("n" + (i + 1), "n" + i, "n" + (i + 3));
                assertThat(configuration.version()).isEqualTo(i);
                first.get(i - 1).close();
            }
            enough.set(true);
            long acknowledged = 1;
            for (CompletableFuture<Long> caller : callers) {
                acknowledged += result(caller);
            }
            assertThat(acknowledged).isGreaterThan(1);
            for (String id : List.of("n4", "n5", "n6")) {
                assertThat(result(logs.get(id).read(SnapshotCounter::sum)))
                        .as(id)
                        .isEqualTo(acknowledged);
                assertThat(voters(cluster.node(id).membership().latest().get(NAME)))
                        .containsExactly("n4", "n5", "n6");
            }
        }
    }

    @Test
    void oneCallChangesEveryLogOfANodeAndBadOnesAreRefused() throws Exception {
        try (Cluster cluster = Cluster.of(2)) {
            PaxosNode n1 = start(cluster, "n1", false);
            start(cluster, "n2", false);
            for (String id : List.of("n1", "n2")) {
                log(cluster.node(id), "other", new SnapshotCounter(Long.MAX_VALUE, 10));
            }
            PaxosNode n3 = start(cluster, "n3", true);
            log(n3, "other", new SnapshotCounter(Long.MAX_VALUE, 10));
            result(logs.get("n3").submit(1L));

            Map<String, Configuration> changed = result(n1.membership().add("n3"));

            assertThat(changed).containsOnlyKeys(NAME, "other", NodeMembers.EPOCHS);
            changed.values()
                    .forEach(configuration -> assertThat(voters(configuration)).containsExactly("n1", "n2", "n3"));
            assertThat(result(n1.membership().add("n3")))
                    .as("nothing is left to do")
                    .isEqualTo(changed);
            assertThat(result(n1.membership().replace("n9", "n2")))
                    .as("nobody is to take the place of one who votes nowhere")
                    .isEqualTo(changed);
            result(logs.get("n1").membership().remove("n3"));
            Map<String, Configuration> replaced = result(n1.membership().replace("n3", "n2"));
            assertThat(voters(replaced.get(NAME))).containsExactly("n1", "n2");
            assertThat(voters(replaced.get("other"))).as("here n3 voted still").containsExactly("n1", "n2");
            assertThatThrownBy(() -> result(logs.get("n1").membership().add("n9")))
                    .cause()
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Outcome.Reason.UNKNOWN_NODE))
                    .hasMessageContaining("n9");
            assertThatThrownBy(() -> result(logs.get("n1").membership().remove("n1", "n2")))
                    .cause()
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Outcome.Reason.NO_QUORUM));
        }
    }

    @Test
    void rule10_aNodeThatLostItsStoreVotesAgainWithNobodyAskedWhereThatIsConfigured() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            for (String id : cluster.members()) {
                cluster.start(id, builder -> builder.readmitAfter(Duration.ofMillis(250)));
                logs.put(id, log(cluster.node(id), NAME, new SnapshotCounter(Long.MAX_VALUE, 10)));
            }
            result(logs.get("n1").submit(1L));
            cluster.node("n3").close();
            PaxosNode again = cluster.start("n3", builder -> builder.readmitAfter(Duration.ofMillis(250)));
            logs.put("n3", log(again, NAME, new SnapshotCounter(Long.MAX_VALUE, 10)));
            long sum = 1;
            while (!votes(again)) {
                sum = result(logs.get("n1").submit(1L));
            }
            // With one of the others gone its vote is needed.
            cluster.node("n2").close();
            assertThat(result(logs.get("n3").submit(1L))).isEqualTo(sum + 1);
            assertThat(result(logs.get("n1").read(SnapshotCounter::sum))).isEqualTo(sum + 1);
        }
    }

    private static boolean votes(PaxosNode node) {
        return node.status().groups().values().stream()
                .map(NodeStatus.Group::membership)
                .anyMatch(membership -> membership != null
                        && membership.latest().version() == 1
                        && membership.current().equals(membership.latest())
                        && membership.standing() == NodeStatus.Standing.VOTER);
    }
}
