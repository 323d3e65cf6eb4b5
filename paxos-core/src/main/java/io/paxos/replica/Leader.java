package io.paxos.replica;

import io.paxos.log.PhaseTwo;
import io.paxos.log.Pipeline;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Proposes. What phase 1 found goes first, at the leader's own ballot (rule 5); then the commands that wait, as many
 * slots in one Accept as are there, as many Accepts in flight as the window allows. Its own acceptor is asked like
 * anyone's. A leader that stops hearing from a phase-2 quorum steps down (rule 17).
 */
final class Leader implements Role {

    private static final long LEAST_RESEND_BYTES = 1 << 16;

    private final Peers peers;
    private final Outbox outbox;
    private final MachineConfig config;
    private final PhaseTwo phaseTwo;
    private final Pipeline pipeline;
    private final Map<NodeId, Long> heardAt = new HashMap<>();
    private final List<Value> batch = new ArrayList<>();
    private long batchFirst;
    private long batchBytes;
    private long announced;
    private long heartbeatAt;

    Leader(Peers peers, Outbox outbox, MachineConfig config, Ballot ballot, long decided, List<Value> found, long now) {
        this.peers = peers;
        this.outbox = outbox;
        this.config = config;
        this.phaseTwo = new PhaseTwo(peers.quorums(), ballot, decided);
        this.pipeline = new Pipeline(config.queueCommands() * 2, config.queueBytes() * 2);
        peers.voters().forEach(voter -> heardAt.put(voter.node(), now));
        for (Value value : found) {
            propose(value, decided, now);
        }
        sendBatch(decided);
        heartbeat(decided, now);
    }

    /**
     * Takes a value in for the next free slot. Where there is no room the newest go: their callers ask again (rule 18).
     */
    void offer(Value value) {
        pipeline.offer(value);
    }

    /** Whether this node's own callers should hand over more now; those of others have sent theirs already. */
    boolean hasRoom() {
        return pipeline.hasRoom();
    }

    /** Proposes what waits, as far as the window allows, and lets everybody know what is decided. */
    void flush(long decided, long now, LogTime time) {
        while (pipeline.peek() != null && isWindowOpen(decided)) {
            Value value = pipeline.poll(time);
            if (value != null) {
                propose(value, decided, now);
            }
        }
        sendBatch(decided);
        if (decided > announced) {
            announced = decided;
            LogMessage message = new LogMessage.Decide(ballot(), decided);
            peers.otherVoters().forEach(voter -> outbox.send(voter, message));
            peers.observers().forEach(observer -> outbox.send(observer, message));
        }
    }

    /** Nobody proposes in a slot before knowing every decision up to the window below it (rule 10). */
    private boolean isWindowOpen(long decided) {
        return phaseTwo.nextSlot() <= decided + config.windowSlots()
                && (phaseTwo.bytesInFlight() < config.windowBytes() || phaseTwo.inFlight() == 0);
    }

    private void propose(Value value, long decided, long now) {
        long slot = phaseTwo.propose(value, now);
        if (batch.isEmpty()) {
            batchFirst = slot;
        }
        batch.add(value);
        batchBytes += value.weight();
        if (batchBytes >= config.messageBytes()) {
            sendBatch(decided);
        }
    }

    /** Accept waits for nothing: the leader's own acceptance waits like anyone's, beside the followers' disks. */
    private void sendBatch(long decided) {
        if (batch.isEmpty()) {
            return;
        }
        LogMessage accept = new LogMessage.Accept(ballot(), batchFirst, batch, decided);
        peers.voters().forEach(voter -> outbox.send(voter, accept));
        batch.clear();
        batchBytes = 0;
        if (peers.observers().isEmpty()) {
            announced = decided;
        }
    }

    /** Counts acceptances of this leader's ballot by a voter. */
    void onAccepted(NodeId voter, SlotRange slots, long now) {
        heardAt.put(voter, now);
        phaseTwo.onAccepted(voter, slots);
    }

    void onHeard(NodeId voter, long now) {
        heardAt.put(voter, now);
    }

    /** Slots are decided here; they leave the window. */
    void forget(long decided) {
        phaseTwo.forget(decided).forEach(pipeline::decided);
    }

    /** Sends heartbeats and what is missing; false if this leader no longer hears from a quorum. */
    boolean tick(long decided, long now) {
        heardAt.put(peers.self().node(), now);
        Set<NodeId> heard = new HashSet<>();
        heardAt.forEach((node, at) -> {
            if (now - at < 2L * config.electionTicks()) {
                heard.add(node);
            }
        });
        if (!peers.quorums().isPhase2Quorum(heard)) {
            return false;
        }
        if (now - heartbeatAt >= config.heartbeatTicks()) {
            heartbeat(decided, now);
        }
        if (now % config.resendTicks() == 0) {
            resend(decided, now);
        }
        return true;
    }

    private void heartbeat(long decided, long now) {
        heartbeatAt = now;
        LogMessage heartbeat = new LogMessage.Heartbeat(ballot(), decided);
        peers.otherVoters().forEach(voter -> outbox.send(voter, heartbeat));
        peers.observers().forEach(observer -> outbox.send(observer, heartbeat));
    }

    private void resend(long decided, long now) {
        long sentBefore = now - config.resendTicks() + 1;
        // However small the messages are to be, a full window must not take minutes to get through again.
        long resendBytes = Math.max(4L * config.messageBytes(), LEAST_RESEND_BYTES);
        for (Endpoint voter : peers.voters()) {
            for (PhaseTwo.Run run : phaseTwo.missing(voter.node(), sentBefore, resendBytes)) {
                outbox.send(voter, new LogMessage.Accept(ballot(), run.first(), run.values(), decided));
            }
        }
        phaseTwo.resent(sentBefore, now);
    }

    /** Up to where this ballot's proposals are chosen without a gap. */
    long chosenUpTo() {
        return phaseTwo.chosenUpTo();
    }

    int inFlight() {
        return phaseTwo.inFlight();
    }

    Ballot ballot() {
        return phaseTwo.ballot();
    }
}
