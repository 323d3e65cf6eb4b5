// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.Hello;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which of the Hellos that come, late or twice or of an earlier store, tell the latest of their sender. */
class HeardHellosTest {

    private static final NodeId NODE = NodeId.of("b");
    private static final Endpoint STORE = new Endpoint(NODE, new Incarnation(1));
    private static final Endpoint NEXT_STORE = new Endpoint(NODE, new Incarnation(2));
    private static final StartId FIRST = StartId.of(1, 5);
    private static final StartId SECOND = StartId.of(2, 5);
    private static final Membership VECTOR = Membership.of(Map.of(NODE, STORE.incarnation()));
    private static final Membership OTHER = Membership.of(Map.of(NODE, NEXT_STORE.incarnation()));

    private final HeardHellos heard = new HeardHellos(42);
    private long questions;

    private static Hello hello(long start, long count, @Nullable Membership bound) {
        return new Hello(null, new Probe(start, count), bound, null, List.of(), "rule", null);
    }

    private boolean accept(Endpoint from, StartId speaker, long count) {
        return heard.accept(from, speaker, hello(42, count, null));
    }

    private void ask(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(heard.ask().start()).isEqualTo(42);
        }
    }

    @Test
    void onlyWhatAnswersAQuestionOfThisStartIsBelieved() {
        assertThat(accept(STORE, FIRST, 1)).as("nothing was asked yet").isFalse();
        ask(2);
        assertThat(heard.accept(STORE, FIRST, new Hello(null, null, null, null, List.of(), "rule", null)))
                .isFalse();
        assertThat(heard.accept(STORE, FIRST, hello(41, 1, null)))
                .as("of an earlier start")
                .isFalse();
        assertThat(accept(STORE, FIRST, 0)).isFalse();
        assertThat(accept(STORE, FIRST, 3)).isFalse();
        assertThat(heard.of(NODE)).isNull();
        assertThat(heard.current(NODE)).isNull();
        assertThat(accept(STORE, FIRST, 2)).isTrue();
        assertThat(heard.current(NODE)).isEqualTo(STORE.incarnation());
        assertThat(heard.all()).hasSize(1);
    }

    @Test
    void whatComesLateTellsNothingNew() {
        ask(3);
        assertThat(accept(STORE, SECOND, 2)).isTrue();
        assertThat(accept(STORE, SECOND, 1))
                .as("an answer to an earlier question")
                .isFalse();
        assertThat(accept(STORE, SECOND, 2)).as("twice").isTrue();
        assertThat(accept(STORE, FIRST, 3))
                .as("an earlier start of the same store")
                .isFalse();
        assertThat(accept(STORE, StartId.of(2, 6), 3))
                .as("a copy of that start")
                .isFalse();
        assertThat(accept(STORE, StartId.of(3, 1), 3)).isTrue();
    }

    @Test
    void anotherStoreTakesThePlaceOnlyWithAnAnswerToAQuestionAskedSince() {
        ask(2);
        assertThat(accept(STORE, FIRST, 2)).isTrue();
        assertThat(accept(NEXT_STORE, FIRST, 2)).as("it may be the older one").isFalse();
        ask(1);
        assertThat(accept(NEXT_STORE, FIRST, 3)).isTrue();
        assertThat(heard.current(NODE)).isEqualTo(NEXT_STORE.incarnation());
        assertThat(heard.isOutlived(VECTOR, 2)).isTrue();
        assertThat(heard.isOutlived(VECTOR, 3))
                .as("the question was asked before")
                .isFalse();
        assertThat(heard.isOutlived(OTHER, 0)).isFalse();
    }

    @Test
    void sinceWhenSomebodyIsBoundToWhatItIsBoundToIsKept() {
        ask(1);
        heard.accept(STORE, FIRST, hello(42, 1, VECTOR));
        ask(1);
        heard.accept(STORE, FIRST, hello(42, 2, VECTOR));
        assertThat(heard.of(NODE)).isNotNull();
        assertThat(heard.of(NODE).boundSince()).isEqualTo(1);
        ask(1);
        heard.accept(STORE, FIRST, hello(42, 3, OTHER));
        assertThat(heard.of(NODE).boundSince()).isEqualTo(3);
        assertThat(heard.of(NODE).since()).isEqualTo(1);
    }

    /** Hears of a store of a node, with what it says has formed; 0 for another store than that of the vector. */
    private void hearOf(String node, int incarnation, @Nullable Membership formed) {
        ask(1);
        Endpoint from = new Endpoint(NodeId.of(node), new Incarnation(incarnation == 0 ? 99 : incarnation));
        Hello hello = new Hello(null, new Probe(42, ++questions), null, formed, List.of(), "rule", null);
        assertThat(heard.accept(from, FIRST, hello)).isTrue();
    }

    private static Membership vector(String... nodes) {
        Map<NodeId, Incarnation> voters = new HashMap<>();
        for (int i = 0; i < nodes.length; i++) {
            voters.put(NodeId.of(nodes[i]), new Incarnation(i + 1));
        }
        return Membership.of(voters);
    }

    @Test
    void rule6_whatHalfOfTheStoresSayHasFormedForGood() {
        Membership vector = vector("self", "n2", "n3", "n4");
        NodeId self = NodeId.of("self");

        assertThat(heard.isFormedForGood(vector, self)).isFalse();
        hearOf("n2", 2, vector);
        assertThat(heard.isFormedForGood(vector, self)).as("one of four").isFalse();
        hearOf("n3", 3, OTHER);
        assertThat(heard.isFormedForGood(vector, self))
                .as("another vector is no evidence")
                .isFalse();
        hearOf("n4", 4, vector);
        assertThat(heard.isFormedForGood(vector, self)).as("two of four").isTrue();
    }

    @Test
    void rule6_fewerThanHalfSufficeOnlyWhereNoStoreIsLeftThatCouldBeginAnew() {
        Membership vector = vector("self", "n2", "n3", "n4", "n5");
        NodeId self = NodeId.of("self");

        hearOf("n2", 2, vector);
        hearOf("n3", 0, null);
        hearOf("n4", 0, null);
        assertThat(heard.isFormedForGood(vector, self))
                .as("of one nothing was heard")
                .isFalse();
        hearOf("n5", 5, null);
        assertThat(heard.isFormedForGood(vector, self))
                .as("one does not say so, or not yet")
                .isFalse();
        assertThat(heard.isFormedForGood(vector, NodeId.of("n1")))
                .as("where nothing was heard of another than oneself either")
                .isFalse();
        hearOf("n5", 0, null);
        assertThat(heard.isFormedForGood(vector, self))
                .as("all others are outlived")
                .isTrue();
    }
}
