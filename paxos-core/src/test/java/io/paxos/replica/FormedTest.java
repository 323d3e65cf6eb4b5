// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.message.Probe;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a node whose cluster has formed makes of what it hears, and what it keeps of the vectors that were given up. */
class FormedTest {

    private static final Endpoint E1 = new Endpoint(NodeId.of("n1"), new Incarnation(1));
    private static final Endpoint E2 = new Endpoint(NodeId.of("n2"), new Incarnation(2));
    private static final Endpoint E3 = new Endpoint(NodeId.of("n3"), new Incarnation(3));
    private static final Endpoint E3_NEW = new Endpoint(E3.node(), new Incarnation(33));
    private static final Endpoint E4 = new Endpoint(NodeId.of("n4"), new Incarnation(4));
    private static final Membership V = Parts.membership(E1, E2, E3);
    private static final String RULE = "the rule";
    private static final long START = StartId.of(1, 100).bits();
    private static final int HELLO_TICKS = 2;
    private static final Write.FormationWrite FORMED = new Write.FormationWrite(V, V, List.of());

    private static Formation node(Endpoint endpoint, Write.FormationWrite recovered, int helloTicks) {
        return new Formation(
                new Self(new ClusterName("c"), endpoint, START),
                Set.of(E1.node(), E2.node(), E3.node()),
                names -> RULE,
                recovered,
                Map.of(),
                helloTicks);
    }

    private static Formation node(Write.FormationWrite recovered) {
        return node(E1, recovered, HELLO_TICKS);
    }

    private static List<Effect> hear(Formation formation, Endpoint from, StartId speaker, Hello hello) {
        return formation.onHello(
                new Envelope(new ClusterName("c"), from, Endpoint.any(E1.node()), speaker, Fingerprint.NONE, hello),
                hello);
    }

    private static List<Effect> hear(Formation formation, Endpoint from, Hello hello) {
        return hear(formation, from, StartId.of(1, from.incarnation().bits()), hello);
    }

    private static Hello hello(
            @Nullable Probe echo, @Nullable Membership bound, @Nullable Membership formed, Membership... renounced) {
        return new Hello(null, echo, bound, formed, List.of(renounced), RULE, null);
    }

    private static List<Envelope> said(List<Effect> effects) {
        List<Envelope> said = new ArrayList<>();
        effects.forEach(effect -> {
            if (effect instanceof Effect.Persist persist) {
                said.addAll(persist.afterDurable());
            }
        });
        return said;
    }

    private static Probe question(List<Effect> effects) {
        Probe probe = ((Hello) said(effects).get(0).message()).probe();
        assertThat(probe).isNotNull();
        return probe;
    }

    private static Write.PeerStartWrite start(Endpoint of, StartId start) {
        return new Write.PeerStartWrite(of, start.bits());
    }

    // Starts of others

    @Test
    void rule16_theStartsOfThoseOfWhomANodeTakesOverAreToldApartThoughTheyVoteInNothing() {
        Formation n1 = node(FORMED);
        Probe question = question(n1.start());
        StartId earlier = StartId.of(4, 1);
        StartId later = StartId.of(5, 1);
        assertThat(Parts.writes(hear(n1, E4, later, hello(question, V, V)))).isEmpty();
        assertThat(n1.starts().latest(E4)).as("of no concern yet").isNull();

        assertThat(Parts.writes(n1.predecessors(Set.of(E2, E4)))).containsExactly(start(E4, later));
        assertThat(n1.isVoter(E4)).isTrue();
        assertThat(n1.starts().isOutdated(E4, earlier)).isTrue();
        assertThat(n1.predecessors(Set.of(E4, E2))).as("nothing new").isEmpty();
        assertThat(n1.predecessors(Set.of())).isEmpty();
        assertThat(n1.isVoter(E4)).isFalse();
    }

    @Test
    void rule16_thoseOfWhomANodeTakesOverAreGreetedUntilTheyHaveBeenMet() {
        Formation n1 = node(FORMED);
        n1.start();
        n1.predecessors(Set.of(E1, E4));
        List<Effect> asked = List.of();
        for (int i = 0; i < 100; i++) {
            asked = asked.isEmpty() ? n1.tick() : asked;
        }
        assertThat(said(asked)).extracting(Envelope::to).contains(Endpoint.any(E4.node()));
        hear(n1, E4, StartId.of(5, 1), hello(question(asked), V, V));
        for (int i = 0; i < 200; i++) {
            assertThat(said(n1.tick())).extracting(Envelope::to).doesNotContain(Endpoint.any(E4.node()));
        }
    }

    @Test
    void rule7_anEarlierStartOfAVoterIsToldOfTheLaterOneButNotWithEveryWord() {
        Formation n1 = node(FORMED);
        n1.start();
        StartId earlier = StartId.of(4, 1);
        StartId later = StartId.of(5, 1);
        Hello silent = hello(null, V, V);
        assertThat(Parts.writes(hear(n1, E2, later, silent))).containsExactly(start(E2, later));
        assertThat(hear(n1, E2, later, silent)).as("nothing new, nothing asked").isEmpty();

        List<Effect> told = hear(n1, E2, earlier, silent);
        assertThat(said(told)).singleElement().satisfies(envelope -> {
            assertThat(envelope.to()).isEqualTo(E2);
            assertThat(((Hello) envelope.message()).latest()).isEqualTo(later);
        });
        assertThat(Parts.writes(told)).isEmpty();
        assertThat(hear(n1, E2, earlier, silent)).as("at the same tick").isEmpty();
        for (int i = 0; i < HELLO_TICKS; i++) {
            n1.tick();
        }
        assertThat(said(hear(n1, E2, earlier, silent))).hasSize(1);
    }

    @Test
    void rule7_whatAnEarlierStartSaysOfItsRuleIsNotBelieved() {
        Formation n1 = node(FORMED);
        n1.start();
        hear(n1, E2, StartId.of(5, 1), hello(null, V, V));
        hear(n1, E2, StartId.of(4, 1), new Hello(null, null, V, V, List.of(), "another rule", null));
        assertThat(n1.notice()).isNull();
        hear(n1, E2, StartId.of(6, 1), new Hello(null, null, V, V, List.of(), "another rule", null));
        assertThat(n1.notice()).contains("another rule");
    }

    @Test
    void rule7_aLaterStartIsNotedWhateverItSays() {
        Formation n1 = node(FORMED);
        n1.start();
        StartId later = StartId.of(5, 1);
        assertThat(n1.heardStart(E2, later)).containsExactly(new Effect.Persist(List.of(start(E2, later)), List.of()));
        assertThat(n1.heardStart(E2, later)).as("noted").isEmpty();
        assertThat(n1.heardStart(E2, StartId.of(4, 1))).isEmpty();
        assertThat(n1.heardStart(E4, later)).as("it votes nowhere").isEmpty();
        n1.voters(Set.of(E1, E4));
        assertThat(Parts.writes(n1.heardStart(E4, later))).containsExactly(start(E4, later));
    }

    @Test
    void rule7_startsAreNotedAsSoonAsItIsKnownWhoseMatter() {
        Formation n1 = node(new Write.FormationWrite(V, null, List.of()));
        Probe asked = question(n1.start());
        StartId second = StartId.of(2, 9);
        StartId third = StartId.of(3, 9);
        assertThat(Parts.writes(hear(n1, E2, second, hello(asked, V, null)))).isEmpty();
        List<Effect> effects = hear(n1, E3, third, hello(asked, V, null));
        assertThat(n1.formed()).isEqualTo(V);
        assertThat(Parts.writes(effects)).containsExactlyInAnyOrder(FORMED, start(E2, second), start(E3, third));
    }

    @Test
    void aVoterIsWhoFormedTheClusterOrVotesInALog() {
        Formation forming = node(new Write.FormationWrite(V, null, List.of()));
        assertThat(forming.isVoter(E2)).isFalse();
        Formation n1 = node(FORMED);
        assertThat(n1.isVoter(E2)).isTrue();
        assertThat(n1.isVoter(E3_NEW)).isFalse();
        assertThat(n1.isVoter(E4)).isFalse();
        n1.voters(Set.of(E1, E4));
        assertThat(n1.isVoter(E4)).isTrue();
        assertThat(n1.isVoter(E2)).as("of decrees and registers").isTrue();
    }

    // Those who count otherwise

    @Test
    void rule2_whoWasHeardToCountByAnotherRuleBeforeTheClusterFormedIsReportedAfterwards() {
        Formation n3 = node(E3_NEW, RecoveredState.NOT_FORMED, HELLO_TICKS);
        Probe asked = question(n3.start());
        hear(n3, E2, new Hello(null, asked, V, V, List.of(), "another rule", null));
        assertThat(n3.formed()).as("another store of n3 is in it").isNull();
        hear(n3, E1, hello(asked, V, V));
        assertThat(n3.formed()).isEqualTo(V);
        assertThat(n3.notice()).contains("n2/2", "another rule", RULE);
    }

    // Vectors that were given up

    private static Membership givenUp(int i) {
        return Parts.membership(E1, E2, new Endpoint(E3.node(), new Incarnation(1000 + i)));
    }

    /** Bound to {@link #V}, with as many vectors given up before, the given ones first. */
    private static Formation withGivenUp(int count, Membership... first) {
        List<Membership> renounced = new ArrayList<>(List.of(first));
        while (renounced.size() < count) {
            renounced.add(givenUp(renounced.size()));
        }
        return node(new Write.FormationWrite(V, null, renounced));
    }

    private static List<Membership> renounced(List<Effect> effects) {
        return ((Write.FormationWrite) Parts.writes(effects).get(0)).renounced();
    }

    @Test
    void thirtyTwoVectorsThatWereGivenUpAreKept() {
        Formation n1 = withGivenUp(31);
        Probe asked = question(n1.start());
        assertThat(renounced(hear(n1, E3_NEW, hello(asked, null, null))))
                .hasSize(32)
                .startsWith(givenUp(0))
                .endsWith(V);
    }

    @Test
    void ofMoreOnlyThoseAreKeptToWhichSomebodyIsBound() {
        Membership held = givenUp(5);
        Formation n1 = withGivenUp(32);
        Probe asked = question(n1.start());
        hear(n1, E2, hello(asked, held, null));
        assertThat(renounced(hear(n1, E3_NEW, hello(asked, null, null)))).containsExactly(held, V);
    }

    @Test
    void theVectorThatThisNodeIsBoundToIsAmongThoseKept() {
        Formation n1 = withGivenUp(32, V);
        Probe asked = question(n1.start());
        Membership ofAnotherStore = Parts.membership(new Endpoint(E1.node(), new Incarnation(11)), E2, E3);
        assertThat(renounced(hear(n1, E2, hello(asked, ofAnotherStore, null)))).containsExactly(V, ofAnotherStore);
    }

    @Test
    void rule6_nobodyBindsAnewToAVectorThatWasGivenUp() {
        Formation n1 = node(new Write.FormationWrite(V, null, List.of(V)));
        Probe asked = question(n1.start());
        assertThat(Parts.writes(hear(n1, E2, hello(asked, null, null, V)))).isEmpty();
        assertThat(Parts.writes(hear(n1, E3, hello(asked, null, null, V))))
                .as("the same stores as before")
                .isEmpty();
        assertThat(Parts.writes(hear(n1, E3_NEW, hello(question(n1.peerUp(E3.node())), null, null))))
                .containsExactly(new Write.FormationWrite(Parts.membership(E1, E2, E3_NEW), null, List.of(V)));
    }

    @Test
    void theOthersMayBeAskedWithEveryTick() {
        Formation n1 = node(E1, RecoveredState.NOT_FORMED, 1);
        assertThat(said(n1.start())).hasSize(2);
        assertThat(said(n1.tick())).hasSize(2);
        assertThat(said(n1.tick())).hasSize(2);
    }
}
