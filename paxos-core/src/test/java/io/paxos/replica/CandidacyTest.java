// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.RecoveredState;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rule 17 for candidates: who comes on, however slowly, is not deposed by the next who asks. */
class CandidacyTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final Endpoint ME = new Endpoint(NodeId.of("a"), new Incarnation(1));
    private static final Endpoint B = new Endpoint(NodeId.of("b"), new Incarnation(2));
    private static final Endpoint C = new Endpoint(NodeId.of("c"), new Incarnation(3));
    private static final Ballot OF_B = new Ballot(1, B.node(), 9);
    private static final int TIMEOUT = MachineConfig.DEFAULTS.electionTicks();

    private final Replica replica = replica();
    private long now;
    private long asked;

    private static Replica replica() {
        Self self = new Self(new ClusterName("test"), ME, 7);
        Membership membership = Membership.of(
                Map.of(ME.node(), ME.incarnation(), B.node(), B.incarnation(), C.node(), C.incarnation()));
        Replica replica = new Replica(
                self,
                GROUP,
                MachineConfig.DEFAULTS,
                Remains.of(RecoveredState.Log.EMPTY, self, MachineConfig.DEFAULTS),
                new Random(1));
        replica.form(new Peers(
                self, membership, MajorityQuorums.of(membership.voters().keySet()), List::of, () -> true));
        return replica;
    }

    private <T> List<T> sent(Class<T> type) {
        return replica.flush().stream()
                .flatMap(effect -> effect instanceof Effect.Send send
                        ? Stream.of(send.envelope())
                        : effect instanceof Effect.Persist persist ? persist.afterDurable().stream() : Stream.empty())
                .map(envelope -> ((GroupMessage) envelope.message()).body())
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private boolean supportsC() {
        replica.flush();
        replica.receive(C, new LogMessage.Canvass(new Probe(3, ++asked), 0, 0));
        return sent(LogMessage.CanvassReply.class).get(0).supports();
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            replica.tick(++now, LogTime.ZERO, 0);
            replica.flush();
        }
    }

    @Test
    void rule17NobodyIsHelpedAgainstACandidateThatFetchesPartAfterPart() {
        assertThat(supportsC()).isTrue();
        replica.receive(B, new LogMessage.Prepare(OF_B, 1));
        assertThat(supportsC()).as("a first question is no progress yet").isTrue();
        replica.receive(B, new LogMessage.Prepare(OF_B, 2));
        assertThat(supportsC()).isFalse();
        ticks(TIMEOUT - 1);
        assertThat(supportsC()).isFalse();
        replica.receive(B, new LogMessage.Prepare(OF_B, 3));
        ticks(TIMEOUT - 1);
        assertThat(supportsC()).isFalse();
    }

    @Test
    void rule17ACandidateThatAsksTheSameAgainDoesNotKeepTheOthersWaiting() {
        replica.receive(B, new LogMessage.Prepare(OF_B, 1));
        replica.receive(B, new LogMessage.Prepare(OF_B, 2));
        ticks(TIMEOUT - 1);
        replica.receive(B, new LogMessage.Prepare(OF_B, 2));
        replica.receive(B, new LogMessage.Prepare(OF_B, 1));
        ticks(1);
        assertThat(supportsC()).isTrue();
    }

    @Test
    void rule17ACandidateWhosePromisesComeInPartsHelpsNobodyElse() {
        Ballot own = campaign();
        assertThat(supportsC()).as("nothing has come yet").isTrue();
        List<SlotProposal> first = List.of(new SlotProposal(1, new Proposal<>(OF_B, Value.NO_OP)));
        replica.receive(B, new LogMessage.Promise(own, new SlotRange(1, 2), false, 0, 0, first));
        assertThat(supportsC()).isFalse();
        ticks(TIMEOUT);
        assertThat(supportsC()).isTrue();
    }

    private Ballot campaign() {
        for (int tick = 0; tick < 200; tick++) {
            replica.tick(++now, LogTime.ZERO, 0);
            for (LogMessage.Canvass canvass : sent(LogMessage.Canvass.class)) {
                replica.receive(B, new LogMessage.CanvassReply(canvass.probe(), true, null, Ballot.ZERO, 0));
                return sent(LogMessage.Prepare.class).get(0).ballot();
            }
        }
        throw new AssertionError("no campaign within 200 ticks");
    }
}
