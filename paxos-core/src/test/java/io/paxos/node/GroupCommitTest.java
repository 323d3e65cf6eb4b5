// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Transport;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A vote leaves only after its write; what waits shares a write; after a failed one nothing leaves any more. */
class GroupCommitTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final Endpoint SELF = new Endpoint(NodeId.of("n1"), new Incarnation(1));
    private static final Endpoint PEER = new Endpoint(NodeId.of("n2"), new Incarnation(2));

    private final List<String> happened = new ArrayList<>();
    /** How much had happened each time the store was told that nothing waits. */
    private final List<Integer> idle = new ArrayList<>();

    private final ManualExecutor writer = new ManualExecutor();
    private final ManualExecutor loop = new ManualExecutor();
    private boolean failing;
    private Runnable duringWrite = () -> {};

    private final Storage storage = new Storage() {
        @Override
        public RecoveredState recover(StoreOwner owner) {
            return RecoveredState.empty(SELF.incarnation());
        }

        @Override
        public void write(List<Write> batch) throws IOException {
            boolean fails = failing;
            duringWrite.run();
            if (fails) {
                happened.add("failed");
                throw new IOException("disk gone");
            }
            happened.add("write " + batch.size());
        }

        @Override
        public void idle() throws IOException {
            if (failing) {
                throw new IOException("disk gone");
            }
            idle.add(happened.size());
        }

        @Override
        public SnapshotWriter writeSnapshot(GroupId group, long slot) throws IOException {
            throw new IOException("no snapshots here");
        }

        @Override
        public @Nullable SnapshotReader readSnapshot(GroupId group) {
            return null;
        }

        @Override
        public void close() {}
    };

    private final Transport transport = new Transport() {
        @Override
        public void start(Local local, Receiver receiver) {}

        @Override
        public void send(Envelope envelope) {
            GroupMessage message = (GroupMessage) envelope.message();
            happened.add("send " + ((LogMessage.Accepted) message.body()).slots());
        }

        @Override
        public void close() {}
    };

    private final Outbox outbox = new Outbox(SELF.node(), transport);
    private final StoreGate store = new StoreGate(SELF.node(), storage);

    private static Ballot ballot() {
        return Ballot.ZERO.next(PEER.node(), 7);
    }

    private static Effect.Persist vote(long slot, Endpoint to) {
        LogMessage accepted = new LogMessage.Accepted(ballot(), new SlotRange(slot, slot + 1));
        return new Effect.Persist(
                List.of(new Write.AcceptWrite(GROUP, ballot(), slot, List.of(Value.NO_OP))),
                List.of(new Envelope(
                        new ClusterName("c"),
                        SELF,
                        to,
                        StartId.NONE,
                        Fingerprint.NONE,
                        new GroupMessage(GROUP, accepted))));
    }

    private static Effect.Persist mark(long decided) {
        return new Effect.Persist(List.of(new Write.DecidedWrite(GROUP, decided)), List.of());
    }

    private static List<Value> bulkValues(int bytes) {
        return List.of(new Value.Command(
                new io.paxos.model.CommandId(1, 1),
                1,
                io.paxos.model.LogTime.ZERO,
                io.paxos.model.Payload.wrap(new byte[bytes])));
    }

    private static Effect.Persist bulk(int bytes) {
        return new Effect.Persist(List.of(new Write.AcceptWrite(GROUP, ballot(), 1, bulkValues(bytes))), List.of());
    }

    @Test
    void votesOfOneBatchShareOneWriteAndFollowIt() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        commit.add(vote(1, PEER));
        commit.add(vote(2, PEER));
        assertThat(happened).isEmpty();
        commit.flush();
        assertThat(happened).containsExactly("write 2", "send 1", "send 2");
        commit.flush();
        assertThat(happened).hasSize(3);
    }

    @Test
    void aMessageWithoutWritesOfItsOwnWaitsForTheEarlierOnes() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        Effect.Persist bare = new Effect.Persist(List.of(), vote(9, PEER).afterDurable());
        commit.add(bare);
        commit.flush();
        assertThat(happened).containsExactly("send 9");
        commit.add(vote(1, PEER));
        commit.flush();
        commit.add(bare);
        commit.flush();
        assertThat(happened).containsExactly("send 9");
        writer.runAll();
        loop.runAll();
        commit.flush();
        assertThat(happened).containsExactly("send 9", "write 1", "send 1", "send 9");
    }

    @Test
    void theNodesOwnVoteComesBackInsteadOfLeaving() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        commit.add(vote(1, SELF));
        assertThat(outbox.hasOwn()).isFalse();
        commit.flush();
        assertThat(happened).containsExactly("write 1");
        assertThat(outbox.pollOwn()).isInstanceOf(Event.Received.class);
        assertThat(outbox.hasOwn()).isFalse();
    }

    @Test
    void afterAFailedWriteNothingIsWrittenOrSent() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        failing = true;
        commit.add(vote(1, PEER));
        commit.flush();
        commit.add(vote(2, PEER));
        writer.runAll();
        loop.runAll();
        failing = false;
        commit.add(vote(3, PEER));
        commit.flush();
        assertThat(writer.runAll()).isZero();
        assertThat(loop.runAll()).isZero();
        assertThat(happened).containsExactly("failed");
        assertThat(outbox.pollOwn())
                .isInstanceOfSatisfying(Event.WriteFailed.class, failed -> assertThat(failed.problem())
                        .contains("disk gone"));
    }

    @Test
    void afterAFailedWriteOnTheLoopNothingIsWrittenOrSent() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        failing = true;
        commit.add(vote(1, PEER));
        commit.flush();
        failing = false;
        commit.add(vote(2, PEER));
        commit.flush();
        assertThat(happened).containsExactly("failed");
        assertThat(outbox.pollOwn()).isInstanceOf(Event.WriteFailed.class);
    }

    @Test
    void whatReturnsAfterTheEndIsNotSent() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(vote(1, PEER));
        commit.flush();
        writer.runAll();
        commit.abandon();
        loop.runAll();
        assertThat(happened).containsExactly("write 1");
    }

    @Test
    void rule18_saysWhenTheStoreIsBehind() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(bulk(10));
        commit.flush();
        for (int i = 0; i < 65 && !commit.isBehind(); i++) {
            commit.add(bulk(1 << 20));
        }
        assertThat(commit.isBehind()).isTrue();
        commit.flush();
        assertThat(commit.isBehind())
                .as("what the writer has not taken yet waits for it still")
                .isTrue();
        writer.runAll();
        assertThat(commit.isBehind()).isFalse();
    }

    @Test
    void rule18_whatIsToBeSaidBehindAWriteThatHangsCountsAsWell() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(vote(1, PEER));
        commit.flush();
        Effect.Persist bare = new Effect.Persist(List.of(), vote(9, PEER).afterDurable());
        int messages = 0;
        for (; messages < 2_000_000 && !commit.isFull(); messages++) {
            commit.add(bare);
            if (messages % 1000 == 0) {
                commit.flush();
            }
        }
        assertThat(commit.isFull()).as("after %d messages", messages).isTrue();
        assertThat(commit.isBehind()).isTrue();
        commit.abandon();
        assertThat(commit.isFull()).isFalse();
    }

    @Test
    void onceTheStoreIsShutNothingIsWrittenSentOrReportedAsAFailure() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        commit.add(vote(1, PEER));
        store.close(0);
        commit.flush();
        commit.add(vote(2, PEER));
        commit.flush();
        assertThat(happened).isEmpty();
        assertThat(outbox.hasOwn()).isFalse();
    }

    @Test
    void aWriterThatTakesNothingAnyMoreEndsIt() {
        GroupCommit commit = new GroupCommit(
                SELF.node(),
                store,
                outbox,
                task -> {
                    throw new java.util.concurrent.RejectedExecutionException("shut down");
                },
                loop);
        commit.add(vote(1, PEER));
        commit.flush();
        commit.flush();
        assertThat(happened).isEmpty();
        assertThat(outbox.hasOwn()).isFalse();
    }

    @Test
    void whatComesDuringAWriteSharesTheNextOneWhichBeginsWithoutTheLoop() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(vote(1, PEER));
        commit.flush();
        duringWrite = () -> {
            duringWrite = () -> {};
            commit.add(vote(2, PEER));
            commit.flush();
            commit.add(vote(3, PEER));
            commit.flush();
        };
        assertThat(writer.runAll())
                .as("one task, which rests only when nothing waits")
                .isOne();
        assertThat(happened).containsExactly("write 1", "write 2");
        loop.runAll();
        assertThat(happened).containsExactly("write 1", "write 2", "send 1", "send 2", "send 3");
        commit.add(vote(4, PEER));
        commit.flush();
        assertThat(writer.runAll()).as("it is woken again").isOne();
        loop.runAll();
        assertThat(happened).endsWith("write 1", "send 4");
    }

    @Test
    void theStoreIsToldOnceNothingWaitsAnyMore() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(vote(1, PEER));
        commit.flush();
        duringWrite = () -> {
            duringWrite = () -> {};
            commit.add(vote(2, PEER));
            commit.flush();
        };
        writer.runAll();
        assertThat(idle)
                .as("behind both writes, and before the loop has heard of them")
                .containsExactly(2);
        loop.runAll();
        store.close(1);
        commit.add(vote(3, PEER));
        commit.flush();
        writer.runAll();
        assertThat(idle).as("a store that is closed is told nothing").hasSize(1);
    }

    @Test
    void aStoreThatFailsWhileNothingWaitsHasFailed() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(vote(1, PEER));
        commit.flush();
        duringWrite = () -> failing = true;
        writer.runAll();
        commit.add(vote(2, PEER));
        commit.flush();
        assertThat(writer.runAll())
                .as("though the loop has not heard of it yet")
                .isZero();
        loop.runAll();
        assertThat(happened).as("what was written is said").containsExactly("write 1", "send 1");
        assertThat(outbox.pollOwn())
                .isInstanceOfSatisfying(Event.WriteFailed.class, failed -> assertThat(failed.problem())
                        .contains("disk gone"));
    }

    @Test
    void whatGathersDuringAWriteThatFailsIsNeverWritten() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(vote(1, PEER));
        commit.flush();
        failing = true;
        duringWrite = () -> {
            failing = false;
            duringWrite = () -> {};
            commit.add(vote(2, PEER));
            commit.flush();
        };
        writer.runAll();
        assertThat(happened).containsExactly("failed");
        commit.add(vote(3, PEER));
        commit.flush();
        assertThat(writer.runAll())
                .as("though the loop has not heard of it yet")
                .isZero();
        loop.runAll();
        assertThat(happened).containsExactly("failed");
    }

    @Test
    void aMessageWaitsForAWriteThatHasReturnedAlreadyUntilTheLoopHasHeardOfIt() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, writer, loop);
        commit.add(vote(1, PEER));
        commit.flush();
        failing = true;
        writer.runAll();
        commit.add(new Effect.Persist(List.of(), vote(1, PEER).afterDurable()));
        commit.flush();
        writer.runAll();
        loop.runAll();
        assertThat(happened).containsExactly("failed");
    }

    @Test
    void writesThatNobodyWaitsForJoinTheNextThatSomebodyWaitsFor() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        commit.add(mark(1));
        commit.tick();
        commit.flush();
        assertThat(happened).isEmpty();
        commit.add(vote(2, PEER));
        commit.flush();
        assertThat(happened).containsExactly("write 2", "send 2");
    }

    @Test
    void writesThatNobodyWaitsForAreWrittenAfterAWhile() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        commit.add(mark(1));
        commit.tick();
        commit.flush();
        assertThat(happened).isEmpty();
        commit.tick();
        commit.flush();
        assertThat(happened).containsExactly("write 1");
        commit.add(mark(2));
        commit.tick();
        commit.flush();
        assertThat(happened).as("the wait begins anew").hasSize(1);
    }

    @Test
    void whatNobodyElseHoldsIsWrittenAtOnce() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        commit.add(new Effect.Persist(List.of(new Write.PeerStartWrite(PEER, 3)), List.of()));
        commit.flush();
        assertThat(happened).containsExactly("write 1");
    }

    @Test
    void muchThatNobodyWaitsForIsWrittenAtOnce() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        List<Value> values = bulkValues(300 << 10);
        commit.add(new Effect.Persist(List.of(new Write.LearnWrite(GROUP, 1, values)), List.of()));
        commit.flush();
        assertThat(happened).containsExactly("write 1");
    }

    @Test
    void aMessageThatWaitsForEarlierWritesBringsThemOnTheirWay() {
        GroupCommit commit = new GroupCommit(SELF.node(), store, outbox, null, loop);
        commit.add(mark(1));
        commit.flush();
        commit.add(new Effect.Persist(List.of(), vote(9, PEER).afterDurable()));
        commit.flush();
        assertThat(happened).containsExactly("write 1", "send 9");
    }
}
