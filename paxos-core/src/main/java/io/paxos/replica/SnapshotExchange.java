// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.log.SnapshotTransfer;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import java.util.List;

/**
 * How one replica gives snapshots to its peers and takes them from there (rule 9). It holds no bytes itself: parts pass
 * through to the host's disk.
 */
final class SnapshotExchange {

    private final GroupId group;
    private final MachineConfig config;
    private final Outbox outbox;
    private final Learning learning;
    private final SnapshotTransfer transfer;

    SnapshotExchange(GroupId group, MachineConfig config, Outbox outbox, Learning learning) {
        this.group = group;
        this.config = config;
        this.outbox = outbox;
        this.learning = learning;
        this.transfer = new SnapshotTransfer(
                config.resendTicks(), config.messageBytes(), config.snapshots().bytesPerTick());
    }

    /** A peer has forgotten what is missing here. */
    void lacks(Endpoint peer, long compacted) {
        if (compacted >= learning.missing()) {
            transfer.begin(peer, learning.missing());
        }
    }

    /** Whether nothing is being received. */
    boolean isIdle() {
        return !transfer.isActive();
    }

    boolean isFlowing() {
        return transfer.isFlowing();
    }

    /** Serves any peer that asks. */
    void serve(Endpoint peer, LogMessage.SnapshotRequest request) {
        int maxBytes = Math.max(1, Math.min(request.maxBytes(), config.messageBytes()));
        outbox.add(new Effect.ReadChunk(
                group, peer, new LogMessage.SnapshotRequest(request.snapshot(), request.offset(), maxBytes)));
    }

    void onRead(Event.ChunkRead part) {
        outbox.send(part.to(), part.chunk());
    }

    void onChunk(Endpoint peer, LogMessage.SnapshotChunk chunk, int peers) {
        if (transfer.onChunk(peer, chunk, peers)) {
            outbox.add(new Effect.StoreChunk(group, chunk));
        }
    }

    void onStored(Event.ChunkStored part) {
        transfer.stored(part.snapshot(), part.upTo());
    }

    /** A snapshot is durable here, taken or received; one that has come further than this replica takes its place. */
    void onStored(SnapshotInfo snapshot, boolean leads) {
        transfer.stored(snapshot, snapshot.bytes());
        if (snapshot.equals(transfer.target())) {
            transfer.end();
        }
        if (snapshot.slot() < learning.missing()) {
            learning.trim(snapshot);
        } else if (!leads) {
            // A leader that has been superseded without knowing it may not skip what it proposes.
            learning.install(snapshot);
        }
    }

    void onFailed() {
        transfer.end();
        transfer.failed();
    }

    /** Asks for the next part, or gives up what is no longer needed. */
    void flush(long now, List<Endpoint> peers, boolean leads) {
        if (!transfer.isActive()) {
            return;
        }
        if (leads || transfer.isOutrun(learning.missing())) {
            if (transfer.end()) {
                outbox.add(new Effect.AbandonSnapshot(group));
            }
            return;
        }
        SnapshotTransfer.Question question = transfer.next(now, peers);
        if (question != null) {
            outbox.send(question.peer(), question.request());
        }
    }
}
