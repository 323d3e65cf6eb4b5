// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.RequestId;
import io.paxos.log.AcceptedLog;
import io.paxos.log.CatchUp;
import io.paxos.log.LogLearner;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecidedChange;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a replica comes to know decisions, fetches those it missed, and hands them on to be executed in order. */
final class Learning {

    /** How many decided values may wait for execution; the others wait in the log. */
    private static final int APPLY_AHEAD = 16_384;

    private final GroupId group;
    private final MachineConfig config;
    private final Outbox outbox;
    private final Levels levels;
    private final LogLearner learner;
    private final CatchUp catchUp;
    private long handedToApply;
    private long applied;
    private @Nullable SnapshotInfo toInstall;
    private @Nullable Regimes regimes;
    /** Up to which slot the log does not say who governs, because a snapshot stands for it that has not said it yet. */
    private long unsaidUpTo;

    Learning(
            GroupId group,
            MachineConfig config,
            Outbox outbox,
            Levels levels,
            AcceptedLog log,
            long decided,
            @Nullable SnapshotInfo snapshot) {
        this.group = group;
        this.config = config;
        this.outbox = outbox;
        this.levels = levels;
        this.learner = new LogLearner(log, decided);
        this.catchUp = new CatchUp(config.resendTicks(), config.messageBytes());
        this.toInstall = snapshot;
        this.unsaidUpTo = snapshot == null ? 0 : snapshot.slot();
        if (snapshot != null && snapshot.slot() > decided) {
            // It was received whole, and then the power failed before the log said so.
            install(snapshot);
        }
    }

    /** The cluster has formed: what is decided says from now on who governs the slots behind it. */
    void form(Regimes known) {
        regimes = known;
        if (unsaidUpTo > 0) {
            known.lose();
        } else {
            noteChanges(0);
        }
    }

    /**
     * A snapshot has been restored, and says who governs the slots behind it; the slots decided since say the rest
     * (rule 9). It may be a later one than was to be installed: what is restored is the newest that is stored.
     *
     * @param slot up to where commands are executed in it
     */
    void restored(long slot, List<DecidedChange> changes) {
        if (slot > learner.decided()) {
            learner.forget(slot);
            outbox.persist(new Write.TrimWrite(group, learner.compacted()));
            handedToApply = Math.max(handedToApply, slot);
        }
        if (regimes == null || unsaidUpTo == 0 || slot < unsaidUpTo) {
            return;
        }
        unsaidUpTo = 0;
        regimes.restore(slot, changes);
        noteChanges(slot);
    }

    private void noteChanges(long behind) {
        if (regimes != null && unsaidUpTo == 0) {
            learner.changesBehind(behind, this::note);
            regimes.advance(learner.decided());
        }
    }

    private void note(long slot, Value change) {
        if (regimes != null && change instanceof Value.Reconfigure reconfigure) {
            regimes.decide(slot, reconfigure);
        } else if (change instanceof Value.RaiseLevel raise) {
            levels.raise(raise.to());
        }
    }

    long decided() {
        return learner.decided();
    }

    long applied() {
        return applied;
    }

    /** Behind this slot this node has accepted, decided and forgotten nothing. */
    long highest() {
        return learner.highest();
    }

    /** The last slot that is known to be decided, here or at a peer. */
    long known() {
        return Math.max(learner.decided(), catchUp.target());
    }

    /** What this node holds at a ballot is decided up to a slot; what it does not hold so stays undecided (rule 4). */
    void decide(Ballot ballot, long upTo) {
        long before = learner.decided();
        if (learner.advance(ballot, upTo)) {
            noteChanges(before);
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
            noteChanges(from - 1);
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
        unsaidUpTo = Math.max(unsaidUpTo, snapshot.slot());
        if (regimes != null) {
            regimes.lose();
        }
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

    /**
     * Hands on what is decided and was not handed on yet.
     *
     * @param callers says which call of this node waits for a value, if any
     * @param awaited the last slot whose execution a read waits for, 0 if none
     */
    void handToApply(Function<Value, @Nullable RequestId> callers, long awaited) {
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
            long first = handedToApply + 1;
            outbox.add(new Effect.Apply(group, first, values, callersOf(values, callers), first <= awaited));
            handedToApply += values.size();
        }
    }

    private static List<@Nullable RequestId> callersOf(
            List<Value> values, Function<Value, @Nullable RequestId> callers) {
        List<@Nullable RequestId> found = null;
        for (int i = 0; i < values.size(); i++) {
            RequestId caller = callers.apply(values.get(i));
            if (caller != null) {
                found = found == null ? new ArrayList<>(Collections.nCopies(values.size(), null)) : found;
                found.set(i, caller);
            }
        }
        return found == null ? List.of() : found;
    }

    void onApplied(long upTo) {
        applied = Math.max(applied, upTo);
    }
}
