package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.AcceptedLog;
import io.paxos.log.LogAcceptor;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import java.util.List;
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
    private final Submissions submissions;
    private final LogAcceptor acceptor;
    private final Learning learning;
    private final SnapshotExchange snapshots;
    private final Invariants invariants;
    private @Nullable Formed formed;
    private @Nullable String halted;
    private LogTime time = LogTime.ZERO;
    private long now;

    /** What a replica has only once the cluster has formed. */
    private record Formed(Peers peers, Office office) {}

    Replica(Self self, GroupId group, MachineConfig config, RecoveredState.Log recovered, RandomGenerator random) {
        this.self = self;
        this.group = group;
        this.config = config;
        this.random = random;
        this.outbox = new Outbox(group);
        this.submissions = new Submissions(self, config);
        AcceptedLog log = new AcceptedLog();
        log.forget(recovered.compacted());
        recovered.slots().forEach(log::put);
        this.acceptor = new LogAcceptor(log, recovered.promised());
        this.learning = new Learning(group, config, outbox, log, recovered.decided(), recovered.snapshot());
        this.snapshots = new SnapshotExchange(group, config, outbox, learning);
        this.invariants = new Invariants(recovered.promised(), recovered.decided());
    }

    /** The cluster has formed: from now on this replica takes part, as a voter if it is one. */
    void form(Peers peers) {
        outbox.form(peers);
        Office office = new Office(
                self, peers, config, random, outbox, learning, acceptor.promised(), now, this::officeChanged);
        formed = new Formed(peers, office);
        announceRole();
    }

    /** This node has been told that its store is not counted any more (rule 7): from now on it only learns. */
    void observe() {
        guarded(f -> f.office.stepAside(now));
    }

    /** The node is about to be closed: a leader says that it leads no more. */
    void retire() {
        guarded(f -> f.office.stepAside(now));
    }

    /** Takes in a command, or a barrier where there is none. */
    void submit(RequestId request, @Nullable Payload command, int ticks) {
        Outcome.Refused refusal = halted != null
                ? new Outcome.Refused(Outcome.Reason.STOPPED, halted)
                : submissions.submit(request, command, now + Math.max(1, ticks));
        if (refusal != null) {
            outbox.add(new Effect.Respond(request, refusal));
        }
    }

    void receive(Endpoint from, LogMessage message) {
        guarded(f -> message.dispatch(
                new Inbound(group, config, f.peers, acceptor, f.office, learning, snapshots, outbox, from, now)));
    }

    void tick(LogTime wallClock) {
        now++;
        time = wallClock;
        submissions.tick(now, learning.known(), learning.applied()).forEach(outbox::add);
        guarded(f -> f.office.tick(now, acceptor.promised()));
    }

    void peerDown(NodeId peer) {
        guarded(f -> f.office.peerDown(peer, now));
    }

    void applied(long upTo, List<Completion> completions) {
        learning.onApplied(upTo);
        for (Completion completion : completions) {
            submissions.complete(completion).forEach(outbox::add);
        }
    }

    void chunkStored(Event.ChunkStored part) {
        snapshots.onStored(part);
    }

    void chunkRead(Event.ChunkRead part) {
        guarded(f -> snapshots.onRead(part));
    }

    void snapshotStored(SnapshotInfo snapshot) {
        guarded(f -> snapshots.onStored(snapshot, f.office.role() instanceof Leader));
    }

    void snapshotFailed() {
        snapshots.onFailed();
    }

    /** Sends on what has gathered during the events of this step, many at a time, and hands out all effects. */
    List<Effect> flush() {
        guarded(f -> {
            if (f.office.role() instanceof Leader leader) {
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
            learning.handToApply();
            invariants.check(acceptor.promised(), learning.decided(), f.office.role());
        });
        return outbox.drain();
    }

    private void offerTo(Leader leader) {
        while (leader.hasRoom() && submissions.hasUnsent()) {
            List<Value> next = submissions.take(1, 1, now);
            if (next.isEmpty()) {
                return;
            }
            leader.offer(next.get(0));
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
    }

    /** What was under way to a leader may have been lost with it. */
    private void officeChanged() {
        submissions.resendAll();
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
                    + e.getMessage() + "; keep its store for analysis and restart the node");
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
        submissions.stop(reason).forEach(outbox::add);
        outbox.add(new Effect.Halted(group, reason));
        announceRole();
    }

    private void announceRole() {
        outbox.add(new Effect.RoleChanged(group, roleName(), ballot(), leader()));
    }

    private @Nullable NodeId leader() {
        return formed == null ? null : formed.office.leader();
    }

    private Ballot ballot() {
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

    NodeStatus.Group status() {
        int inFlight = formed != null && formed.office.role() instanceof Leader leader ? leader.inFlight() : 0;
        return new NodeStatus.Group(
                roleName(),
                leader(),
                ballot(),
                learning.decided(),
                learning.applied(),
                acceptor.compacted(),
                inFlight,
                submissions.waiting(),
                halted);
    }
}
