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
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a replica answers those who call it when it can do nothing for them, and for how long it tries. */
class ReplicaCallsTest {

    private static final CommandId SOME = new CommandId(1, 1);
    private static final CommandId OTHER = new CommandId(1, 2);

    private static Event.Resolve resolve(long request, CommandId command, int ticks) {
        return new Event.Resolve(new RequestId(request), Parts.GROUP, command, ticks);
    }

    private static Event.Transfer transfer(long request, NodeId target) {
        return new Event.Transfer(new RequestId(request), Parts.GROUP, target, false, 100);
    }

    /** One call of each kind, none of which can be answered at once: b's new store is there and says nothing. */
    private static void callInEveryWay(DrivenReplica driven) {
        Replica replica = driven.replica;
        driven.parts.observers = List.of(Parts.REBORN);
        replica.submit(new RequestId(1), Payload.utf8("x"), 100);
        replica.read(new RequestId(2), Freshness.ACKNOWLEDGED, 100);
        replica.read(new RequestId(3), new Freshness.AtLeast(9), 100);
        replica.resolve(resolve(4, SOME, 100));
        replica.transfer(transfer(5, C.node()));
        replica.reconfigure(new RequestId(6), MembershipChange.add(B.node()), 100);
    }

    private static void assertReason(Map<Long, Outcome> outcomes, long request, Outcome.Reason reason) {
        assertThat(outcomes.get(request))
                .isInstanceOfSatisfying(Outcome.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo(reason));
    }

    /** A queue of one call, and leases of twenty ticks. */
    private static MachineConfig narrow() {
        return new MachineConfig(5, 30, 10, 20, 4, 10_000, 1000, 1, 10_000, 500, 10, 0, SnapshotPolicy.NEVER)
                .with(new LeasePolicy(20 * DrivenReplica.TICK_NANOS, 0.25));
    }

    @Test
    void whoHaltsAnswersEveryCallerOnceAndSaysThatItLeadsNoMore() {
        DrivenReplica driven = DrivenReplica.formed(Parts.CONFIG);
        Ballot ballot = driven.lead();
        assertThat(driven.done(Effect.LeadershipChanged.class)).containsExactly(leads(ballot));
        driven.forget();
        callInEveryWay(driven);
        driven.flush();
        assertThat(driven.outcomes).isEmpty();
        driven.replica.halt("enough");
        driven.flush();
        assertThat(driven.outcomes).containsOnlyKeys(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(driven.done(Effect.LeadershipChanged.class)).containsExactly(leads(null));
        driven.ticks(200);
        assertThat(driven.outcomes).hasSize(6);
        assertThat(driven.replica.status().waiting()).isZero();
    }

    private static Effect.LeadershipChanged leads(@Nullable Ballot token) {
        return new Effect.LeadershipChanged(Parts.GROUP, token);
    }

    @Test
    void whoHasHaltedRefusesEveryCall() {
        DrivenReplica driven = DrivenReplica.formed(Parts.CONFIG);
        driven.replica.halt("enough");
        driven.flush();
        callInEveryWay(driven);
        driven.flush();
        assertThat(driven.outcomes).hasSize(6).allSatisfy((call, outcome) -> assertThat(outcome)
                .isEqualTo(new Outcome.Refused(Outcome.Reason.STOPPED, "enough")));
    }

    @Test
    void beforeTheClusterHasFormedNobodyHandsAnOfficeOver() {
        DrivenReplica driven = new DrivenReplica(Parts.CONFIG, RecoveredState.Log.EMPTY);
        callInEveryWay(driven);
        driven.flush();
        assertThat(driven.outcomes).as("the others wait").containsOnlyKeys(5L);
        assertReason(driven.outcomes, 5, Outcome.Reason.NOT_LEADER);
    }

    @Test
    void allThatWaitIsCountedInTheStatus() {
        DrivenReplica driven = DrivenReplica.formed(Parts.CONFIG);
        for (int i = 1; i <= 2; i++) {
            driven.replica.read(new RequestId(20 + i), Freshness.ACKNOWLEDGED, 100);
        }
        for (int i = 1; i <= 3; i++) {
            driven.replica.read(new RequestId(30 + i), new Freshness.AtLeast(9), 100);
        }
        driven.replica.resolve(resolve(4, SOME, 100));
        driven.replica.submit(new RequestId(1), Payload.utf8("x"), 100);
        driven.flush();
        assertThat(driven.replica.status().waiting()).isEqualTo(7);
    }

    @Test
    void rule18_moreReadsThanMayWaitAreRefusedWhateverTheyAreToSee() {
        for (Freshness freshness :
                new Freshness[] {Freshness.ACKNOWLEDGED, new Freshness.AtLeast(9), new Freshness.MarkedSince(5)}) {
            DrivenReplica driven = DrivenReplica.formed(narrow());
            driven.replica.read(new RequestId(1), freshness, 100);
            driven.replica.read(new RequestId(2), freshness, 100);
            driven.flush();
            assertThat(driven.outcomes).as("%s", freshness).containsOnlyKeys(2L);
            assertReason(driven.outcomes, 2, Outcome.Reason.OVERLOADED);
        }
    }

    @Test
    void rule18_moreReadsUnderALeaseThanMayWaitAreRefused() {
        DrivenReplica driven = DrivenReplica.formed(narrow());
        Ballot ballot = driven.lead();
        driven.ticks(1);
        LogMessage.LeaseRequest request =
                driven.said(LogMessage.LeaseRequest.class).get(0);
        driven.hear(B, new LogMessage.LeaseGrant(ballot, request.count()));
        driven.forget();
        Freshness freshness = new Freshness.UnderLease(driven.now * DrivenReplica.TICK_NANOS);
        driven.replica.read(new RequestId(1), freshness, 100);
        driven.replica.read(new RequestId(2), freshness, 100);
        driven.flush();
        assertThat(driven.said(LogMessage.ReadQuery.class))
                .as("the lease covers it")
                .isEmpty();
        assertThat(driven.outcomes).containsEntry(1L, new Outcome.Current(0));
        assertReason(driven.outcomes, 2, Outcome.Reason.OVERLOADED);
    }

    @Test
    void rule18_moreCommandsToBeSettledThanMayWaitAreRefused() {
        DrivenReplica driven = DrivenReplica.formed(narrow());
        driven.replica.resolve(resolve(1, SOME, 100));
        driven.replica.resolve(resolve(2, SOME, 100));
        driven.flush();
        assertThat(driven.outcomes).containsOnlyKeys(2L);
        assertReason(driven.outcomes, 2, Outcome.Reason.OVERLOADED);
    }

    @Test
    void whatBecameOfACommandIsUnknownWhenTheTicksThatWereGivenHavePassed() {
        DrivenReplica driven = DrivenReplica.formed(Parts.CONFIG);
        driven.ticks(10);
        driven.replica.resolve(resolve(1, SOME, 25));
        driven.ticks(24);
        assertThat(driven.outcomes).isEmpty();
        driven.ticks(1);
        assertThat(driven.outcomes.get(1L))
                .isInstanceOfSatisfying(Outcome.Unknown.class, unknown -> assertThat(unknown.command())
                        .isEqualTo(SOME));
    }

    @Test
    void aLeaderPutsAllFencesIntoTheLogAtOnce() {
        DrivenReplica driven = DrivenReplica.formed(Parts.CONFIG);
        driven.lead();
        driven.forget();
        driven.replica.resolve(resolve(1, SOME, 100));
        driven.replica.resolve(resolve(2, OTHER, 100));
        driven.flush();
        LogTime time = new LogTime(driven.now);
        assertThat(driven.said(LogMessage.Accept.class)).isNotEmpty().allSatisfy(accept -> assertThat(accept.values())
                .containsExactly(Value.Command.fence(SOME, time), Value.Command.fence(OTHER, time)));
    }

    @Test
    void aFenceThatWasSentToALeaderIsSentToTheNextOneAtOnce() {
        DrivenReplica driven = DrivenReplica.formed(Parts.CONFIG);
        driven.hear(B, new LogMessage.Heartbeat(Parts.ballot(5, B), 0));
        driven.replica.resolve(resolve(1, SOME, 100));
        driven.flush();
        assertThat(Parts.whoHeard(driven.said(), LogMessage.Forward.class)).containsExactly(B);
        driven.forget();
        driven.hear(C, new LogMessage.Heartbeat(Parts.ballot(6, C), 0));
        assertThat(Parts.whoHeard(driven.said(), LogMessage.Forward.class)).containsExactly(C);
    }
}
