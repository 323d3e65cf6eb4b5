// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.quorum.MajorityQuorums;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Decisions are told with what is said anyway, and at once only to whom they matter. */
class TidingsTest {

    private static final Endpoint ME = endpoint("n1");
    private static final Endpoint NEAR = endpoint("n2");
    private static final Endpoint FAR = endpoint("n3");
    private static final Endpoint OBSERVER = endpoint("o");

    private final Outbox outbox = new Outbox(GroupId.of("g"));
    private List<Endpoint> observers = List.of(OBSERVER);
    private final Tidings tidings = tidings();

    private static Endpoint endpoint(String name) {
        return new Endpoint(NodeId.of(name), new Incarnation(name.hashCode()));
    }

    private Tidings tidings() {
        Membership membership = Membership.of(
                Map.of(ME.node(), ME.incarnation(), NEAR.node(), NEAR.incarnation(), FAR.node(), FAR.incarnation()));
        Peers peers = new Peers(
                new Self(new ClusterName("test"), ME, 7),
                membership,
                MajorityQuorums.of(membership.voters().keySet()),
                () -> observers,
                () -> true);
        outbox.form(peers);
        return new Tidings(peers, outbox, Ballot.ZERO.next(ME.node(), 7));
    }

    private List<String> told() {
        return outbox.drain().stream()
                .map(effect -> ((Effect.Send) effect).envelope())
                .map(envelope -> envelope.to().node() + " "
                        + ((LogMessage.Decide) ((GroupMessage) envelope.message()).body()).decided())
                .toList();
    }

    @Test
    void nobodyIsToldBeforeTheTickUnlessCallersWaitThere() {
        tidings.tellHurried(5, 1);
        assertThat(told()).isEmpty();
        tidings.hurry(FAR, 1);
        tidings.tellHurried(5, 1);
        assertThat(told()).containsExactly("n3 5");
        tidings.tellHurried(5, 2);
        assertThat(told()).as("it knows").isEmpty();
        tidings.tellAll(5);
        assertThat(told()).containsExactlyInAnyOrder("n2 5", "o 5");
        tidings.tellAll(5);
        assertThat(told()).isEmpty();
    }

    @Test
    void anAcceptCarriesThemToVotersButNotToObservers() {
        tidings.carried(List.of(NEAR, FAR), 5);
        tidings.tellAll(5);
        assertThat(told()).containsExactly("o 5");
        tidings.tellAll(6);
        assertThat(told()).containsExactlyInAnyOrder("n2 6", "n3 6", "o 6");
    }

    @Test
    void theHurryEnds() {
        tidings.hurry(NEAR, 1);
        tidings.tellHurried(5, 50);
        assertThat(told()).containsExactly("n2 5");
        tidings.tellHurried(6, 51);
        assertThat(told()).isEmpty();
    }

    @Test
    void whoStoppedAskingForAMomentIsNotToldAgainWhatItKnows() {
        Endpoint other = endpoint("p");
        observers = List.of(OBSERVER, other);
        tidings.tellAll(5);
        told();
        observers = List.of(other);
        tidings.tellAll(5);
        observers = List.of(OBSERVER, other);
        tidings.tellAll(5);
        assertThat(told()).isEmpty();
    }

    /** However often observers are started anew, those who are still there are told once. */
    @Test
    void observersThatCameAndWentAreNoReasonToTellAnybodyAgain() {
        for (int i = 0; i < 5; i++) {
            observers = List.of(new Endpoint(OBSERVER.node(), new Incarnation(i)));
            tidings.tellAll(5);
        }
        assertThat(told()).containsExactlyInAnyOrder("n2 5", "n3 5", "o 5", "o 5", "o 5", "o 5", "o 5");
        tidings.tellAll(5);
        assertThat(told()).isEmpty();
    }
}
