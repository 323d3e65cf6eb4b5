// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.message.Probe;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FormationTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");
    private static final NodeId N4 = new NodeId("n4");
    private static final Endpoint E1 = endpoint(N1, 1);
    private static final Endpoint E2 = endpoint(N2, 2);
    private static final Endpoint E3 = endpoint(N3, 3);
    private static final Endpoint E3_NEW = endpoint(N3, 33);
    private static final Set<NodeId> MEMBERS = Set.of(N1, N2, N3);
    private static final Membership V = vector(E1, E2, E3);
    private static final Membership V_NEW = vector(E1, E2, E3_NEW);
    private static final String RULE = "the rule";
    private static final long START = StartId.of(1, 100).bits();
    private static final Write.FormationWrite BOUND = new Write.FormationWrite(V, null, List.of());

    @Test
    void bindsToExactlyWhatItHeardAndSaysSoOnlyWithTheWrite() {
        Formation n1 = node(RecoveredState.NOT_FORMED);
        Probe asked = question(n1.start());

        assertThat(hear(n1, E2, unbound(asked))).isEmpty();
        List<Effect> effects = hear(n1, E3, unbound(asked));

        assertThat(effects).hasSize(1);
        Effect.Persist persist = (Effect.Persist) effects.get(0);
        assertThat(persist.writes()).containsExactly(BOUND);
        assertThat(hellos(effects)).allSatisfy(h -> assertThat(h.bound()).isEqualTo(V));
        assertThat(persist.afterDurable()).extracting(e -> e.to()).containsExactly(Endpoint.any(N2), Endpoint.any(N3));
        assertThat(n1.formed()).isNull();
    }

    @Test
    void formsWhenAllAreBoundToTheSameVector() {
        Formation n1 = node(BOUND);
        Probe asked = question(n1.start());

        assertThat(hear(n1, E2, bound(asked, V))).isEmpty();
        List<Effect> effects = hear(n1, E3, bound(asked, V));

        assertThat(writes(effects)).containsExactly(new Write.FormationWrite(V, V, List.of()));
        assertThat(effects).last().isEqualTo(new Effect.Formed(V, null));
        assertThat(n1.votes()).isTrue();
        assertThat(n1.stranger()).isNull();
        assertThat(n1.notice()).isNull();
        assertThat(hellos(effects)).allSatisfy(h -> assertThat(h.probe()).isNull());
        for (int i = 0; i < 500; i++) {
            assertThat(n1.tick()).isEmpty();
        }
        assertThat(n1.peerUp(N2)).isEmpty();
    }

    @Test
    void doesNotFormByAStoreThatIsBoundButNotInTheVector() {
        Formation n1 = node(BOUND);
        Probe asked = question(n1.start());
        hear(n1, E2, bound(asked, V));

        List<Effect> effects = hear(n1, E3_NEW, bound(asked, V));

        assertThat(n1.formed()).isNull();
        assertThat(writes(effects)).containsExactly(new Write.FormationWrite(V, null, List.of(V)));
    }

    /** Rule 7: each start is made known at once, and goes on being made known to those who have not answered. */
    @Test
    void aNodeWhoseClusterHasFormedGreetsTheOthersUntilItHasMetThem() {
        Formation n1 = node(new Write.FormationWrite(V, V, List.of()));
        List<Effect> effects = n1.start();
        Probe asked = question(effects);
        assertThat(effects).first().isEqualTo(new Effect.Formed(V, null));
        assertThat(hellos(effects)).hasSize(2);

        hear(n1, E2, bound(asked, V));

        List<Envelope> again = ((Effect.Persist) nextEffects(n1).get(0)).afterDurable();
        assertThat(again).extracting(Envelope::to).containsExactly(Endpoint.any(N3));
        hear(n1, E3, bound(asked, V));
        for (int i = 0; i < 500; i++) {
            assertThat(n1.tick()).isEmpty();
        }
    }

    @Test
    void aMemberThatCountsByAnotherRuleIsNotCountedAsBound() {
        Formation n1 = node(BOUND);
        Probe asked = question(n1.start());
        hear(n1, E2, bound(asked, V));

        assertThat(writes(hear(n1, E3, new Hello(null, asked, V, null, List.of(), "another rule", null))))
                .isEmpty();
        assertThat(n1.formed()).isNull();
        assertThat(n1.notice()).contains("n3/3", "another rule", RULE, "quorums(...)");

        hear(n1, E3, bound(asked, V));
        assertThat(n1.formed()).isEqualTo(V);
        assertThat(n1.notice()).isNull();
    }

    /** Rule 7, as far as it can be kept while nothing has formed: of two starts of one store the later is believed. */
    @Test
    void whileFormingAnEarlierOrASecondStartOfAStoreIsNotBelieved() {
        Formation n1 = node(BOUND);
        Probe asked = question(n1.start());
        hear(n1, E2, bound(asked, V));
        hear(n1, E3, StartId.of(4, 1), unbound(asked));

        hear(n1, E3, StartId.of(3, 9), bound(asked, V));
        hear(n1, E3, StartId.of(4, 2), bound(asked, V));
        assertThat(n1.formed()).isNull();

        hear(n1, E3, StartId.of(5, 0), bound(asked, V));
        assertThat(n1.formed()).isEqualTo(V);
    }

    @Test
    void aSingleNodeFormsAtOnce() {
        Formation n1 = node(E1, Set.of(N1), RecoveredState.NOT_FORMED);

        List<Effect> effects = n1.start();

        Membership alone = vector(E1);
        assertThat(effects)
                .containsExactly(
                        new Effect.Persist(List.of(new Write.FormationWrite(alone, alone, List.of())), List.of()),
                        new Effect.Formed(alone, null));
        assertThat(n1.tick()).isEmpty();
    }

    @Test
    void aHelloOfAnEarlierStartOrWithoutEchoIsNotBelieved() {
        Formation n1 = node(BOUND);
        Probe asked = question(n1.start());
        hear(n1, E2, bound(asked, V));

        assertThat(hear(n1, E3, bound(null, V))).isEmpty();
        assertThat(hear(n1, E3, bound(new Probe(START - 1, 1), V))).isEmpty();
        assertThat(hear(n1, E3, bound(new Probe(START, asked.count() + 1), V))).isEmpty();
        assertThat(hear(n1, E3, new Hello(null, new Probe(START - 1, 1), V, V, List.of(), RULE, null)))
                .isEmpty();
        assertThat(n1.formed()).isNull();
    }

    @Test
    void aHelloThatAnswersAnOlderQuestionIsNotBelieved() {
        Formation n1 = node(RecoveredState.NOT_FORMED);
        Probe first = question(n1.start());
        Probe second = nextQuestion(n1);
        hear(n1, E2, unbound(second));
        hear(n1, E3, bound(second, V));

        hear(n1, E2, bound(first, V));

        assertThat(n1.formed()).isNull();
        hear(n1, E2, bound(second, V));
        assertThat(n1.formed()).isEqualTo(V);
    }

    /** A question may reach the new incarnation late and the old one early: the higher echo is then the older life. */
    @Test
    void anotherIncarnationIsBelievedOnlyIfItOutlivedTheOneHeard() {
        Formation n1 = node(RecoveredState.NOT_FORMED);
        Probe first = question(n1.start());
        Probe second = nextQuestion(n1);
        hear(n1, E3_NEW, unbound(first));
        hear(n1, E3, unbound(second));

        assertThat(writes(hear(n1, E2, unbound(second))))
                .containsExactly(new Write.FormationWrite(V_NEW, null, List.of()));

        Probe third = nextQuestion(n1);
        assertThat(writes(hear(n1, E3, unbound(third))))
                .containsExactly(new Write.FormationWrite(V_NEW, null, List.of(V_NEW)));
    }

    @Test
    void aStaleVectorIsRenouncedAndLeftOnlyWhenTheOthersHaveRenouncedItToo() {
        Formation n1 = node(BOUND);
        Probe asked = question(n1.start());
        hear(n1, E2, bound(asked, V));

        Write.FormationWrite renounced = new Write.FormationWrite(V, null, List.of(V));
        List<Effect> stale = hear(n1, E3_NEW, unbound(asked));
        assertThat(writes(stale)).containsExactly(renounced);
        assertThat(hellos(stale))
                .as("the others may leave the vector only if they hear this")
                .isNotEmpty()
                .allSatisfy(hello -> assertThat(hello.renounced()).containsExactly(V));
        assertThat(writes(hear(n1, E2, bound(asked, V)))).isEmpty();

        List<Effect> effects = hear(n1, E2, new Hello(null, asked, V, null, List.of(V), RULE, null));
        assertThat(writes(effects)).containsExactly(new Write.FormationWrite(V_NEW, null, List.of(V)));
    }

    @Test
    void aRenouncedVectorIsNeverInferredButTakenOverFromWhoFormedIt() {
        Formation n1 = node(new Write.FormationWrite(V, null, List.of(V)));
        Probe asked = question(n1.start());
        hear(n1, E2, bound(asked, V));
        hear(n1, E3, bound(asked, V));
        assertThat(n1.formed()).isNull();

        List<Effect> effects = hear(n1, E2, new Hello(null, asked, V, V, List.of(), RULE, null));

        assertThat(writes(effects)).containsExactly(new Write.FormationWrite(V, V, List.of(V)));
        assertThat(n1.votes()).isTrue();
    }

    @Test
    void anUnboundNodeRenouncesAVectorWhoseStoreIsLostForCertain() {
        Formation n1 = node(RecoveredState.NOT_FORMED);
        Probe first = question(n1.start());
        hear(n1, E2, bound(first, V));
        assertThat(writes(hear(n1, E3_NEW, unbound(first))))
                .as("which of the two stores of n3 is the later one is not known yet")
                .containsExactly(new Write.FormationWrite(V_NEW, null, List.of()));

        Probe second = nextQuestion(n1);

        assertThat(writes(hear(n1, E3_NEW, unbound(second))))
                .containsExactly(new Write.FormationWrite(V_NEW, null, List.of(V)));
    }

    @Test
    void aStrangerKnowsWhyAndKeepsAskingRarely() {
        Formation n3 = node(E3_NEW, MEMBERS, RecoveredState.NOT_FORMED);
        Probe asked = question(n3.start());

        hear(n3, E1, new Hello(null, asked, V, V, List.of(), RULE, null));
        List<Effect> effects = hear(n3, E2, new Hello(null, asked, V, V, List.of(), RULE, null));

        assertThat(n3.votes()).isFalse();
        assertThat(n3.formed()).isEqualTo(V);
        String why = n3.stranger();
        assertThat(why).contains("3 of n3", "21", "n1/1", "observer");
        assertThat(effects).last().isEqualTo(new Effect.Formed(V, why));
        assertThat(writes(effects))
                .as("what it learns belongs to that cluster, so it never votes in another")
                .containsExactly(new Write.FormationWrite(null, V, List.of(V)));
        int asks = 0;
        for (int i = 0; i < 1000; i++) {
            asks += hellos(n3.tick()).size();
        }
        assertThat(asks).isEqualTo(2 * 10);

        Formation restarted =
                node(E3_NEW, MEMBERS, (Write.FormationWrite) writes(effects).get(0));
        assertThat(restarted.start()).first().isEqualTo(new Effect.Formed(V, why));
    }

    /** Seed 1035116: the one member that formed lost its store, and all the others waited for one that had believed it. */
    @Test
    void rule6AStoreThatCameTooLateBelievesThatTheClusterFormedWithoutItOnceHalfOfItSaysSo() {
        Formation n3 = node(E3_NEW, MEMBERS, RecoveredState.NOT_FORMED);
        Probe asked = question(n3.start());
        hear(n3, E1, bound(asked, V));

        hear(n3, E2, new Hello(null, asked, V, V, List.of(), RULE, null));

        assertThat(n3.formed()).isNull();
        assertThat(n3.notice()).contains("[n2] formed with another store of n3");
        hear(n3, E1, new Hello(null, asked, V, null, List.of(V), RULE, null));
        assertThat(n3.formed())
                .as("n1 may yet begin anew, and needs this store for that")
                .isNull();
        hear(n3, E1, new Hello(null, asked, V, V, List.of(V), RULE, null));
        assertThat(n3.formed()).isEqualTo(V);
    }

    @Test
    void rule6WhereNoStoreIsLeftThatDidNotFormOneThatDidIsBelieved() {
        Formation n3 = node(E3_NEW, MEMBERS, RecoveredState.NOT_FORMED);
        Probe asked = question(n3.start());
        hear(n3, E2, new Hello(null, asked, V, V, List.of(), RULE, null));
        assertThat(n3.formed()).isNull();

        hear(n3, endpoint(N1, 11), unbound(asked));

        assertThat(n3.formed()).isEqualTo(V);
    }

    @Test
    void aFormedVectorIsBelievedOnlyFromSomeoneItCounts() {
        Formation n1 = node(RecoveredState.NOT_FORMED);
        Probe asked = question(n1.start());

        hear(n1, E3_NEW, new Hello(null, asked, null, V, List.of(), RULE, null));

        assertThat(n1.formed()).isNull();
    }

    @Test
    void anObserverNeverBinds() {
        Formation n4 = node(endpoint(N4, 4), MEMBERS, RecoveredState.NOT_FORMED);
        Probe asked = question(n4.start());
        for (Endpoint member : V.endpoints()) {
            assertThat(writes(hear(n4, member, bound(asked, V)))).isEmpty();
        }
        assertThat(n4.notice()).contains("n4 itself will only observe");

        List<Effect> effects = hear(n4, E2, new Hello(null, asked, V, V, List.of(), RULE, null));

        assertThat(effects).last().isInstanceOf(Effect.Formed.class);
        assertThat(n4.votes()).isFalse();
        assertThat(n4.stranger()).contains("n4 is not among the members");
    }

    @Test
    void everyQuestionIsAnsweredAtOnceWithItsEcho() {
        Formation n1 = node(new Write.FormationWrite(V, V, List.of()));
        assertThat(n1.start()).first().isEqualTo(new Effect.Formed(V, null));
        Endpoint asker = endpoint(N4, 4);

        List<Effect> effects = hear(n1, asker, unboundAsking(new Probe(7, 9)));

        assertThat(effects).hasSize(1);
        Effect.Persist persist = (Effect.Persist) effects.get(0);
        assertThat(persist.writes()).isEmpty();
        assertThat(persist.afterDurable())
                .containsExactly(self(E1).envelope(
                                asker,
                                new Hello(null, new Probe(7, 9), V, V, List.of(), RULE, null, FeatureLevel.LATEST)));
    }

    @Test
    void observersAreThoseWhoAskAndAreNotCounted() {
        Formation n1 = node(new Write.FormationWrite(V, V, List.of()));
        n1.start();
        hear(n1, E2, unboundAsking(new Probe(7, 9)));
        hear(n1, endpoint(N3, 31), unboundAsking(new Probe(8, 9)));
        hear(n1, E3_NEW, unboundAsking(new Probe(8, 10)));
        hear(n1, endpoint(N4, 4), unbound(null));

        assertThat(n1.observers()).containsExactly(E3_NEW);

        for (int i = 0; i < 1000; i++) {
            n1.tick();
        }
        hear(n1, endpoint(N4, 4), unboundAsking(new Probe(5, 9)));
        assertThat(n1.observers()).containsExactly(E3_NEW, endpoint(N4, 4));
        n1.tick();
        assertThat(n1.observers()).containsExactly(endpoint(N4, 4));
        for (int i = 0; i < 5000; i++) {
            hear(n1, endpoint(new NodeId("o" + i), 5), unboundAsking(new Probe(5, 9)));
        }
        assertThat(n1.observers()).hasSizeLessThan(1000);
    }

    @Test
    void aConfigurationThatDiffersFromTheFormedVectorIsReported() {
        Formation n1 = node(E1, Set.of(N1, N2, N4), new Write.FormationWrite(V, V, List.of()));
        n1.start();

        assertThat(n1.votes()).isTrue();
        assertThat(n1.notice()).contains("[n1, n2, n4]", "[n1, n2, n3]", "in force");
    }

    @Test
    void aFormationUnderWaySaysWhomItWaitsFor() {
        Formation n1 = node(RecoveredState.NOT_FORMED);
        Probe asked = question(n1.start());
        hear(n1, E2, unbound(asked));

        assertThat(n1.notice()).contains("not yet heard from [n3]");
    }

    @Test
    void asksAPeerThatComesUp() {
        Formation n1 = node(RecoveredState.NOT_FORMED);
        n1.start();

        assertThat(hellos(n1.peerUp(N2))).hasSize(1).allSatisfy(h -> assertThat(h.probe())
                .isNotNull());
        assertThat(n1.peerUp(N4)).isEmpty();
        assertThat(n1.peerUp(N1)).isEmpty();
    }

    @Test
    void refusesAConfigurationThatCannotForm() {
        assertThatThrownBy(() -> node(E1, Set.of(), RecoveredState.NOT_FORMED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one member");
        assertThatThrownBy(
                        () -> new Formation(self(E1), MEMBERS, names -> RULE, RecoveredState.NOT_FORMED, Map.of(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("helloTicks");
    }

    private static Formation node(Write.FormationWrite recovered) {
        return node(E1, MEMBERS, recovered);
    }

    private static Formation node(Endpoint endpoint, Set<NodeId> members, Write.FormationWrite recovered) {
        return new Formation(self(endpoint), members, names -> RULE, recovered, Map.of(), 2);
    }

    /** The first start of the sender's store speaks, to whoever is there. */
    private static List<Effect> hear(Formation formation, Endpoint from, Hello hello) {
        return hear(formation, from, StartId.of(1, from.incarnation().bits()), hello);
    }

    private static List<Effect> hear(Formation formation, Endpoint from, StartId speaker, Hello hello) {
        Envelope envelope =
                new Envelope(new ClusterName("c"), from, Endpoint.any(N1), speaker, Fingerprint.NONE, hello);
        return formation.onHello(envelope, hello);
    }

    private static Self self(Endpoint endpoint) {
        return new Self(new ClusterName("c"), endpoint, START);
    }

    private static Endpoint endpoint(NodeId node, long incarnation) {
        return new Endpoint(node, new Incarnation(incarnation));
    }

    private static Membership vector(Endpoint... endpoints) {
        Map<NodeId, Incarnation> voters = new HashMap<>();
        for (Endpoint e : endpoints) {
            voters.put(e.node(), e.incarnation());
        }
        return Membership.of(voters);
    }

    private static Hello unbound(@Nullable Probe echo) {
        return new Hello(null, echo, null, null, List.of(), RULE, null);
    }

    private static Hello unboundAsking(Probe probe) {
        return new Hello(probe, null, null, null, List.of(), RULE, null);
    }

    private static Hello bound(@Nullable Probe echo, Membership vector) {
        return new Hello(null, echo, vector, null, List.of(), RULE, null);
    }

    /** What is written of the formation itself; the starts of peers are for {@link StrangerTest}. */
    private static List<Write> writes(List<Effect> effects) {
        List<Write> writes = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                persist.writes().stream()
                        .filter(Write.FormationWrite.class::isInstance)
                        .forEach(writes::add);
            }
        }
        return writes;
    }

    private static List<Hello> hellos(List<Effect> effects) {
        List<Hello> hellos = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                for (Envelope envelope : persist.afterDurable()) {
                    hellos.add((Hello) envelope.message());
                }
            }
        }
        return hellos;
    }

    private static Probe question(List<Effect> effects) {
        Probe probe = hellos(effects).get(0).probe();
        if (probe == null) {
            throw new AssertionError("asks nothing: " + effects);
        }
        return probe;
    }

    private static Probe nextQuestion(Formation formation) {
        return question(nextEffects(formation));
    }

    private static List<Effect> nextEffects(Formation formation) {
        List<Effect> effects = List.of();
        while (effects.isEmpty()) {
            effects = formation.tick();
        }
        return effects;
    }
}
