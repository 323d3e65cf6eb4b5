// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.D;
import static io.paxos.replica.Parts.E;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.OBSERVER;
import static io.paxos.replica.Parts.REBORN;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is listened to, who is told what is decided, and where a node was last seen. */
class PeersTest {

    private final Parts parts = new Parts(Parts.CONFIG.withAlpha(8));
    private final Peers peers = parts.peers;

    /** Decided in slot 5, it governs from slot 13 on. */
    private void change() {
        peers.regimes().decide(5, Parts.changeTo(ME, D, E));
        peers.regimes().advance(5);
    }

    @Test
    void rule2_aVoteCountsDownToTheStore() {
        assertThat(peers.counts(B)).isTrue();
        assertThat(peers.counts(REBORN)).isFalse();
        assertThat(peers.counts(OBSERVER)).isFalse();
        assertThat(peers.counts(D)).isFalse();
    }

    @Test
    void rule7_whoIsNotCountedAnyMoreDoesNotCountItselfButGoesOnCountingTheOthers() {
        assertThat(peers.counts(ME)).isTrue();
        assertThat(peers.selfVotes()).isTrue();
        assertThat(peers.mayLead()).isTrue();
        parts.votes = false;
        assertThat(peers.counts(ME)).isFalse();
        assertThat(peers.counts(B)).isTrue();
        assertThat(peers.selfVotes()).isFalse();
        assertThat(peers.mayLead()).isFalse();
        LogMessage message = new LogMessage.Resign(Parts.ballot(1, ME));
        assertThat(peers.envelope(B, message(message)).start())
                .as("none of its starts speaks")
                .isEqualTo(StartId.NONE);
    }

    @Test
    void whoVotesAsksVotersAndWhoDoesNotAsksWhomeverItHasMet() {
        Peers sociable = new Peers(
                parts.self,
                Fingerprint.NONE,
                peers.regimes(),
                List::of,
                () -> List.of(B, D, ME),
                () -> parts.votes,
                Abilities.ALIKE);
        assertThat(sociable.informants()).containsExactlyInAnyOrder(B, C);
        parts.votes = false;
        assertThat(sociable.informants()).containsExactlyInAnyOrder(B, C, D);
    }

    @Test
    void observersAreThoseWhoAskAndDoNotVoteAtEveryMoment() {
        List<Endpoint> askers = new ArrayList<>(List.of(OBSERVER, B));
        Peers asked = new Peers(parts.self, Fingerprint.NONE, peers.regimes(), () -> askers, () -> parts.votes);
        assertThat(asked.observers()).containsExactly(OBSERVER);
        askers.add(D);
        assertThat(asked.observers()).containsExactly(OBSERVER, D);
        change();
        assertThat(asked.observers()).as("D is to vote").containsExactly(OBSERVER);
        askers.clear();
        assertThat(asked.observers()).isEmpty();
    }

    private static Message message(LogMessage body) {
        return new GroupMessage(Parts.GROUP, body);
    }

    @Test
    void rule10_whileTheMembershipChangesThoseWhoLeaveAndThoseWhoComeAreVoters() {
        change();
        assertThat(peers.otherVoters()).containsExactlyInAnyOrder(B, C, D, E);
        assertThat(peers.voters()).containsExactlyInAnyOrder(ME, B, C, D, E);
        assertThat(peers.counts(B)).isTrue();
        assertThat(peers.counts(E)).isTrue();
        peers.regimes().advance(12);
        assertThat(peers.voters()).containsExactlyInAnyOrder(ME, D, E);
        assertThat(peers.counts(B)).isFalse();
    }

    @Test
    void rule10_anOfficeLastsOnlyWithWhoStays() {
        assertThat(peers.mayLeadOn(B)).isTrue();
        assertThat(peers.mayLeadOn(D)).isFalse();
        change();
        assertThat(peers.mayLeadOn(B)).as("it leaves").isFalse();
        assertThat(peers.mayLeadOn(D)).as("it does not vote yet").isFalse();
        assertThat(peers.mayLeadOn(ME)).isTrue();
        peers.regimes().lose();
        assertThat(peers.mayLeadOn(ME)).as("nobody knows who votes").isFalse();
        assertThat(peers.mayLead()).isFalse();
    }

    @Test
    void thoseWhoAskAndDoNotVoteObserve() {
        assertThat(peers.observers()).isEmpty();
        parts.observers = List.of(B, OBSERVER, REBORN, D);
        assertThat(peers.observers()).containsExactly(OBSERVER, REBORN, D);
        change();
        assertThat(peers.observers()).as("one of them votes soon").containsExactly(OBSERVER, REBORN);
    }

    @Test
    void aNodeIsWhereItAskedFromLastElseWhereItsVoteCounts() {
        parts.observers = List.of(OBSERVER, REBORN);
        assertThat(peers.whereabouts(ME.node())).isEqualTo(ME);
        assertThat(peers.whereabouts(OBSERVER.node())).isEqualTo(OBSERVER);
        assertThat(peers.whereabouts(B.node())).isEqualTo(REBORN);
        assertThat(peers.whereabouts(C.node())).as("it has asked nothing").isEqualTo(C);
        assertThat(peers.whereabouts(NodeId.of("nobody"))).isNull();
        assertThat(peers.voter(B.node())).as("whatever runs there now").isEqualTo(B);
    }
}
