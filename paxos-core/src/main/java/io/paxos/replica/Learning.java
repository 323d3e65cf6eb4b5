package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.log.AcceptedLog;
import io.paxos.log.CatchUp;
import io.paxos.log.LogLearner;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a replica comes to know decisions, fetches those it missed, and hands them on to be executed in order. */
final class Learning {

    /** How many decided values may wait for execution; the others wait in the log. */
    private static final int APPLY_AHEAD = 16_384;

    private final GroupId group;
    private final MachineConfig config;
    private final Outbox outbox;
    private final LogLearner learner;
    private final CatchUp catchUp;
    private long handedToApply;
    private long applied;
    private @Nullable SnapshotInfo toInstall;

    Learning(
            GroupId group,
            MachineConfig config,
            Outbox outbox,
            AcceptedLog log,
            long decided,
            @Nullable SnapshotInfo snapshot) {
        this.group = group;
        this.config = config;
        this.outbox = outbox;
        this.learner = new LogLearner(log, decided);
        this.catchUp = new CatchUp(config.resendTicks(), config.messageBytes());
        this.toInstall = snapshot;
        if (snapshot != null && snapshot.slot() > decided) {
            // It was received whole, and then the power failed before the log said so.
            install(snapshot);
        }
    }

    long decided() {
        return learner.decided();
    }

    long applied() {
        return applied;
    }

    /** The last slot that is known to be decided, here or at a peer. */
    long known() {
        return Math.max(learner.decided(), catchUp.target());
    }

    /** What this node holds at a ballot is decided up to a slot; what it does not hold so stays undecided (rule 4). */
    void decide(Ballot ballot, long upTo) {
        if (learner.advance(ballot, upTo)) {
            outbox.persist(new Write.DecidedWrite(group, learner.decided()));
        }
    }

    /** The leader of a ballot says up to where slots are decided; what cannot be taken from here is fetched. */
    void advance(Endpoint informant, Ballot ballot, long upTo) {
        decide(ballot, upTo);
        if (learner.decided() < upTo) {
            catchUp.hint(informant, upTo);
        }
    }

    /** A peer knows decisions that this node may lack. */
    void hint(Endpoint informant, long decided) {
        catchUp.hint(informant, decided);
    }

    /** Takes in decided values that a peer has told. */
    void learn(Endpoint informant, long first, List<Value> values) {
        long from = learner.decided() + 1;
        List<Value> fresh = learner.learn(first, values);
        if (!fresh.isEmpty()) {
            // One atomic batch: a value learned is marked by no ballot, so only the mark beside it says what it is.
            outbox.persist(new Write.LearnWrite(group, from, fresh), new Write.DecidedWrite(group, learner.decided()));
        }
        catchUp.answered(informant, !fresh.isEmpty());
    }

    /** Serves any peer that asks: what is decided here is decided everywhere. */
    LogMessage answer(LogMessage.CatchUpRequest request) {
        long from = Math.max(1, request.from());
        int maxBytes = Math.min(request.maxBytes(), config.messageBytes());
        List<Value> values = learner.values(from, Long.MAX_VALUE, maxBytes);
        return new LogMessage.CatchUpReply(from, values, learner.decided(), learner.compacted());
    }

    /** The first slot that is not decided here. */
    long missing() {
        return learner.decided() + 1;
    }

    /** Asks for what is missing, if it is time to. */
    void askForMissing(long now, List<Endpoint> peers) {
        CatchUp.Question question = catchUp.next(learner.decided(), now, peers);
        if (question != null) {
            outbox.send(question.peer(), question.request());
        }
    }

    /** Asks a peer whether there is anything to miss. */
    void poll(Endpoint peer) {
        outbox.send(peer, new LogMessage.CatchUpRequest(learner.decided() + 1, config.messageBytes()));
    }

    /** A durable snapshot stands for slots that were never learned here one by one; execution goes on behind it. */
    void install(SnapshotInfo snapshot) {
        learner.forget(snapshot.slot());
        outbox.persist(new Write.TrimWrite(group, learner.compacted()));
        toInstall = snapshot;
    }

    /** A durable snapshot has been taken here; all but the last slots before it can go. */
    void trim(SnapshotInfo snapshot) {
        SnapshotPolicy policy = config.snapshots();
        long upTo =
                learner.keepBefore(Math.min(snapshot.slot(), applied), policy.retainedSlots(), policy.retainedBytes());
        if (upTo > learner.compacted()) {
            learner.forget(upTo);
            outbox.persist(new Write.TrimWrite(group, upTo));
        }
    }

    void handToApply() {
        SnapshotInfo snapshot = toInstall;
        if (snapshot != null) {
            toInstall = null;
            if (snapshot.slot() > handedToApply) {
                outbox.add(new Effect.Install(group, snapshot));
                handedToApply = snapshot.slot();
            }
        }
        long room = applied + APPLY_AHEAD;
        while (handedToApply < learner.decided() && handedToApply < room) {
            List<Value> values = learner.values(handedToApply + 1, room, 4L * config.messageBytes());
            outbox.add(new Effect.Apply(group, handedToApply + 1, values));
            handedToApply += values.size();
        }
    }

    void onApplied(long upTo) {
        applied = Math.max(applied, upTo);
    }
}
