// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.REBORN;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.QuorumSystem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rule 17: who asks whether it would win believes only answers to this question, of those whose votes will count. */
class CanvassingTest {

    private final Parts parts = new Parts();
    private final Canvassing canvassing = new Canvassing(parts.self, parts.peers, new Used(), 2);

    private static LogMessage.CanvassReply reply(int round, boolean supports, long decided) {
        return new LogMessage.CanvassReply(new Probe(7, round), supports, null, Ballot.ZERO, decided);
    }

    @Test
    void theQuestionSaysHowFarThisNodeIsAndEachRoundIsAnother() {
        assertThat(canvassing.begin(10, 5)).isEqualTo(new LogMessage.Canvass(new Probe(7, 1), 10, 5));
        assertThat(canvassing.begin(11, 5)).isEqualTo(new LogMessage.Canvass(new Probe(7, 2), 11, 5));
    }

    @Test
    void aQuorumWithThisNodeWins() {
        canvassing.begin(0, 0);
        assertThat(canvassing.isWon()).isFalse();
        assertThat(canvassing.onReply(B, reply(1, false, 0))).isFalse();
        assertThat(canvassing.onReply(C, reply(1, true, 0))).isTrue();
        assertThat(canvassing.isWon()).isTrue();
    }

    @Test
    void answersToOtherQuestionsAndOfOtherStoresCountForNothing() {
        assertThat(canvassing.onReply(B, reply(0, true, 0)))
                .as("nothing was asked")
                .isFalse();
        canvassing.begin(0, 0);
        canvassing.begin(0, 0);
        assertThat(canvassing.onReply(B, reply(1, true, 90))).isFalse();
        assertThat(canvassing.onReply(REBORN, reply(2, true, 90))).isFalse();
        assertThat(canvassing.farthest()).isNull();
        assertThat(canvassing.isWon()).isFalse();
        canvassing.end();
        assertThat(canvassing.onReply(B, reply(2, true, 0))).isFalse();
        assertThat(canvassing.isWon()).isFalse();
    }

    @Test
    void whoIsFarBehindKnowsFromWhomToFetch() {
        canvassing.begin(10, 0);
        canvassing.onReply(B, reply(1, false, 10));
        assertThat(canvassing.farthest()).as("no farther than this node").isNull();
        canvassing.onReply(B, reply(1, false, 30));
        canvassing.onReply(C, reply(1, true, 20));
        assertThat(canvassing.farthest()).isEqualTo(B);
        assertThat(canvassing.highestDecided()).isEqualTo(30);
        assertThat(canvassing.shouldFetchFirst(10, 20)).as("not so far").isFalse();
        assertThat(canvassing.shouldFetchFirst(10, 19)).isTrue();
        canvassing.begin(10, 0);
        assertThat(canvassing.farthest()).as("of this round").isNull();
        assertThat(canvassing.highestDecided()).isEqualTo(10);
    }

    @Test
    void rule3_somebodyHasToLeadInTheEnd() {
        canvassing.begin(0, 0);
        canvassing.onReply(B, reply(1, true, 100));
        assertThat(canvassing.shouldFetchFirst(0, 10)).isTrue();
        assertThat(canvassing.shouldFetchFirst(0, 10)).isTrue();
        assertThat(canvassing.shouldFetchFirst(0, 10)).isFalse();
        canvassing.bePatient(1);
        assertThat(canvassing.shouldFetchFirst(0, 10)).isTrue();
        assertThat(canvassing.shouldFetchFirst(0, 10)).isFalse();
    }

    @Test
    void onlyTheAnswerThatMakesItAQuorumIsTheOneThatWins() {
        canvassing.begin(0, 0);
        assertThat(canvassing.onReply(C, reply(1, true, 0))).isTrue();
        assertThat(canvassing.onReply(C, reply(1, true, 0)))
                .as("a repeated answer")
                .isFalse();
        canvassing.end();
        assertThat(canvassing.isWon()).as("nothing is asked any more").isFalse();
    }

    @Test
    void rule10_aRoundIsWonByAllWhoGovernWhenItBeginsAndByNobodyElse() {
        Parts changing = new Parts(Parts.CONFIG.withAlpha(8));
        Canvassing during = new Canvassing(changing.self, changing.peers, new Used(), 2);
        Canvassing after = new Canvassing(changing.self, changing.peers, new Used(), 2);
        after.begin(4, 0);
        changing.peers.regimes().decide(5, Parts.changeTo(Parts.ME, Parts.D, Parts.E));
        changing.peers.regimes().advance(5);
        during.begin(5, 0);
        assertThat(during.onReply(Parts.D, reply(1, true, 0)))
                .as("those who go vote yet")
                .isFalse();
        assertThat(during.onReply(B, reply(1, true, 0))).isTrue();
        changing.peers.regimes().advance(12);
        after.begin(12, 0);
        assertThat(after.onReply(B, reply(2, true, 0))).as("it votes no more").isFalse();
        assertThat(after.onReply(Parts.E, reply(2, true, 0))).isTrue();
    }

    /** With quorums of two to be elected and four to choose, three supporters would only get in the way. */
    @Test
    void whoeverCouldBeElectedButGetNothingChosenHasNotWon() {
        Endpoint d = new Endpoint(NodeId.of("d"), new Incarnation(5));
        Endpoint e = new Endpoint(NodeId.of("e"), new Incarnation(6));
        Membership five = Membership.of(Map.of(
                Parts.ME.node(),
                Parts.ME.incarnation(),
                B.node(),
                B.incarnation(),
                C.node(),
                C.incarnation(),
                d.node(),
                d.incarnation(),
                e.node(),
                e.incarnation()));
        QuorumSystem quorums = new FlexibleQuorums(five.voters().keySet(), 2, 4);
        Canvassing flexible =
                new Canvassing(parts.self, new Peers(parts.self, five, quorums, List::of, () -> true), new Used(), 2);
        flexible.begin(0, 0);
        assertThat(flexible.onReply(B, reply(1, true, 0))).isFalse();
        assertThat(flexible.onReply(C, reply(1, true, 0))).isFalse();
        assertThat(flexible.onReply(C, reply(1, true, 0))).as("once each").isFalse();
        assertThat(flexible.isWon()).isFalse();
        assertThat(flexible.onReply(d, reply(1, true, 0))).isTrue();
    }
}
