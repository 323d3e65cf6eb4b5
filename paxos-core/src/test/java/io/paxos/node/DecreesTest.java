// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.result;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecreesTest {

    private static Decrees<String> decrees(PaxosNode node) {
        return node.decrees(Codec.utf8());
    }

    @Test
    void allNodesProposeAndAllGetOneAnswer() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                for (PaxosNode node : cluster.nodes()) {
                    calls.add(decrees(node).agree("owner-" + i, node.id() + "/" + i));
                }
            }
            for (int i = 0; i < 100; i++) {
                Set<String> answers = new HashSet<>();
                for (int n = 0; n < 3; n++) {
                    answers.add(result(calls.get(3 * i + n)));
                }
                assertThat(answers).singleElement().asString().endsWith("/" + i);
            }
        }
    }

    @Test
    void rule15_whatIsDecidedIsLearnedEverywhereAndStays() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            String chosen = result(decrees(cluster.node("n1")).agree("owner", "a"));
            assertThat(chosen).isEqualTo("a");
            assertThat(result(decrees(cluster.node("n2")).agree("owner", "b"))).isEqualTo("a");
            assertThat(result(decrees(cluster.node("n3")).learn("owner"))).contains("a");
            assertThat(result(decrees(cluster.node("n3")).learn("nobody asked")))
                    .isEmpty();
        }
    }

    @Test
    void awaitingTellsOfALaterDecision() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            CompletableFuture<String> later = decrees(cluster.node("n3")).await("owner");
            assertThat(result(decrees(cluster.node("n1")).learn("owner"))).isEmpty();
            assertThat(later).isNotDone();
            assertThat(result(decrees(cluster.node("n1")).agree("owner", "a"))).isEqualTo("a");
            assertThat(result(later)).isEqualTo("a");
        }
    }

    @Test
    void noNodesDeathCostsAnything() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            assertThat(result(decrees(cluster.node("n2")).agree("first", "x"))).isEqualTo("x");
            cluster.node("n1").close();
            assertThat(result(decrees(cluster.node("n2")).agree("second", "y"))).isEqualTo("y");
            assertThat(result(decrees(cluster.node("n3")).learn("second"))).contains("y");
        }
    }

    @Test
    void rule7_aStrangerLearns() throws Exception {
        try (Cluster cluster = Cluster.started(3)) {
            assertThat(result(decrees(cluster.node("n1")).agree("owner", "a"))).isEqualTo("a");
            cluster.node("n3").close();
            PaxosNode stranger = cluster.start("n3");
            assertThat(result(decrees(stranger).learn("owner"))).contains("a");
            assertThat(stranger.status().stranger()).isNotNull();
        }
    }

    @Test
    void listenersHearOfDecisionsOnEveryNode() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        NodeListener listener = new NodeListener() {
            @Override
            public void decreeDecided(DecreeName name, Payload value) {
                heard.add(name + "=" + value.toUtf8());
            }
        };
        try (Cluster cluster = Cluster.of(3)) {
            cluster.start("n1");
            cluster.start("n2");
            cluster.start("n3", builder -> builder.listener(listener));
            assertThat(result(decrees(cluster.node("n1")).agree("owner", "a"))).isEqualTo("a");
            assertThat(heard.poll(20, SECONDS)).isEqualTo("owner=a");
        }
    }

    @Test
    void aDeadlineThatPassesWithoutAQuorumIsToldAsWhatItIs() {
        try (Cluster cluster = Cluster.of(3)) {
            Decrees<String> alone = decrees(cluster.start("n1"));
            Duration shortly = Duration.ofMillis(30);
            assertThatThrownBy(() -> result(alone.agree("owner", "a", shortly)))
                    .cause()
                    .isInstanceOf(PaxosException.class);
            assertThatThrownBy(() -> result(alone.learn("owner", shortly)))
                    .cause()
                    .isInstanceOf(RefusedException.class);
            assertThatThrownBy(() -> result(alone.await("owner", shortly)))
                    .cause()
                    .isInstanceOfSatisfying(RefusedException.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Outcome.Reason.TIMEOUT));
        }
    }

    @Test
    void aValueThatThisCodecCannotReadIsToldAsDecided() throws Exception {
        try (Cluster cluster = Cluster.started(1)) {
            PaxosNode node = cluster.node("n1");
            assertThat(result(decrees(node).agree("owner", "text"))).isEqualTo("text");
            assertThatThrownBy(() -> result(node.decrees(Codec.int64()).agree("owner", 5L)))
                    .cause()
                    .isInstanceOf(UnknownOutcomeException.class)
                    .hasMessageContainingAll("decree owner is decided", "same codec");
        }
    }
}
