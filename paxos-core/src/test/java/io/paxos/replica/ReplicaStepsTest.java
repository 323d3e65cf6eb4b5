// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.LogMessage;
import io.paxos.message.LogMessage.CloseSlots;
import io.paxos.message.LogMessage.ReadQuery;
import io.paxos.message.LogMessage.ReadReply;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replica does of itself in one step or another: for those who read, for those who lead, and lest it err. */
class ReplicaStepsTest {

    private final DrivenReplica driven = DrivenReplica.formed(Parts.CONFIG);

    private static ReadReply reply(long round, long highest) {
        return new ReadReply(new Probe(7, round), highest, 0, false);
    }

    private void read(long request) {
        driven.replica.read(new RequestId(request), Freshness.ACKNOWLEDGED, 1000);
        driven.flush();
    }

    @Test
    void rule13_whatThisNodesAnswerHelpedToFindIsAskedAnewWhenItIsNotCountedAnyMore() {
        read(1);
        driven.hear(B, reply(1, 3));
        driven.forget();
        driven.parts.votes = false;
        driven.replica.observe();
        driven.flush();
        assertThat(Parts.whoHeard(driven.said(), ReadQuery.class)).containsExactly(B, C);
    }

    @Test
    void rule13_aLeaderLeavesNoSlotFreeThatAReadOfItsOwnWaitsFor() {
        Ballot ballot = driven.lead();
        read(1);
        driven.hear(C, reply(1, 3));
        driven.forget();
        for (int i = 0; i < 2 * Parts.CONFIG.resendTicks(); i++) {
            assertThat(driven.said(LogMessage.Accept.class)).isEmpty();
            driven.hear(B, new LogMessage.HeartbeatAck(ballot, 0));
            driven.ticks(1);
        }
        assertThat(driven.said(LogMessage.Accept.class)).isNotEmpty().allSatisfy(accept -> {
            assertThat(accept.first()).isEqualTo(1);
            assertThat(accept.values()).containsExactly(Value.NO_OP, Value.NO_OP, Value.NO_OP);
        });
    }

    /** It may be that the leader is heard here and does not hear this node. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rule17_theLeaderIsAskedToCloseASlotEitherDirectlyOrThroughAnother(boolean directly) {
        driven.coin = directly;
        driven.hear(B, new LogMessage.Heartbeat(Parts.ballot(5, B), 0));
        read(1);
        driven.hear(B, reply(1, 3));
        for (int i = 0; i < 9; i++) {
            driven.ticks(5);
            driven.hear(B, new LogMessage.Heartbeat(Parts.ballot(5, B), 0));
        }
        assertThat(driven.said()).contains(Parts.said(directly ? B : C, new CloseSlots(3, 4)));
        assertThat(driven.said(CloseSlots.class)).hasSize(1);
    }

    @Test
    void whatAReadWaitsForIsToBeExecutedBeforeAnythingElse() {
        Ballot ballot = Parts.ballot(5, B);
        driven.hear(B, new LogMessage.Accept(ballot, 1, Parts.commands(1, 2), 0));
        driven.hear(B, new LogMessage.Heartbeat(ballot, 2));
        read(1);
        driven.hear(B, reply(1, 4));
        driven.hear(B, new LogMessage.Accept(ballot, 3, Parts.commands(3, 4), 0));
        driven.hear(B, new LogMessage.Heartbeat(ballot, 4));
        assertThat(driven.done(Effect.Apply.class).map(Effect.Apply::awaited)).containsExactly(false, true);
        driven.replica.applied(new Event.Applied(Parts.GROUP, 4, List.of()));
        driven.flush();
        assertThat(driven.outcomes).containsEntry(1L, new Outcome.Current(4));
    }

    @Test
    void rule9_nobodyIsAskedBeforeTheSnapshotHasSaidWhoVotes() {
        SnapshotInfo snapshot = new SnapshotInfo(10, 3, 7);
        DrivenReplica restarted =
                new DrivenReplica(Parts.CONFIG, new RecoveredState.Log(Ballot.ZERO, new TreeMap<>(), 10, 10, snapshot));
        restarted.replica.form(restarted.parts.peers);
        restarted.replica.read(new RequestId(1), Freshness.ACKNOWLEDGED, 1000);
        restarted.flush();
        assertThat(restarted.done(Effect.Install.class)).hasSize(1);
        restarted.replica.applied(new Event.Applied(Parts.GROUP, 10, List.of()));
        restarted.flush();
        assertThat(restarted.said(ReadQuery.class)).isEmpty();
        restarted.replica.applied(new Event.Applied(Parts.GROUP, 10, List.of(), false, List.of()));
        restarted.flush();
        assertThat(Parts.whoHeard(restarted.said(), ReadQuery.class)).containsExactly(B, C);
    }

    @Test
    void aLeaderThatFindsMoreDecidedThanItsBallotHasChosenStopsBeforeAnythingLeaves() {
        driven.lead();
        driven.forget();
        driven.replica.applied(new Event.Applied(Parts.GROUP, 20, List.of(), false, List.of()));
        driven.flush();
        assertThat(driven.done(Effect.Halted.class)).singleElement().satisfies(halted -> assertThat(halted.reason())
                .contains("found a rule broken and stopped: as leader decided slot 20"));
        assertThat(driven.done(Effect.Persist.class)).isEmpty();
        assertThat(driven.replica.status().role()).isEqualTo(Effect.RoleName.HALTED);
    }

    /** b alone has answered lately, and lacks more than a window. */
    private Ballot leadWithSuccessorsFarBehind() {
        Ballot ballot = driven.lead();
        driven.replica.receive(C, new LogMessage.Forward(Parts.commands(1, 4), 1));
        driven.flush();
        driven.hear(C, new LogMessage.Accepted(ballot, new SlotRange(1, 5)));
        driven.replica.receive(C, new LogMessage.Forward(Parts.commands(5, 6), 1));
        driven.flush();
        driven.hear(C, new LogMessage.Accepted(ballot, new SlotRange(5, 7)));
        assertThat(driven.replica.status().decided()).isEqualTo(6);
        waitWithB(ballot, 30);
        driven.forget();
        return ballot;
    }

    private void waitWithB(Ballot ballot, int ticks) {
        for (int i = 0; i < ticks; i++) {
            driven.ticks(1);
            driven.hear(B, new LogMessage.HeartbeatAck(ballot, 0));
        }
    }

    private List<Endpoint> whoWasToldToTakeOver() {
        return Parts.whoHeard(driven.said(), LogMessage.TakeOver.class);
    }

    @Test
    void whoIsAboutToCloseWaitsAnElectionTimeForASuccessorToComeNear() {
        Ballot ballot = leadWithSuccessorsFarBehind();
        driven.replica.handOver();
        driven.flush();
        waitWithB(ballot, 29);
        assertThat(whoWasToldToTakeOver()).isEmpty();
        driven.hear(B, new LogMessage.HeartbeatAck(ballot, 2));
        assertThat(whoWasToldToTakeOver()).containsExactly(B);
    }

    @Test
    void whoIsAboutToCloseWaitsNoLongerForASuccessorThanAnElectionTakes() {
        Ballot ballot = leadWithSuccessorsFarBehind();
        driven.replica.handOver();
        driven.flush();
        waitWithB(ballot, 30);
        driven.hear(B, new LogMessage.HeartbeatAck(ballot, 2));
        assertThat(whoWasToldToTakeOver()).isEmpty();
    }
}
