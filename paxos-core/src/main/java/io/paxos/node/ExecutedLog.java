// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Completion;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.replica.AppliedState;
import io.paxos.replica.CapturedState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.Storage;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been executed of one log, and its snapshots on the way to and from the store. Confined to the applier's turn. */
final class ExecutedLog implements GroupApplier.Slots {

    private static final Logger LOG = LoggerFactory.getLogger(ExecutedLog.class);

    private final NodeId node;
    private final GroupId group;
    private final AppliedState state;
    private final Storage storage;
    private final SnapshotDesk desk;
    private boolean complained;

    /** The log before its first slot. */
    ExecutedLog(NodeId node, GroupId group, AppliedState state, Storage storage, SnapshotDesk desk) {
        this.node = node;
        this.group = group;
        this.state = state;
        this.storage = storage;
        this.desk = desk;
    }

    @Override
    public List<Completion> apply(long first, List<Value> values) {
        return state.apply(first, values);
    }

    @Override
    public List<StateDigest> takeDigests() {
        return state.takeDigests();
    }

    /** The last slot executed, 0 if none. */
    long applied() {
        return state.applied();
    }

    @Override
    public GroupApplier.Installed install() throws IOException {
        try (SnapshotReader reader = storage.readSnapshot(group)) {
            if (reader == null) {
                throw new IOException("the store holds no snapshot of group " + group);
            }
            LOG.info("{}: restoring group {} from {}", node, group, reader.info());
            List<Completion> completions = state.restore(new SnapshotStreams.In(reader));
            return new GroupApplier.Installed(state.applied(), completions, state.changes(), state.level());
        }
    }

    @Override
    public void writeIfDue(Consumer<Runnable> turn) {
        CapturedState captured = state.takeCapture();
        if (captured != null) {
            write(captured, null, turn);
        }
        RuntimeException problem = state.captureProblem();
        if (problem != null && !complained) {
            complained = true;
            LOG.warn(
                    "{}: no snapshots of group {} can be taken, so its log grows until the node is restarted with a"
                            + " state machine that can be captured",
                    node,
                    group,
                    problem);
        }
    }

    /**
     * Takes a snapshot though none is due; to be called in the applier's turn.
     *
     * @param done takes the slot of the snapshot, or with 0 if nothing has been executed yet; otherwise a problem
     * @param turn lets something wait for the applier's turn
     */
    void writeNow(BiConsumer<@Nullable Long, @Nullable Throwable> done, Consumer<Runnable> turn) {
        CapturedState captured;
        try {
            captured = state.capture();
        } catch (RuntimeException | Error e) {
            done.accept(null, e);
            return;
        }
        if (captured != null) {
            write(captured, done, turn);
        } else if (state.applied() == 0) {
            done.accept(0L, null);
        } else {
            done.accept(null, new IllegalStateException("a snapshot of group " + group + " is being written already"));
        }
    }

    private void write(
            CapturedState captured,
            @Nullable BiConsumer<@Nullable Long, @Nullable Throwable> done,
            Consumer<Runnable> turn) {
        desk.write(group, captured, (snapshot, problem) -> {
            turn.accept(state::snapshotEnded);
            if (done != null) {
                done.accept(snapshot == null ? null : snapshot.slot(), problem);
            }
        });
    }
}
