// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Completion;
import io.paxos.event.Completion.Status;
import io.paxos.event.Self;
import io.paxos.model.ClusterName;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rule 9: state and sessions are cut at one slot, and go on from there as if every command had been executed here. */
class SnapshotsTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final NodeId ME = NodeId.of("me");
    private static final NodeId OTHER = NodeId.of("other");
    private static final SnapshotPolicy EVERY_FIVE =
            SnapshotPolicy.DEFAULTS.withEvery(5, Long.MAX_VALUE).withRetained(0, 0);

    /** Remembers all commands with their contexts. */
    private static final class Journal implements StateMachine<Payload, Payload> {
        private String text = "";

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            text += command.toUtf8() + "@" + context.slot() + "/"
                    + context.time().millis() + " ";
            return Payload.utf8("r" + context.slot());
        }

        @Override
        public Capture capture() {
            String now = text;
            return out -> out.write(now.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            text = new String(snapshot.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private final Journal journal = new Journal();
    private final AppliedState state = state(ME, journal, EVERY_FIVE);

    private static AppliedState state(NodeId node, StateMachine<Payload, Payload> machine, SnapshotPolicy policy) {
        return new AppliedState(
                new Self(new ClusterName("c"), new Endpoint(node, new Incarnation(1)), 42), GROUP, machine, policy);
    }

    private static Value open(NodeId node) {
        return new Value.OpenSession(node, 42, LogTime.ZERO);
    }

    private static Value command(long session, long sequence, String text, long time) {
        return new Value.Command(new CommandId(session, sequence), 1, new LogTime(time), Payload.utf8(text));
    }

    private static List<Completion> apply(AppliedState to, Value... values) {
        return to.apply(to.applied() + 1, List.of(values));
    }

    private static byte[] written(CapturedState captured) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        captured.writeTo(out);
        return out.toByteArray();
    }

    private byte[] snapshotAtFive() throws IOException {
        apply(state, open(ME), open(OTHER), command(1, 1, "a", 7), command(2, 1, "b", 9), Value.NO_OP);
        return written(Objects.requireNonNull(state.takeCapture()));
    }

    @Test
    void rule9OneIsDueAtTheSameSlotOnEveryReplicaWhereverBatchesEnd() throws IOException {
        Value[] values = {open(ME), open(OTHER), command(1, 1, "a", 7), Value.NO_OP, Value.NO_OP, command(2, 1, "b", 9)
        };
        apply(state, values);
        Journal elsewhere = new Journal();
        AppliedState other = state(OTHER, elsewhere, EVERY_FIVE);
        for (Value value : values) {
            apply(other, value);
        }
        CapturedState here = Objects.requireNonNull(state.takeCapture());
        CapturedState there = Objects.requireNonNull(other.takeCapture());
        assertThat(here.slot()).isEqualTo(5);
        assertThat(written(here)).isEqualTo(written(there));
        assertThat(state.takeCapture()).isNull();
    }

    @Test
    void rule9WhoRestoresASnapshotTakesTheSameOnesLaterAsAnyoneElse() throws IOException {
        byte[] snapshot = snapshotAtFive();
        state.snapshotEnded();
        AppliedState to = state(ME, new Journal(), EVERY_FIVE);
        to.restore(new ByteArrayInputStream(snapshot));
        Value[] later = {Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP};
        apply(state, later);
        apply(to, later);
        assertThat(written(Objects.requireNonNull(to.takeCapture())))
                .isEqualTo(written(Objects.requireNonNull(state.takeCapture())));
    }

    @Test
    void onlyWhereACommandWasFencedOffAnotherVersionIsWritten() throws IOException {
        byte[] plain = snapshotAtFive();
        Value fence = Value.Command.fence(new CommandId(1, 1), LogTime.ZERO);
        AppliedState fenced = state(ME, new Journal(), EVERY_FIVE);
        apply(fenced, open(ME), fence, Value.NO_OP, Value.NO_OP, Value.NO_OP);
        byte[] withFence = written(Objects.requireNonNull(fenced.takeCapture()));

        assertThat(plain[4]).isEqualTo((byte) 1);
        assertThat(withFence[4]).isEqualTo((byte) 2);
        Journal machine = new Journal();
        AppliedState restored = state(ME, machine, EVERY_FIVE);
        assertThat(restored.restore(new ByteArrayInputStream(withFence)))
                .anyMatch(each -> each.status() == Status.FENCED && each.slot() == 2);
        assertThat(apply(restored, command(1, 1, "late", 1))).allMatch(each -> each.status() == Status.FENCED);
        assertThat(machine.text).isEmpty();
    }

    @Test
    void aSnapshotOfTheFirstVersionThatHoldsAFenceIsRefused() throws IOException {
        AppliedState fenced = state(ME, new Journal(), EVERY_FIVE);
        apply(
                fenced,
                open(ME),
                Value.Command.fence(new CommandId(1, 1), LogTime.ZERO),
                Value.NO_OP,
                Value.NO_OP,
                Value.NO_OP);
        byte[] withFence = written(Objects.requireNonNull(fenced.takeCapture()));
        // The first version has neither α nor a number of changes between the time and the sessions.
        int sessions = 4 + 1 + 2 + GROUP.name().length() + 4 + 3 * Long.BYTES;
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        first.write(withFence, 0, 4);
        first.write(1);
        first.write(withFence, 5, sessions - 5);
        first.write(withFence, sessions + 8, withFence.length - sessions - 8);

        AppliedState restored = state(ME, new Journal(), EVERY_FIVE);
        assertThatThrownBy(() -> restored.restore(new ByteArrayInputStream(first.toByteArray())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("knows of no fences");
        assertThat(restored.applied()).isZero();
    }

    @Test
    void rule9WhatIsExecutedMeanwhileDoesNotShow() throws IOException {
        apply(state, open(ME), command(1, 1, "a", 1), Value.NO_OP, Value.NO_OP, Value.NO_OP);
        CapturedState captured = Objects.requireNonNull(state.takeCapture());
        apply(state, command(1, 2, "later", 2));
        Journal restored = new Journal();
        AppliedState to = state(OTHER, restored, EVERY_FIVE);
        to.restore(new ByteArrayInputStream(written(captured)));
        assertThat(restored.text).isEqualTo("a@2/1 ");
        assertThat(to.applied()).isEqualTo(5);
    }

    @Test
    void noneIsDueWhileOneIsBeingWritten() {
        for (int i = 0; i < 10; i++) {
            apply(state, Value.NO_OP);
        }
        assertThat(Objects.requireNonNull(state.takeCapture()).slot()).isEqualTo(5);
        apply(state, Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP);
        assertThat(state.takeCapture()).isNull();
        assertThat(state.capture()).isNull();
        state.snapshotEnded();
        apply(state, Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP);
        assertThat(Objects.requireNonNull(state.takeCapture()).slot()).isEqualTo(20);
    }

    @Test
    void rule9CommandsDecidedAgainBehindASnapshotAreNotExecutedAgain() throws IOException {
        byte[] snapshot = snapshotAtFive();
        Journal restored = new Journal();
        AppliedState to = state(OTHER, restored, EVERY_FIVE);
        to.restore(new ByteArrayInputStream(snapshot));
        List<Completion> completions = apply(to, command(2, 1, "b", 11), command(1, 2, "c", 12));
        assertThat(restored.text).isEqualTo("a@3/7 b@4/9 c@7/12 ");
        assertThat(completions).extracting(Completion::status).containsExactly(Status.REPEATED);
        assertThat(completions.get(0).result()).isEqualTo(Payload.utf8("r4"));
    }

    @Test
    void rule9CallsWhoseSlotsWereSkippedAreAnsweredFromTheSessions() throws IOException {
        byte[] snapshot = snapshotAtFive();
        AppliedState to = state(OTHER, new Journal(), EVERY_FIVE);
        List<Completion> completions = to.restore(new ByteArrayInputStream(snapshot));
        assertThat(completions).hasSize(2);
        assertThat(completions.get(0).value()).isInstanceOf(Value.OpenSession.class);
        assertThat(completions.get(0).slot()).isEqualTo(2);
        assertThat(((Value.Command) completions.get(1).value()).id()).isEqualTo(new CommandId(2, 1));
        assertThat(completions.get(1).result()).isEqualTo(Payload.utf8("r4"));
        assertThat(completions.get(1).slot()).isEqualTo(4);
    }

    @Test
    void rule9TheLogsTimeGoesOnFromTheSnapshot() throws IOException {
        byte[] snapshot = snapshotAtFive();
        Journal restored = new Journal();
        AppliedState to = state(OTHER, restored, EVERY_FIVE);
        to.restore(new ByteArrayInputStream(snapshot));
        apply(to, command(1, 2, "c", 3));
        assertThat(restored.text).endsWith("c@6/9 ");
    }

    @Test
    void rule9AnOlderSnapshotNeverReplacesNewerState() throws IOException {
        byte[] snapshot = snapshotAtFive();
        apply(state, command(1, 2, "c", 20));
        String before = journal.text;
        assertThat(state.restore(new ByteArrayInputStream(snapshot))).isEmpty();
        assertThat(journal.text).isEqualTo(before);
        assertThat(state.applied()).isEqualTo(6);
    }

    @Test
    void rule9_aSnapshotTellsWhatChangesOfMembershipMatterForTheSlotsBehindIt() throws IOException {
        Membership voters = Membership.of(Map.of(ME, new Incarnation(1), OTHER, new Incarnation(2)));
        Configuration next = new Configuration(1, voters, new TreeSet<>(List.of(NodeId.of("observer"))));
        apply(state, Value.NO_OP, Value.NO_OP, new Value.Reconfigure(next), Value.NO_OP, Value.NO_OP);
        byte[] snapshot = written(Objects.requireNonNull(state.takeCapture()));
        AppliedState restored = state(OTHER, new Journal(), EVERY_FIVE);
        restored.restore(new ByteArrayInputStream(snapshot));
        assertThat(restored.changes()).containsExactly(new DecidedChange(3, next));
        Value.Reconfigure outdated = new Value.Reconfigure(new Configuration(1, voters, new TreeSet<>()));
        apply(restored, outdated);
        assertThat(restored.changes())
                .as("outdated, also behind a snapshot")
                .containsExactly(new DecidedChange(3, next));
    }

    @Test
    void aSnapshotTakenAfterARestoreIsTheSameAsWithoutIt() throws IOException {
        byte[] snapshot = snapshotAtFive();
        state.snapshotEnded();
        AppliedState to = state(OTHER, new Journal(), EVERY_FIVE);
        to.restore(new ByteArrayInputStream(snapshot));
        Value[] more = {command(1, 2, "c", 30), Value.NO_OP, command(2, 2, "d", 31), Value.NO_OP, Value.NO_OP};
        apply(state, more);
        apply(to, more);
        assertThat(written(Objects.requireNonNull(to.takeCapture())))
                .isEqualTo(written(Objects.requireNonNull(state.takeCapture())));
    }

    @Test
    void aMachineThatCannotBeCapturedGoesOnWithoutSnapshots() {
        AppliedState plain = state(ME, (context, command) -> command, EVERY_FIVE);
        apply(plain, Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP, Value.NO_OP);
        assertThat(plain.takeCapture()).isNull();
        assertThat(plain.captureProblem()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(plain.applied()).isEqualTo(5);
        assertThatThrownBy(plain::capture).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatIsNoSnapshotOfThisLogIsRefused() throws IOException {
        byte[] snapshot = snapshotAtFive();
        byte[] foreign = snapshot.clone();
        foreign[0] ^= 1;
        assertThatThrownBy(() -> state.restore(new ByteArrayInputStream(foreign)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no snapshot");
        byte[] newer = snapshot.clone();
        newer[4] = 4;
        assertThatThrownBy(() -> state.restore(new ByteArrayInputStream(newer)))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("version 4", "versions 1 to 3");
        byte[] otherGroup = snapshot.clone();
        otherGroup[7] = 'h';
        assertThatThrownBy(() -> state.restore(new ByteArrayInputStream(otherGroup)))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("group h", "g");
    }

    /** Where the numbers of {@link #snapshotAtFive} stand. */
    private static final int SLOT = 12;

    private static final int BYTES = 20;
    private static final int FIRST_FLOOR = 60;
    private static final int FIRST_SEQUENCE = 72;
    private static final int FIRST_SLOT = 80;
    private static final int SECOND_ID = 94;

    @ParameterizedTest
    @CsvSource({
        SLOT + ", 0, slot 0",
        SLOT + ", -5, slot -5",
        BYTES + ", -1, -1 bytes",
        FIRST_FLOOR + ", 0, the floor 0",
        FIRST_FLOOR + ", -9223372036854775808, the floor -9223372036854775808",
        FIRST_FLOOR + ", 2, result of command 1",
        FIRST_SEQUENCE + ", 0, result of command 0",
        FIRST_SLOT + ", 0, slot 0",
        FIRST_SLOT + ", 6, slot 6",
        FIRST_SLOT + ", -6, slot 6",
        SECOND_ID + ", 1, twice",
        SECOND_ID + ", 6, slot 6",
    })
    void aSnapshotWithANumberThatCannotBeIsRefused(int at, long number, String message) throws IOException {
        byte[] snapshot = snapshotAtFive();
        ByteBuffer.wrap(snapshot).putLong(at, number);
        Journal restored = new Journal();
        AppliedState to = state(OTHER, restored, EVERY_FIVE);
        assertThatThrownBy(() -> to.restore(new ByteArrayInputStream(snapshot)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
        assertThat(to.applied()).isZero();
        assertThat(restored.text).isEmpty();
    }

    @Test
    void aSnapshotThatGivesOneOpenerTwoSessionsIsRefused() throws IOException {
        apply(state, open(ME), Value.NO_OP, Value.NO_OP, open(NodeId.of("mf")), Value.NO_OP);
        byte[] snapshot = written(Objects.requireNonNull(state.takeCapture()));
        String text = new String(snapshot, StandardCharsets.ISO_8859_1).replace("mf", "me");
        assertThatThrownBy(() -> state(OTHER, new Journal(), EVERY_FIVE)
                        .restore(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void theThreeMeasuresOfThePolicy() {
        LogPoint before = new LogPoint(9, 90, new LogTime(900));
        SnapshotPolicy slots = new SnapshotPolicy(10, Long.MAX_VALUE, 0, 0, 0, 1);
        SnapshotPolicy bytes = new SnapshotPolicy(Long.MAX_VALUE, 100, 0, 0, 0, 1);
        SnapshotPolicy time = new SnapshotPolicy(Long.MAX_VALUE, Long.MAX_VALUE, 1000, 0, 0, 1);
        assertThat(isDue(slots, before, new LogPoint(10, 95, new LogTime(950)))).isTrue();
        assertThat(isDue(slots, new LogPoint(10, 0, LogTime.ZERO), new LogPoint(11, 999, new LogTime(9999))))
                .isFalse();
        assertThat(isDue(bytes, before, new LogPoint(10, 100, new LogTime(950))))
                .isTrue();
        assertThat(isDue(bytes, before, new LogPoint(10, 99, new LogTime(9999))))
                .isFalse();
        assertThat(isDue(time, before, new LogPoint(10, 999, new LogTime(1000))))
                .isTrue();
        assertThat(isDue(time, before, new LogPoint(10, 999, new LogTime(999)))).isFalse();
        assertThat(isDue(SnapshotPolicy.NEVER, LogPoint.START, new LogPoint(1 << 30, 1L << 50, new LogTime(1L << 50))))
                .isFalse();
    }

    private static boolean isDue(SnapshotPolicy policy, LogPoint before, LogPoint now) {
        return policy.nextAfter(before).isReachedBy(now.slot(), now.bytes(), now.time());
    }

    @Test
    void whatANewerSnapshotThanAskedForCoversIsPassedOver() throws IOException {
        byte[] snapshot = snapshotAtFive();
        Journal restored = new Journal();
        AppliedState to = state(OTHER, restored, EVERY_FIVE);
        to.restore(new ByteArrayInputStream(snapshot));
        to.apply(3, List.of(command(1, 1, "a", 7), command(2, 1, "b", 9), Value.NO_OP, command(1, 2, "c", 20)));
        assertThat(restored.text).isEqualTo("a@3/7 b@4/9 c@6/20 ");
        to.apply(1, List.of(open(ME)));
        assertThat(to.applied()).isEqualTo(6);
        assertThatThrownBy(() -> to.apply(8, List.of(Value.NO_OP))).isInstanceOf(IllegalArgumentException.class);
    }
}
