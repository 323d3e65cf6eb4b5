// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.model.ClusterName;
import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules 9 and 10: which changes of membership a snapshot tells of, and which it cannot tell of. */
class ChangesInSnapshotsTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final NodeId ME = NodeId.of("me");
    private static final NodeId OTHER = NodeId.of("other");

    /** A change governs so many slots behind the one that decides it. */
    private static final int ALPHA = 4;

    /** Has no state; counts how often it was restored. */
    private static final class Stateless implements StateMachine<Payload, Payload> {

        int restored;

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            return command;
        }

        @Override
        public Capture capture() {
            return out -> {};
        }

        @Override
        public void restore(InputStream snapshot) {
            restored++;
        }
    }

    private final Stateless machine = new Stateless();
    private final AppliedState state = state(machine);

    private static AppliedState state(Stateless machine) {
        return new AppliedState(
                new Self(new ClusterName("c"), new Endpoint(ME, new Incarnation(1)), 42),
                GROUP,
                machine,
                SnapshotPolicy.NEVER,
                10,
                new Changes(ALPHA, MajorityQuorums::of));
    }

    /** Two voters and no observer, or one of each. */
    private static Configuration configuration(long version) {
        return version % 2 == 1
                ? new Configuration(
                        version,
                        Membership.of(Map.of(ME, new Incarnation(1), OTHER, new Incarnation(2))),
                        new TreeSet<>())
                : new Configuration(
                        version, Membership.of(Map.of(ME, new Incarnation(1))), new TreeSet<>(List.of(OTHER)));
    }

    private static Value change(long version) {
        return new Value.Reconfigure(configuration(version));
    }

    private static DecidedChange decided(long slot, long version) {
        return new DecidedChange(slot, configuration(version));
    }

    private void apply(Value... values) {
        state.apply(state.applied() + 1, List.of(values));
    }

    private byte[] snapshot() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Objects.requireNonNull(state.capture()).writeTo(out);
        state.snapshotEnded();
        return out.toByteArray();
    }

    private static AppliedState restored(byte[] snapshot) throws IOException {
        AppliedState restored = state(new Stateless());
        restored.restore(new ByteArrayInputStream(snapshot));
        return restored;
    }

    @Test
    void rule9_allChangesThatMatterBehindASnapshotAreRestored() throws IOException {
        apply(change(1), Value.NO_OP, change(2), change(3));
        AppliedState restored = restored(snapshot());
        assertThat(restored.applied()).isEqualTo(4);
        assertThat(restored.changes())
                .as("the last of them in the last slot")
                .containsExactly(decided(1, 1), decided(3, 2), decided(4, 3));
    }

    @Test
    void rule9_theFeatureLevelThatWasRaisedIsRestored() throws IOException {
        apply(Value.NO_OP);
        assertThat(snapshot()[4]).as("an older library reads it").isEqualTo((byte) 1);
        apply(new Value.RaiseLevel(FeatureLevel.LATEST), change(1), Value.NO_OP);
        byte[] snapshot = snapshot();
        assertThat(snapshot[4]).as("an older library refuses it").isEqualTo((byte) 3);
        AppliedState restored = restored(snapshot);
        assertThat(restored.level()).isEqualTo(FeatureLevel.LATEST);
        assertThat(restored.changes()).containsExactly(decided(3, 1));
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        Objects.requireNonNull(restored.capture()).writeTo(again);
        assertThat(again.toByteArray()).isEqualTo(snapshot);
    }

    @Test
    void rule9_aClusterThatBeginsWithASnapshotBeginsAtItsLevel() throws IOException {
        AppliedState usual = new AppliedState(
                new Self(new ClusterName("c"), new Endpoint(ME, new Incarnation(1)), 42),
                GROUP,
                new Stateless(),
                SnapshotPolicy.NEVER);
        usual.apply(1, List.of(new Value.RaiseLevel(FeatureLevel.LATEST)));
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        Objects.requireNonNull(usual.capture()).writeTo(snapshot);
        SnapshotHead head = SnapshotHead.read(GROUP, new ByteArrayInputStream(snapshot.toByteArray()));
        ByteArrayOutputStream unchanged = new ByteArrayOutputStream();
        head.writeUnchanged(unchanged);
        assertThat(SnapshotHead.read(GROUP, new ByteArrayInputStream(unchanged.toByteArray()))
                        .level())
                .isEqualTo(head.level())
                .isEqualTo(FeatureLevel.LATEST);
    }

    @Test
    void rule9_aSnapshotAboveWhatThisLibrarySupportsIsRefused() throws IOException {
        apply(new Value.RaiseLevel(new FeatureLevel(99)));
        byte[] snapshot = snapshot();
        assertThatThrownBy(() -> restored(snapshot))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("taken at feature level 99")
                .hasMessageContaining("supports up to " + FeatureLevel.LATEST);
    }

    @Test
    void aChangeThatGovernsNoSlotToComeIsForgottenWithTheNextOne() {
        apply(change(1), change(2), Value.NO_OP);
        assertThat(state.changes()).hasSize(2);
        apply(Value.NO_OP, change(3));
        assertThat(state.changes())
                .as("the second change governs from slot 6 on")
                .containsExactly(decided(2, 2), decided(5, 3));
    }

    /** Where the numbers of the snapshot up to slot 4 stand: α, how many changes, and the first numbers of the second. */
    private static final int ALPHA_AT = 36;

    private static final int COUNT = 40;
    private static final int FIRST_VOTERS = 60;
    private static final int SECOND_SLOT = 95;
    private static final int SECOND_VERSION = 103;

    @ParameterizedTest
    @CsvSource({
        SECOND_SLOT + ", 1, cannot tell of",
        SECOND_SLOT + ", 5, cannot tell of",
        SECOND_VERSION + ", 1, cannot tell of",
        SECOND_VERSION + ", 3, cannot tell of",
    })
    void aSnapshotWhoseChangesCannotHaveFollowedUponEachOtherIsRefused(int at, long number, String message)
            throws IOException {
        apply(change(1), Value.NO_OP, change(2), Value.NO_OP);
        byte[] snapshot = snapshot();
        ByteBuffer bytes = ByteBuffer.wrap(snapshot);
        assertThat(bytes.getLong(SECOND_SLOT)).isEqualTo(3);
        assertThat(bytes.getLong(SECOND_VERSION)).isEqualTo(2);
        assertThat(restored(snapshot).changes()).hasSize(2);
        bytes.putLong(at, number);
        assertThatThrownBy(() -> restored(snapshot))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        ALPHA_AT + ", 5, from 5 slots behind it",
        COUNT + ", -1, of -1 changes",
        COUNT + ", 1048577, of 1048577 changes",
        FIRST_VOTERS + ", -1, name -1 nodes",
        FIRST_VOTERS + ", 1048577, name 1048577 nodes",
        FIRST_VOTERS + ", 0, holds what cannot be",
    })
    void aSnapshotThatCountsWhatCannotBeIsRefused(int at, int number, String message) throws IOException {
        apply(change(1), Value.NO_OP, change(2), Value.NO_OP);
        byte[] snapshot = snapshot();
        ByteBuffer bytes = ByteBuffer.wrap(snapshot);
        assertThat(bytes.getInt(ALPHA_AT)).isEqualTo(ALPHA);
        assertThat(bytes.getInt(COUNT)).isEqualTo(2);
        assertThat(bytes.getInt(FIRST_VOTERS)).isEqualTo(2);
        bytes.putInt(at, number);
        assertThatThrownBy(() -> restored(snapshot))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    /** The slot and the bytes of the log stand behind the number, the version and the name of the log. */
    @Test
    void theFirstSlotAloneAndALogOfNoBytesCanBeRestored() throws IOException {
        apply(Value.NO_OP);
        byte[] snapshot = snapshot();
        assertThat(ByteBuffer.wrap(snapshot).getLong(12)).isEqualTo(1);
        ByteBuffer.wrap(snapshot).putLong(20, 0);
        assertThat(restored(snapshot).applied()).isEqualTo(1);
    }

    @Test
    void rule9_aSnapshotOfTheVerySlotThatIsReachedReplacesNothing() throws IOException {
        apply(new Value.OpenSession(ME, 42, LogTime.ZERO), Value.NO_OP);
        assertThat(state.restore(new ByteArrayInputStream(snapshot()))).isEmpty();
        assertThat(machine.restored).isZero();
        apply(Value.NO_OP);
        assertThat(state.applied()).isEqualTo(3);
    }
}
