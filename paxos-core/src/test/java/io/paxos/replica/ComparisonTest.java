// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.StateDigest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who differs from whom, and who is right. This node and two others vote. */
class ComparisonTest {

    private static final int LENGTH = 10;
    private static final Endpoint OBSERVER = new Endpoint(NodeId.of("o"), new Incarnation(9));

    private final Parts parts = new Parts();
    private final Comparison comparison = parts.comparison;

    private static StateDigest digest(int stretch, int checksum) {
        return new StateDigest((long) stretch * LENGTH, LENGTH, checksum);
    }

    private void executed(int stretch, int checksum) {
        comparison.executed(digest(stretch, checksum), (long) stretch * LENGTH, parts.peers);
    }

    private boolean heard(Endpoint from, int stretch, int checksum) {
        return parts.hear(1, from, new LogMessage.Compare(digest(stretch, checksum)));
    }

    private List<Set<NodeId>> named() {
        return parts.effects().stream()
                .filter(Effect.Diverged.class::isInstance)
                .map(effect -> ((Effect.Diverged) effect).odd())
                .toList();
    }

    @Test
    void theOthersHearWhatThisNodeHasComeTo() {
        parts.observers = List.of(OBSERVER);
        executed(1, 5);

        LogMessage.Compare compare = new LogMessage.Compare(digest(1, 5));
        assertThat(parts.said()).containsExactlyInAnyOrder(said(B, compare), said(C, compare), said(OBSERVER, compare));
    }

    @Test
    void whatTheOthersHaveForgottenIsNotTold() {
        long decided = (long) (Comparison.KEPT + 1) * LENGTH;
        comparison.executed(digest(1, 5), decided + 1, parts.peers);
        assertThat(parts.said()).isEmpty();
        comparison.executed(digest(1, 5), decided, parts.peers);
        assertThat(parts.said()).hasSize(2);
    }

    @Test
    void whoAgreeAreNotNamed() {
        executed(1, 5);
        heard(B, 1, 5);
        heard(C, 1, 5);

        assertThat(named()).isEmpty();
        assertThat(comparison.odd()).isEmpty();
        assertThat(comparison.verdict()).isNull();
    }

    @Test
    void oneThatDiffersFromTwoIsNamedOnce() {
        executed(1, 5);
        heard(B, 1, 6);
        assertThat(named()).isEmpty();
        heard(C, 1, 5);
        assertThat(named()).containsExactly(Set.of(B.node()));
        heard(C, 1, 5);
        executed(2, 7);
        heard(B, 2, 8);
        heard(C, 2, 7);

        assertThat(named()).isEmpty();
        assertThat(comparison.odd()).containsExactly(B.node());
        assertThat(comparison.verdict()).isNull();
    }

    @Test
    void thisNodeStopsIfTheTwoOthersAgree() {
        executed(1, 5);
        heard(B, 1, 6);
        assertThat(comparison.verdict()).isNull();
        heard(C, 1, 6);

        assertThat(named()).containsExactly(Set.of(ME.node()));
        assertThat(comparison.verdict()).contains("group " + Parts.GROUP, "slots 1 to 10", "taken in again");
    }

    @Test
    void thisNodeStopsThoughTheOthersWereThereFirst() {
        heard(B, 1, 6);
        heard(C, 1, 6);
        assertThat(comparison.verdict()).isNull();
        executed(1, 5);

        assertThat(comparison.verdict()).isNotNull();
    }

    @Test
    void oneIsNoMajority() {
        executed(1, 5);
        heard(B, 1, 6);

        assertThat(named()).isEmpty();
        assertThat(comparison.odd()).isEmpty();
        assertThat(comparison.verdict()).isNull();
    }

    @Test
    void ifAllDifferNobodyIsNamedAndNobodyStops() {
        executed(1, 5);
        heard(B, 1, 6);
        heard(C, 1, 7);
        assertThat(named()).containsExactly(Set.of());
        heard(C, 1, 7);
        executed(2, 5);
        heard(B, 2, 6);
        heard(C, 2, 7);

        assertThat(named()).isEmpty();
        assertThat(comparison.odd()).isEmpty();
        assertThat(comparison.verdict()).isNull();
    }

    @Test
    void whoAgreesAgainIsNamedNoMore() {
        executed(1, 5);
        heard(C, 1, 5);
        heard(B, 1, 6);
        executed(2, 5);
        heard(C, 2, 5);
        heard(B, 2, 5);

        assertThat(comparison.odd()).isEmpty();
        parts.effects();
        executed(3, 5);
        heard(B, 3, 6);
        heard(C, 3, 5);
        assertThat(named()).containsExactly(Set.of(B.node()));
    }

    @Test
    void stretchesOfOtherLengthsAreNotCompared() {
        executed(1, 5);
        heard(C, 1, 5);
        parts.hear(1, B, new LogMessage.Compare(new StateDigest(LENGTH, LENGTH / 2, 6)));

        assertThat(named()).isEmpty();
        assertThat(comparison.odd()).isEmpty();
    }

    @Test
    void onlyVotersMakeAMajorityAndNobodyElseIsListenedTo() {
        executed(1, 5);
        assertThat(heard(B, 1, 6)).isTrue();
        assertThat(heard(OBSERVER, 1, 6)).isFalse();
        assertThat(heard(new Endpoint(C.node(), new Incarnation(99)), 1, 6)).isFalse();

        assertThat(named()).isEmpty();
        assertThat(comparison.verdict()).isNull();
    }

    @Test
    void aReplicaThatLagsIsStillComparedAndOneThatLagsTooFarIsNot() {
        for (int stretch = 2; stretch <= Comparison.KEPT + 1; stretch++) {
            executed(stretch, 5);
            heard(C, stretch, 5);
        }
        parts.effects();
        heard(B, 2, 6);
        assertThat(named()).containsExactly(Set.of(B.node()));
        executed(1, 5);
        heard(C, 1, 5);
        heard(B, 1, 5);
        assertThat(comparison.odd()).containsExactly(B.node());
        executed(Comparison.KEPT + 2, 5);
        heard(C, 2, 5);
        heard(B, 2, 5);

        assertThat(comparison.odd()).containsExactly(B.node());
    }
}
