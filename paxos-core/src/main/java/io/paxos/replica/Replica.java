// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.AcceptedLog;
import io.paxos.log.LogAcceptor;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one log: Multi-Paxos as "Paxos Made Simple" §3 describes it, with a stable leader. It routes what
 * happens to the parts that know what to do; they collect what is to be done in the outbox, which is handed out at the
 * end of each step. A rule found broken stops the replica before anything leaves. Not safe for use by several threads.
 */
final class Replica {

    private static final int FORWARD_HOPS = 4;

    private final Self self;
    private final GroupId group;
    private final MachineConfig config;
    private final RandomGenerator random;
    private final Outbox outbox;
    private final Levels levels;
    private final Submissions submissions;
    private final Used used;
    private final AcceptedLog log;
    private final LogAcceptor acceptor;
    private final Learning learning;
    private final SnapshotExchange snapshots;
    private final ReadBarrier reads;
    private final SlotReads slotReads;
    private final LeaseGranter leases;
    private final Resolutions resolutions;
    private final Transfers transfers;
    private final Leadership leadership;
    private final Preference preference;
    private final Reconfigurer reconfigurer;
    private final Comparison comparison;
    private final Invariants invariants;
    private @Nullable Formed formed;
    private @Nullable SnapshotInfo snapshot;
    private @Nullable String halted;
    private LogTime time = LogTime.ZERO;
    private long now;
    private long activeAt;
    private long ledAt = -1;

    /** What a replica has only once the cluster has formed. */
    private record Formed(Peers peers, Office office) {}

    /** A replica that goes on from what is left of the log at this node. */
    Replica(Self self, GroupId group, MachineConfig config, Remains left, RandomGenerator random) {
        RecoveredState.Log recovered = left.log();
        this.self = self;
        this.group = group;
        this.config = config;
        this.random = random;
        this.outbox = new Outbox(group);
        this.levels = new Levels(group, self.node(), config, outbox, left.told());
        this.submissions = left.submissions();
        this.used = left.used();
        this.used.ballot(recovered.promised());
        this.snapshot = recovered.snapshot();
        this.log = new AcceptedLog();
        log.forget(recovered.compacted());
        recovered.slots().forEach(log::put);
        this.acceptor = new LogAcceptor(log, recovered.promised());
        this.learning = new Learning(group, config, outbox, levels, log, recovered.decided(), recovered.snapshot());
        this.snapshots = new SnapshotExchange(group, config, outbox, learning);
        this.reads = new ReadBarrier(self, config, outbox, learning, used);
        this.slotReads = new SlotReads(config, outbox);
        this.leases = new LeaseGranter(config.leases(), !recovered.promised().isZero());
        this.resolutions = new Resolutions(config, outbox, levels);
        this.transfers = new Transfers(config, outbox);
        this.leadership = new Leadership(group, outbox);
        this.preference = new Preference(config, group, self.node());
        this.reconfigurer = new Reconfigurer(self, config, outbox, learning, levels);
        this.comparison = new Comparison(self, group, outbox);
        this.invariants = new Invariants(recovered.promised(), recovered.decided());
        this.halted = left.halted();
    }

    /** α of this log. */
    int alpha() {
        return config.alpha();
    }

    /** The cluster has formed: from now on this replica takes part, as a voter if it is one. */
    void form(Peers peers) {
        outbox.form(peers);
        levels.form(peers);
        learning.form(peers.regimes());
        Office office = new Office(
                self, peers, config, random, outbox, learning, used, preference.own(), now, this::officeChanged);
        formed = new Formed(peers, office);
        reads.form(peers);
        reconfigurer.form(peers);
        announceRole();
    }

    /** This node has been told that its store is not counted any more (rule 7): from now on it only learns. */
    void observe() {
        guarded(f -> {
            f.office.stepAside(now);
            reads.observe();
        });
    }

    /** The node is about to be closed: a leader says that it leads no more. */
    void retire() {
        guarded(f -> f.office.stepAside(now));
    }

    /** Takes in a command. */
    void submit(RequestId request, Payload command, int ticks) {
        activeAt = now;
        refuse(
                request,
                halted != null ? stopped(halted) : submissions.submit(request, command, now + Math.max(1, ticks)));
    }

    /** Takes in a read, which is answered when this node has executed what it must have in it. */
    void read(RequestId request, Freshness freshness, int ticks) {
        activeAt = now;
        refuse(request, halted != null ? stopped(halted) : submit(request, freshness, now + Math.max(1, ticks)));
    }

    private Outcome.@Nullable Refused submit(RequestId request, Freshness freshness, long deadline) {
        if (freshness instanceof Freshness.AtLeast least) {
            return slotReads.submit(request, least.slot(), deadline);
        }
        if (freshness instanceof Freshness.MarkedSince marked) {
            return reads.submitSince(request, marked.since(), deadline);
        }
        if (freshness instanceof Freshness.UnderLease call
                && formed != null
                && formed.office.role() instanceof Leader leader
                && leader.coversByLease(call.calledAt())) {
            return reads.submitAt(request, leader.bindingUpTo(), now, deadline);
        }
        return reads.submit(request, deadline);
    }

    /** Takes in the wish to have settled what became of a command. */
    void resolve(Event.Resolve ask) {
        activeAt = now;
        refuse(
                ask.request(),
                halted != null ? stopped(halted) : resolutions.submit(ask, now + Math.max(1, ask.ticks())));
    }

    /** Takes in the wish that another node lead. */
    void transfer(Event.Transfer ask) {
        activeAt = now;
        Formed known = formed;
        if (halted != null || known == null) {
            refuse(
                    ask.request(),
                    halted != null
                            ? stopped(halted)
                            : new Outcome.Refused(
                                    Outcome.Reason.NOT_LEADER, "nobody leads before the cluster has formed"));
            return;
        }
        guarded(f -> transfers.submit(ask, f.peers, f.office, now));
    }

    /** Lets another node lead, if this one does and another can. */
    void handOver() {
        guarded(f -> {
            if (f.office.role() instanceof Leader leader && leader.handOver() == null) {
                Endpoint best = leader.bestSuccessor(now);
                if (best != null) {
                    leader.beginHandOver(best, now + config.electionTicks());
                }
            }
        });
    }

    /** Takes in a change of membership. */
    void reconfigure(RequestId request, MembershipChange change, int ticks) {
        activeAt = now;
        refuse(
                request,
                halted != null ? stopped(halted) : reconfigurer.submit(request, change, now + Math.max(1, ticks)));
    }

    private static Outcome.Refused stopped(String reason) {
        return new Outcome.Refused(Outcome.Reason.STOPPED, reason);
    }

    private void refuse(RequestId request, Outcome.@Nullable Refused refusal) {
        if (refusal != null) {
            outbox.add(new Effect.Respond(request, refusal));
        }
    }

    void receive(Endpoint from, LogMessage message) {
        if (!(message instanceof LogMessage.HeartbeatAck)) {
            activeAt = now;
        }
        guarded(f -> message.dispatch(new Inbound(
                group,
                config,
                f.peers,
                acceptor,
                f.office,
                learning,
                snapshots,
                reads,
                leases,
                reconfigurer,
                comparison,
                levels,
                outbox,
                from,
                now)));
    }

    /** What the clocks show. Something is about to happen here, and some ticks may have been passed over. */
    void at(long tick, LogTime wallClock, long nanos) {
        now = tick;
        time = wallClock;
        reads.at(nanos);
    }

    /** Time has passed: by one tick, or by several where many logs are awake. */
    void tick(long tick, LogTime wallClock, long nanos) {
        now = tick;
        time = wallClock;
        leases.tick(nanos);
        submissions.tick(now, learning.known(), learning.applied()).forEach(outbox::add);
        resolutions.tick(now);
        reads.tick(now, nanos);
        slotReads.tick(now, learning.applied());
        reconfigurer.tick(now);
        guarded(f -> {
            f.office.tick(now, acceptor.promised());
            ledAt = f.office.hearsLeader(now) ? now : ledAt;
            Leader leader = f.office.role() instanceof Leader office ? office : null;
            if (leader != null) {
                leader.renewLease(now, nanos);
            }
            reconfigurer.readmit(leader, now);
            Endpoint preferred = preference.due(leader, f.office.leader(), f.peers, learning.decided(), now);
            if (leader != null && preferred != null) {
                leader.beginHandOver(preferred, now + config.electionTicks());
            }
            closeFor(reads.toBeClosed(now), f.office);
        });
    }

    /** A leader that this node hears may not hear it, so every other time somebody else is asked to pass it on. */
    private void closeFor(long slot, Office office) {
        if (slot == 0) {
            return;
        }
        if (office.role() instanceof Leader leader) {
            leader.closeUp(slot, learning.decided());
            return;
        }
        Endpoint next = random.nextBoolean() ? office.route(now) : office.detour(now);
        if (next != null) {
            outbox.send(next, new LogMessage.CloseSlots(slot, FORWARD_HOPS));
        }
    }

    /** Time has passed without ticks, because nothing was to happen, or has only begun. */
    void wake(long tick, LogTime wallClock, long nanos) {
        now = tick;
        time = wallClock;
        activeAt = now;
        ledAt = ledAt < 0 ? ledAt : now;
        reads.tick(now, nanos);
    }

    boolean leads() {
        return formed != null && formed.office.role() instanceof Leader;
    }

    /** This leader has rested, and knows meanwhile when each of the others was heard last. */
    void goOnLeading(ToLongFunction<Endpoint> heardAt) {
        guarded(f -> {
            if (f.office.role() instanceof Leader leader) {
                leader.goOn(heardAt, now);
            }
        });
    }

    /** A later start of a peer has been heard; what the one before has told of this log does not let it rest. */
    void restarted(Endpoint peer) {
        guarded(f -> {
            if (f.office.role() instanceof Leader leader) {
                leader.onRestarted(peer);
            }
        });
    }

    /** This follower has rested, and its leader was heard last at a tick. */
    void goOnFollowing(long heardAt) {
        guarded(f -> f.office.goOn(heardAt, now));
    }

    /** This follower has rested, and its leader is gone. */
    void loseLeader() {
        guarded(f -> f.office.loseLeader(now));
    }

    /**
     * Whether this leader has nothing to do, and all who follow it have been heard lately and know as much as it does.
     * Where leases are granted logs do not rest, for a lease must be asked for again and again.
     */
    boolean mayRestLeading() {
        Formed known = formed;
        return known != null
                && now - activeAt >= 2L * config.heartbeatTicks()
                && known.office.role() instanceof Leader leader
                && isIdle()
                && preference.isContent()
                && isSteady(known.peers.regimes())
                && leader.mayRest(learning.decided(), now)
                && levels.isIdle();
    }

    /** Whether there is nothing to do here but to follow the leader of a ballot, and nothing that it knows is missing. */
    boolean mayRestFollowing(Endpoint leader, Ballot ballot, long decided) {
        Formed known = formed;
        return known != null
                && isIdle()
                && isSteady(known.peers.regimes())
                && learning.decided() == decided
                && acceptor.promised().compareTo(ballot) <= 0
                && ballot.proposer().equals(leader.node())
                && known.office.follows(ballot);
    }

    /** Whether it is known who governs the next slot, and nobody else is to govern those behind (rule 10). */
    private static boolean isSteady(Regimes regimes) {
        return regimes.isKnown() && regimes.latest() == regimes.current();
    }

    private boolean isIdle() {
        return halted == null
                && !config.leases().isOn()
                && learning.applied() == learning.decided()
                && learning.known() == learning.decided()
                && submissions.waiting() == 0
                && resolutions.waiting() == 0
                && reads.isIdle()
                && slotReads.waiting() == 0
                && transfers.isIdle()
                && reconfigurer.isIdle()
                && snapshots.isIdle();
    }

    /**
     * Whether a message is a late answer to a heartbeat of this leader, and says no more than its sender had said before the
     * log went to rest. Where answers take long they would wake it again and again.
     */
    boolean isLate(LogMessage message) {
        return message instanceof LogMessage.HeartbeatAck ack
                && formed != null
                && formed.office.role() instanceof Leader leader
                && ack.ballot().equals(leader.ballot())
                && ack.decided() == learning.decided();
    }

    long decided() {
        return learning.decided();
    }

    /** Who is told what this leader says. */
    List<Endpoint> followers() {
        Formed known = formed;
        if (known == null) {
            return List.of();
        }
        List<Endpoint> all = new ArrayList<>(known.peers.otherVoters());
        all.addAll(known.peers.observers());
        return all;
    }

    /** When this leader heard somebody last; of those whom it does not count, now. */
    long followerHeardAt(Endpoint follower) {
        return formed != null && formed.office.role() instanceof Leader leader ? leader.heardAt(follower, now) : now;
    }

    void peerDown(NodeId peer) {
        guarded(f -> f.office.peerDown(peer, now));
    }

    void applied(Event.Applied report) {
        learning.onApplied(report.upTo());
        List<DecidedChange> changes = report.changes();
        if (changes != null) {
            guarded(f -> {
                levels.raise(report.level());
                learning.restored(report.upTo(), changes);
            });
        }
        for (Completion completion : report.completions()) {
            outbox.addAll(submissions.complete(completion, report.answered()));
            resolutions.complete(completion);
        }
    }

    /** A stretch of which states are compared has been executed here. */
    void digested(StateDigest digest) {
        guarded(f -> comparison.executed(digest, learning.decided(), f.peers));
    }

    void chunkStored(Event.ChunkStored part) {
        snapshots.onStored(part);
    }

    void chunkRead(Event.ChunkRead part) {
        guarded(f -> snapshots.onRead(part));
    }

    void snapshotStored(SnapshotInfo stored) {
        snapshot = snapshot == null || snapshot.slot() < stored.slot() ? stored : snapshot;
        guarded(f -> snapshots.onStored(stored, f.office.role() instanceof Leader));
    }

    void snapshotFailed() {
        snapshots.onFailed();
    }

    /** Sends on what has gathered during the events of this step, many at a time, and hands out all effects. */
    List<Effect> flush() {
        String verdict = comparison.verdict() == null ? levels.verdict() : comparison.verdict();
        if (verdict != null) {
            halt(verdict);
        }
        guarded(f -> {
            f.office.followInvitation(now, acceptor.promised());
            transfers.advance(f.peers, f.office, now);
            proposeChange(f.office);
            if (f.office.role() instanceof Leader leader) {
                raiseLevel(leader);
                offerTo(leader);
                leader.flush(learning.decided(), now, time);
            } else {
                Endpoint route = f.office.route(now);
                forward(route != null && submissions.isUnheard(now) ? f.office.detour(now) : route);
                if (!snapshots.isFlowing()) {
                    learning.askForMissing(now, f.peers.otherVoters());
                }
            }
            snapshots.flush(now, f.peers.otherVoters(), f.office.role() instanceof Leader);
            learning.handToApply(submissions::callerOf, awaited(f.office.role()));
            leadership.update(f.office.role(), learning.applied());
            reads.flush(now);
            slotReads.flush(learning.applied());
            invariants.check(acceptor.promised(), learning.decided(), f.office.role());
        });
        return outbox.drain();
    }

    private long awaited(Role role) {
        return Math.max(Math.max(reads.awaited(), slotReads.awaited()), leadership.awaited(role));
    }

    private void proposeChange(Office office) {
        Value change = reconfigurer.flush(now);
        if (change == null) {
            return;
        }
        Endpoint route = office.route(now);
        if (office.role() instanceof Leader leader) {
            offer(leader, change);
        } else if (route != null) {
            outbox.send(route, new LogMessage.Forward(List.of(change), FORWARD_HOPS));
        }
    }

    private void raiseLevel(Leader leader) {
        Value raise = levels.due(leader.ballot(), now);
        if (raise != null) {
            leader.offer(raise);
        }
    }

    private void offer(Leader leader, Value value) {
        levels.require(value);
        leader.offer(value);
    }

    private void offerTo(Leader leader) {
        while (leader.hasRoom() && submissions.hasUnsent()) {
            Value next = submissions.next(time, now);
            if (next == null) {
                return;
            }
            offer(leader, next);
        }
        for (Value fence = leader.hasRoom() ? resolutions.next(time, now) : null;
                fence != null;
                fence = leader.hasRoom() ? resolutions.next(time, now) : null) {
            offer(leader, fence);
        }
    }

    private void forward(@Nullable Endpoint route) {
        while (route != null && submissions.hasUnsent()) {
            List<Value> next = submissions.take(config.windowSlots(), config.messageBytes(), now);
            if (next.isEmpty()) {
                return;
            }
            outbox.send(route, new LogMessage.Forward(next, FORWARD_HOPS));
        }
        if (route != null && resolutions.hasUnsent()) {
            outbox.send(route, new LogMessage.Forward(resolutions.take(now), FORWARD_HOPS));
        }
    }

    /** What was under way to a leader may have been lost with it. */
    private void officeChanged() {
        submissions.resendAll();
        resolutions.resendAll();
        announceRole();
    }

    private interface Step {
        void run(Formed formed);
    }

    /** A step that breaks a rule leaves nothing behind but answers already given and the news that it stopped. */
    private void guarded(Step step) {
        Formed known = formed;
        if (halted != null || known == null) {
            return;
        }
        try {
            step.run(known);
        } catch (RuntimeException e) {
            List<Effect> undone = outbox.drain();
            undone.stream().filter(Effect.Respond.class::isInstance).forEach(outbox::add);
            halt("replica of group " + group + " on " + self.node() + " found a rule broken and stopped: "
                    + (e instanceof IllegalStateException ? e.getMessage() : e)
                    + "; keep its store for analysis and restart the node");
        }
    }

    /** Stops for good: resigns any leadership, answers every caller, and neither votes nor learns any more. */
    void halt(String reason) {
        if (halted != null) {
            return;
        }
        halted = reason;
        if (formed != null) {
            formed.office.retire();
        }
        endCalls(reason);
        outbox.add(new Effect.Halted(group, reason));
        announceRole();
    }

    /**
     * Ends this node's part in the log until it is opened anew: it resigns any office and answers every caller. What is left
     * is for the replica that goes on then; this one is not to be asked for anything but what it still wants done.
     */
    Remains close(String reason) {
        guarded(f -> f.office.stepAside(now));
        String before = halted;
        halted = reason;
        endCalls(reason);
        return new Remains(
                new RecoveredState.Log(
                        acceptor.promised(), log.held(), learning.decided(), acceptor.compacted(), snapshot),
                used,
                submissions,
                levels.told(),
                before);
    }

    private void endCalls(String reason) {
        submissions.stop(reason).forEach(outbox::add);
        reads.stop(reason);
        slotReads.stop(reason);
        resolutions.stop(reason);
        transfers.stop(reason);
        leadership.end();
        reconfigurer.stop(reason);
    }

    private void announceRole() {
        outbox.add(new Effect.RoleChanged(group, roleName(), ballot(), leader()));
    }

    private @Nullable NodeId leader() {
        return formed == null ? null : formed.office.leader();
    }

    Ballot ballot() {
        return formed == null
                ? acceptor.promised()
                : Ballot.max(
                        acceptor.promised(), Ballot.max(formed.office.ballotInUse(), formed.office.leaderBallot()));
    }

    private RoleName roleName() {
        if (halted != null) {
            return RoleName.HALTED;
        }
        if (formed == null || !formed.peers.selfVotes()) {
            return RoleName.OBSERVER;
        }
        if (formed.office.role() instanceof Leader) {
            return RoleName.LEADER;
        }
        return formed.office.role() instanceof Candidate ? RoleName.CANDIDATE : RoleName.FOLLOWER;
    }

    private NodeStatus.@Nullable Membership membership() {
        if (formed == null) {
            return null;
        }
        Regimes regimes = formed.peers.regimes();
        Configuration latest = regimes.latest().configuration();
        NodeStatus.Standing standing = NodeStatus.Standing.of(latest, self.endpoint(), formed.peers.mayVote());
        return new NodeStatus.Membership(
                regimes.current().configuration(), latest, regimes.latest().from(), standing);
    }

    /** The feature level at which this log works. */
    Levels levels() {
        return levels;
    }

    /** The stores whose votes count in slots to come; empty while the cluster has not formed. */
    List<Endpoint> voters() {
        return formed == null ? List.of() : formed.peers.voters();
    }

    /** Whether the votes of this node's store count in slots to come. */
    boolean isVoter() {
        return voters().contains(self.endpoint());
    }

    /** Changes whenever {@link #voters} may. */
    long edition() {
        return formed == null ? -1 : formed.peers.regimes().edition();
    }

    NodeStatus.Group status() {
        Leader leading = formed != null && formed.office.role() instanceof Leader leader ? leader : null;
        boolean led = formed != null && formed.office.hearsLeader(now);
        return new NodeStatus.Group(
                roleName(),
                leader(),
                ballot(),
                learning.decided(),
                learning.applied(),
                acceptor.compacted(),
                leading == null ? 0 : leading.inFlight(),
                submissions.waiting() + reads.waiting() + slotReads.waiting() + resolutions.waiting(),
                halted,
                membership(),
                comparison.odd(),
                learning.known(),
                led ? 0 : ledAt < 0 ? -1 : now - ledAt,
                leading == null ? Collections.emptySortedMap() : leading.lags(learning.decided()),
                levels.inForce());
    }
}
