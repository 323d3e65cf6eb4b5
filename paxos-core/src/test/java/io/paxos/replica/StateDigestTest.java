// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What replicas come to, stretch by stretch. */
class StateDigestTest {

    private static final int LENGTH = 5;
    private static final GroupId GROUP = GroupId.of("g");

    /** Adds, and may show nothing of it, or something that nobody else comes to. */
    private static final class Sum implements StateMachine<Payload, Payload> {
        private long sum;
        private boolean isMute;
        private boolean tellsState = true;

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            sum += command.size();
            return isMute ? Payload.EMPTY : Payload.utf8("sum " + sum);
        }

        @Override
        public long digest() {
            return tellsState ? sum : 0;
        }

        @Override
        public Capture capture() {
            long captured = sum;
            return out -> new DataOutputStream(out).writeLong(captured);
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            sum = new DataInputStream(snapshot).readLong();
        }
    }

    private static AppliedState state(Sum machine, int length) {
        return new AppliedState(
                new Self(new ClusterName("c"), Parts.ME, 7),
                GROUP,
                machine,
                SnapshotPolicy.NEVER,
                AppliedState.MOST_SESSIONS,
                new Changes(MachineConfig.DEFAULT_ALPHA, MajorityQuorums::of),
                length);
    }

    /** A session in slot 1, and commands of growing length behind it. */
    private static List<Value> values(int count) {
        List<Value> values = new ArrayList<>();
        values.add(new Value.OpenSession(NodeId.of("n9"), 1, LogTime.ZERO));
        for (int i = 1; i < count; i++) {
            values.add(new Value.Command(new CommandId(1, i), 1, new LogTime(i), Payload.utf8("x".repeat(i))));
        }
        return values;
    }

    private static List<StateDigest> digests(Sum machine, int slots) {
        AppliedState state = state(machine, LENGTH);
        state.apply(1, values(slots));
        return state.takeDigests();
    }

    @Test
    void eachStretchComesToOneDigestHoweverItIsDivided() {
        List<StateDigest> atOnce = digests(new Sum(), 17);

        AppliedState state = state(new Sum(), LENGTH);
        List<StateDigest> oneByOne = new ArrayList<>();
        List<Value> values = values(17);
        for (int i = 0; i < values.size(); i++) {
            state.apply(i + 1, List.of(values.get(i)));
            oneByOne.addAll(state.takeDigests());
        }

        assertThat(atOnce).extracting(StateDigest::slot).containsExactly(5L, 10L, 15L);
        assertThat(atOnce).extracting(StateDigest::length).containsOnly(LENGTH);
        assertThat(atOnce).extracting(StateDigest::checksum).doesNotHaveDuplicates();
        assertThat(oneByOne).isEqualTo(atOnce);
        assertThat(state.takeDigests()).isEmpty();
    }

    @Test
    void whoStartsWithAnotherStateShowsItByItsResults() {
        Sum other = new Sum();
        other.sum = 1;
        other.tellsState = false;
        Sum usual = new Sum();
        usual.tellsState = false;

        assertThat(digests(other, 5)).doesNotContainAnyElementsOf(digests(usual, 5));
    }

    @Test
    void whoseResultsShowNothingShowsItByWhatItSaysOfItsState() {
        Sum usual = new Sum();
        usual.isMute = true;
        Sum other = new Sum();
        other.isMute = true;
        other.sum = 1;

        assertThat(digests(other, 5)).doesNotContainAnyElementsOf(digests(usual, 5));
    }

    @Test
    void aCommandThatIsPassedOverMakesADifference() {
        AppliedState state = state(new Sum(), LENGTH);
        List<Value> values = values(5);
        values.set(2, Value.NO_OP);
        state.apply(1, values);

        assertThat(state.takeDigests()).hasSize(1).doesNotContainAnyElementsOf(digests(new Sum(), 5));
    }

    @Test
    void whoBeginsWithASnapshotTakesPartFromTheNextStretchOn() throws IOException {
        assertThat(behindSnapshotAt(7)).isEqualTo(digests(new Sum(), 17).subList(2, 3));
    }

    @Test
    void aSnapshotAtTheEndOfAStretchLeavesNoneOut() throws IOException {
        assertThat(behindSnapshotAt(10)).isEqualTo(digests(new Sum(), 17).subList(2, 3));
        assertThat(behindSnapshotAt(5)).isEqualTo(digests(new Sum(), 17).subList(1, 3));
    }

    private static List<StateDigest> behindSnapshotAt(int slot) throws IOException {
        List<Value> values = values(17);
        AppliedState first = state(new Sum(), LENGTH);
        first.apply(1, values.subList(0, slot));
        CapturedState captured = first.capture();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        captured.writeTo(bytes);
        AppliedState restored = state(new Sum(), LENGTH);
        restored.apply(1, values.subList(0, 3));
        restored.restore(new ByteArrayInputStream(bytes.toByteArray()));
        restored.apply(slot + 1, values.subList(slot, values.size()));
        return restored.takeDigests();
    }

    @Test
    void withoutComparisonNothingIsSummedUp() {
        AppliedState state = state(new Sum(), 0);
        state.apply(1, values(17));

        assertThat(state.takeDigests()).isEmpty();
        assertThatThrownBy(() -> state(new Sum(), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void aStretchEndsAtAMultipleOfItsLength() {
        assertThatThrownBy(() -> new StateDigest(7, 5, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7");
        assertThatThrownBy(() -> new StateDigest(0, 5, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new StateDigest(5, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new StateDigest(10, 5, 0xAB)).hasToString("slots 6 to 10: ab");
    }
}
