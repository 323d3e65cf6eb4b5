// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryStorageTest {

    private static final StoreOwner OWNER = new StoreOwner(new ClusterName("c"), NodeId.of("n1"));
    private static final GroupId GROUP = GroupId.of("g");
    private static final Ballot LOW = Ballot.ZERO.next(NodeId.of("n1"), 7);
    private static final Ballot HIGH = LOW.next(NodeId.of("n2"), 8);
    private static final Value SESSION = new Value.OpenSession(NodeId.of("n1"), 7, LogTime.ZERO);

    private final InMemoryStorage storage = new InMemoryStorage();

    private RecoveredState afterRestart() throws IOException {
        storage.close();
        return storage.recover(OWNER);
    }

    private RecoveredState.Log logAfter(Write... writes) throws IOException {
        storage.recover(OWNER);
        storage.write(List.of(writes));
        return afterRestart().groups().get(GROUP);
    }

    @Test
    void aNewStoreIsEmptyAndItsIdentityIsItsOwn() throws Exception {
        RecoveredState state = storage.recover(OWNER);
        assertThat(state).isEqualTo(RecoveredState.empty(state.incarnation()));
        assertThat(state.incarnation())
                .isNotEqualTo(new InMemoryStorage().recover(OWNER).incarnation());
        assertThat(afterRestart().incarnation()).isEqualTo(state.incarnation());
    }

    @Test
    void rule2_anAcceptRaisesThePromise() throws Exception {
        RecoveredState.Log log = logAfter(
                new Write.PromiseWrite(GROUP, LOW),
                new Write.AcceptWrite(GROUP, HIGH, 3, List.of(Value.NO_OP, SESSION)));
        assertThat(log.promised()).isEqualTo(HIGH);
        assertThat(log.slots())
                .containsOnlyKeys(3L, 4L)
                .containsEntry(3L, new Proposal<>(HIGH, Value.NO_OP))
                .containsEntry(4L, new Proposal<>(HIGH, SESSION));
    }

    @Test
    void aPromiseNeverGoesBack() throws Exception {
        RecoveredState.Log log = logAfter(
                new Write.PromiseWrite(GROUP, HIGH),
                new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP)),
                new Write.PromiseWrite(GROUP, LOW));
        assertThat(log.promised()).isEqualTo(HIGH);
    }

    @Test
    void whatIsLearnedReplacesWhatWasAcceptedAndBearsNoBallot() throws Exception {
        RecoveredState.Log log = logAfter(
                new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP)),
                new Write.LearnWrite(GROUP, 1, List.of(SESSION)),
                new Write.DecidedWrite(GROUP, 1));
        assertThat(log.at(1)).isEqualTo(new Proposal<>(Ballot.ZERO, SESSION));
        assertThat(log.promised()).isEqualTo(LOW);
        assertThat(log.decided()).isEqualTo(1);
    }

    @Test
    void rule15_aDecidedDecreeStaysDecided() throws Exception {
        DecreeName name = new DecreeName("owner");
        Payload value = Payload.utf8("v");
        Write.DecreeWrite open = new Write.DecreeWrite(name, LOW, new Proposal<>(LOW, value));
        storage.recover(OWNER);
        storage.write(List.of(open));
        assertThat(afterRestart().decrees()).isEqualTo(Map.of(name, open));
        storage.write(List.of(new Write.DecreeDecidedWrite(name, value), open));
        RecoveredState state = afterRestart();
        assertThat(state.decrees()).isEmpty();
        assertThat(state.decided()).isEqualTo(Map.of(name, value));
    }

    @Test
    void theLatestFormationCounts() throws Exception {
        Membership vector = Membership.of(Map.of(NodeId.of("n1"), new Incarnation(1)));
        Write.FormationWrite bound = new Write.FormationWrite(vector, null, List.of());
        Write.FormationWrite formed = new Write.FormationWrite(vector, vector, List.of());
        storage.recover(OWNER);
        storage.write(List.of(bound, formed));
        assertThat(afterRestart().formation()).isEqualTo(formed);
    }

    @Test
    void whatIsRecoveredDoesNotChangeWithLaterWrites() throws Exception {
        DecreeName name = new DecreeName("owner");
        RecoveredState state = storage.recover(OWNER);
        storage.write(List.of(
                new Write.DecreeDecidedWrite(name, Payload.EMPTY),
                new Write.AcceptWrite(GROUP, LOW, 1, List.of(Value.NO_OP))));
        assertThat(state.decided()).isEmpty();
        RecoveredState later = afterRestart();
        storage.write(List.of(new Write.AcceptWrite(GROUP, HIGH, 2, List.of(Value.NO_OP))));
        assertThat(later.groups().get(GROUP).slots()).containsOnlyKeys(1L);
    }

    @Test
    void anotherOwnerIsRefusedByBothNames() throws Exception {
        storage.recover(OWNER);
        storage.close();
        assertThatThrownBy(() -> storage.recover(new StoreOwner(new ClusterName("d"), NodeId.of("n2"))))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("node n1 of cluster c", "node n2 of cluster d", "a store of its own");
        assertThat(storage.recover(OWNER)).isNotNull();
    }

    @Test
    void twoNodesCannotUseItAtOnce() throws Exception {
        storage.recover(OWNER);
        assertThatThrownBy(() -> storage.recover(OWNER))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("in use", "node n1", "close that node first");
    }

    @Test
    void aClosedStoreTakesNoWrites() throws Exception {
        storage.recover(OWNER);
        storage.close();
        storage.close();
        assertThatThrownBy(() -> storage.write(List.of())).isInstanceOf(IOException.class);
    }

    @Test
    void itsIdentityMustBeDefinite() {
        assertThatThrownBy(() -> new InMemoryStorage(Incarnation.ANY)).isInstanceOf(IllegalArgumentException.class);
        assertThat(storage.blocks()).isFalse();
    }
}
