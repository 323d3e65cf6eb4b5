// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.Regime;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees one change of membership through, from the call to the answer. New voters catch up as observers first; then the
 * change is proposed like any value (rule 10); and when it governs, the call is answered as soon as so many of the new
 * voters durably hold everything below that nothing of it can be lost with those who leave. Asking how far somebody is
 * takes no message of its own: a question of the kind that reads ask does it, and its answer waits for the disk.
 */
final class Reconfigurer {

    /** Rounds of reads are counted from 1, so no read takes an answer to this for one of its own. */
    static final long NO_ROUND = 0;

    private final Self self;
    private final MachineConfig config;
    private final Outbox outbox;
    private final Learning learning;
    private final Levels levels;
    private @Nullable Peers peers;
    private @Nullable Readmission readmission;
    private @Nullable Pending pending;

    private static final class Pending {
        /** The call, or null if it is this node that wants the change. */
        final @Nullable RequestId request;

        final MembershipChange change;
        final long deadline;
        final Map<Endpoint, Long> decidedAt = new HashMap<>();
        final Map<NodeId, Long> answeredAt = new HashMap<>();
        Value.@Nullable Reconfigure value;
        List<Endpoint> newcomers = List.of();
        long mark;
        long askedAt = Long.MIN_VALUE / 2;
        long proposedAt = Long.MIN_VALUE / 2;
        boolean proposed;

        @Nullable
        Regime adopted;

        Pending(@Nullable RequestId request, MembershipChange change, long deadline) {
            this.request = request;
            this.change = change;
            this.deadline = deadline;
        }
    }

    Reconfigurer(Self self, MachineConfig config, Outbox outbox, Learning learning, Levels levels) {
        this.levels = levels;
        this.self = self;
        this.config = config;
        this.outbox = outbox;
        this.learning = learning;
    }

    /** The cluster has formed: from now on there is a membership to be changed. */
    void form(Peers known) {
        peers = known;
        readmission = config.readmitTicks() == 0 ? null : new Readmission(config, known);
    }

    /** Takes a change in, or says why not. */
    Outcome.@Nullable Refused submit(RequestId request, MembershipChange change, long deadline) {
        if (pending != null && pending.request == null && !pending.proposed) {
            pending = null;
        }
        if (pending != null) {
            return new Outcome.Refused(
                    Outcome.Reason.CHANGE_UNDER_WAY,
                    "this node is changing the membership already: " + pending.change + "; wait for its answer");
        }
        pending = new Pending(request, change, deadline);
        return null;
    }

    /** A leader looks after voters that have come back without their store, if it is to; nobody else does. */
    void readmit(@Nullable Leader leader, long now) {
        Readmission watch = readmission;
        if (watch == null) {
            return;
        }
        if (leader == null) {
            watch.forget();
            pending = pending != null && pending.request == null ? null : pending;
        } else if (pending == null) {
            MembershipChange change = watch.due(leader, now);
            if (change != null) {
                long patience = Math.max(config.readmitTicks(), 10L * config.electionTicks());
                pending = new Pending(null, change, now + patience);
            }
        }
    }

    /** Whether no change is wanted here, neither by a caller nor, as far as is known by now, by this node itself. */
    boolean isIdle() {
        return pending == null && (readmission == null || readmission.isIdle());
    }

    /** Takes in how far somebody says to have decided. */
    void onReply(Endpoint from, LogMessage.ReadReply reply, long now) {
        Probe probe = reply.probe();
        if (pending != null && probe.count() == NO_ROUND && probe.start() == self.start()) {
            pending.decidedAt.merge(from, reply.decided(), Math::max);
            Value.Reconfigure value = pending.value;
            if (value != null && value.next().counts(from)) {
                pending.answeredAt.put(from.node(), now);
            }
        }
    }

    /**
     * Does what can be done now.
     *
     * @return what is to be proposed now, or null
     */
    @Nullable
    Value flush(long now) {
        Peers known = peers;
        Pending call = pending;
        if (call == null || known == null || !known.regimes().isKnown()) {
            return null;
        }
        if (call.value == null) {
            begin(call, known);
        }
        if (call.adopted == null) {
            call.adopted = adopted(call, known.regimes());
        }
        if (pending == null) {
            return null;
        }
        if (call.adopted != null) {
            finish(call, call.adopted, now);
            return null;
        }
        if (!call.proposed && !isAllowed(call)) {
            return null;
        }
        if (!call.proposed && !(haveCaughtUp(call) && areThere(call, known.regimes(), now))) {
            ask(call, now);
            return null;
        }
        if (now - call.proposedAt < 2L * config.resendTicks()) {
            return null;
        }
        call.proposedAt = now;
        call.proposed = true;
        return call.value;
    }

    /** Works out what to propose, or answers the call instead. */
    private void begin(Pending call, Peers known) {
        Regimes regimes = known.regimes();
        Configuration latest = regimes.latest().configuration();
        if (regimes.latest() != regimes.current()) {
            refuse(
                    Outcome.Reason.CHANGE_UNDER_WAY,
                    latest + " has been decided and does not govern yet; try again when it does");
            return;
        }
        long amends = call.change.amends();
        if (amends != MembershipChange.LATEST && amends != latest.version()) {
            refuse(
                    Outcome.Reason.VERSION_OUTDATED,
                    "the change amends version " + amends + ", but the latest is " + latest + "; look at it again");
            return;
        }
        Amendment amendment = new Amendment(latest, known::whereabouts);
        Outcome.Refused problem = amendment.apply(call.change);
        if (problem != null) {
            answer(problem);
            return;
        }
        Configuration next = amendment.next();
        if (next.voters().equals(latest.voters()) && next.observers().equals(latest.observers())) {
            // Nothing is to be proposed; but whether those who left are still needed is to be found out all the same.
            call.value = new Value.Reconfigure(next);
            call.adopted = regimes.latest();
            return;
        }
        if (!regimes.isTenable(next)) {
            refuse(
                    Outcome.Reason.NO_QUORUM,
                    "the configured rule has no quorums over the voters " + next.voters()
                            + "; choose other voters, or a rule that fits any number of them");
            return;
        }
        call.value = new Value.Reconfigure(next);
        call.mark = learning.decided();
        List<Endpoint> newcomers = new ArrayList<>(next.voters().endpoints());
        newcomers.removeIf(latest::counts);
        newcomers.remove(self.endpoint());
        call.newcomers = newcomers;
    }

    /**
     * Waits for the feature level that has changes, unless somebody is known to be too old for it, or for the log. Not asked of
     * a change that has been proposed: it may be decided, so the call cannot be refused any more (rule 11).
     */
    private boolean isAllowed(Pending call) {
        FeatureLevel needed = FeatureLevel.CHANGES_AND_FENCES;
        String who = levels.inForce().compareTo(needed) < 0
                ? levels.tooOld(needed)
                : levels.tooOld(levels.inForce(), call.newcomers);
        if (who != null) {
            refuse(
                    Outcome.Reason.FEATURE_LEVEL,
                    "this change needs " + FeatureLevel.max(needed, levels.inForce()) + " on every node, and " + who
                            + "; upgrade these nodes, then ask again");
        }
        return who == null && levels.inForce().compareTo(needed) >= 0;
    }

    private void refuse(Outcome.Reason reason, String detail) {
        answer(new Outcome.Refused(reason, detail));
    }

    /** They have all that was decided when the change was asked for, and are at most a window behind. */
    private boolean haveCaughtUp(Pending call) {
        long enough = Math.max(call.mark, learning.decided() - config.windowSlots());
        return call.newcomers.stream().allMatch(node -> call.decidedAt.getOrDefault(node, -1L) >= enough);
    }

    /**
     * Whether so many of those who would vote answer that they could go on by themselves. Nothing could be chosen behind
     * the change without them, not even another change.
     */
    private boolean areThere(Pending call, Regimes regimes, long now) {
        Value.Reconfigure value = call.value;
        if (value == null) {
            return false;
        }
        Set<NodeId> there = new HashSet<>();
        call.answeredAt.forEach((node, at) -> {
            if (now - at < 2L * config.electionTicks()) {
                there.add(node);
            }
        });
        QuorumSystem quorums = regimes.quorumsOf(value.next());
        return quorums.isPhase1Quorum(there) && quorums.isPhase2Quorum(there);
    }

    private void ask(Pending call, long now) {
        Value.Reconfigure value = call.value;
        if (value != null) {
            ask(List.copyOf(value.next().voters().endpoints()), call, now);
        }
    }

    private void ask(List<Endpoint> nodes, Pending call, long now) {
        if (now - call.askedAt < config.heartbeatTicks()) {
            return;
        }
        call.askedAt = now;
        LogMessage.ReadQuery question = new LogMessage.ReadQuery(new Probe(self.start(), NO_ROUND), 0);
        nodes.forEach(node -> outbox.send(node, question));
    }

    /** The regime that the change has led to; whether it is this call's or another one's of the same wording. */
    private @Nullable Regime adopted(Pending call, Regimes regimes) {
        Value.Reconfigure value = call.value;
        if (value == null) {
            return null;
        }
        for (Regime regime : regimes.governing()) {
            if (regime.configuration().equals(value.next())) {
                return regime;
            }
            if (regime.configuration().version() == value.next().version()) {
                refuse(
                        Outcome.Reason.VERSION_OUTDATED,
                        "another change has led to " + regime.configuration() + " meanwhile; look at it again");
                return null;
            }
        }
        if (regimes.latest().configuration().version() > value.next().version()) {
            answer(new Outcome.Unknown("the membership has gone on to "
                    + regimes.latest().configuration() + "; this change may have been among those that led there"));
        }
        return null;
    }

    private void finish(Pending call, Regime adopted, long now) {
        long below = adopted.from() - 1;
        if (learning.decided() < below) {
            return;
        }
        Set<NodeId> hold = new HashSet<>();
        call.decidedAt.forEach((node, decided) -> {
            if (decided >= below && adopted.counts(node)) {
                hold.add(node.node());
            }
        });
        if (adopted.quorums().isPhase2Quorum(hold)) {
            answer(new Outcome.Reconfigured(adopted.configuration(), adopted.from()));
        } else {
            ask(adopted.voters(), call, now);
        }
    }

    /** Gives up a call whose deadline has passed. */
    void tick(long now) {
        Pending call = pending;
        if (call == null || now < call.deadline) {
            return;
        }
        if (call.adopted != null) {
            answer(new Outcome.Unknown("the change is decided and leads to "
                    + call.adopted.configuration() + " from slot " + call.adopted.from()
                    + " on; the deadline passed before enough of the new voters were found to hold all below that; do"
                    + " not stop those who leave before they do"));
        } else if (call.proposed) {
            answer(new Outcome.Unknown(
                    "the deadline passed after the change had been proposed; look at the membership again"));
        } else if (levels.inForce().compareTo(FeatureLevel.CHANGES_AND_FENCES) < 0) {
            refuse(
                    Outcome.Reason.FEATURE_LEVEL,
                    "the deadline passed before the log had risen to " + FeatureLevel.CHANGES_AND_FENCES
                            + ", which a change of membership needs: " + levels.unheard());
        } else {
            answer(new Outcome.Refused(
                    Outcome.Reason.TIMEOUT,
                    "the deadline passed before "
                            + (call.newcomers.isEmpty() ? "" : call.newcomers + " had caught up, and ")
                            + "a quorum of those who would vote had answered, of whom these did: "
                            + call.answeredAt.keySet() + "; are they running? Without them nothing could be chosen any"
                            + " more, so nothing has been changed"));
        }
    }

    /** Answers the call: this replica will not see it through. */
    void stop(String reason) {
        Pending call = pending;
        if (call != null) {
            answer(
                    call.proposed
                            ? new Outcome.Unknown("the change had been proposed when this node stopped: " + reason)
                            : new Outcome.Refused(Outcome.Reason.STOPPED, reason));
        }
    }

    private void answer(Outcome outcome) {
        Pending call = pending;
        pending = null;
        if (call != null && call.request != null) {
            outbox.add(new Effect.Respond(call.request, outcome));
        }
    }
}
