// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.event.Completion.Status;
import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.model.DecidedChange;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has been executed of one log: the user's state machine and the session table, which change together, slot by
 * slot, so that both always stand at one slot (rule 9). The host calls it on whichever thread executes commands, one
 * call at a time.
 */
public final class AppliedState {

    /** How many sessions are remembered where nothing else is said. */
    public static final int MOST_SESSIONS = ClientSessions.MAX_SESSIONS;

    private final Self self;
    private final GroupId group;
    private final StateMachine<Payload, Payload> machine;
    private final Snapshots snapshots;
    private final Changes changes;
    private final RollingDigest digest;
    private ClientSessions sessions;
    private FeatureLevel level = FeatureLevel.BASE;
    private LogTime time = LogTime.ZERO;
    private long applied;
    private long bytes;

    /**
     * The state before slot 1.
     *
     * @param self this start of this node; completions are reported for the values it put into the log
     * @param group the log
     * @param machine the user's state machine behind its codec
     * @param policy when snapshots are due
     */
    public AppliedState(Self self, GroupId group, StateMachine<Payload, Payload> machine, SnapshotPolicy policy) {
        this(self, group, machine, policy, MOST_SESSIONS);
    }

    /**
     * The state before slot 1, with another limit than usual to the sessions it remembers.
     *
     * @param self this start of this node; completions are reported for the values it put into the log
     * @param group the log
     * @param machine the user's state machine behind its codec
     * @param policy when snapshots are due
     * @param mostSessions how many sessions are remembered, at least 1; what is executed depends on it, so it must be the
     *     same on every replica for as long as the log exists
     * @throws IllegalArgumentException if the limit is not positive
     */
    public AppliedState(
            Self self, GroupId group, StateMachine<Payload, Payload> machine, SnapshotPolicy policy, int mostSessions) {
        this(self, group, machine, policy, mostSessions, new Changes(MachineConfig.DEFAULT_ALPHA, MajorityQuorums::of));
    }

    /**
     * The state before slot 1, of a log with a rule of its own.
     *
     * @param self this start of this node; completions are reported for the values it put into the log
     * @param group the log
     * @param machine the user's state machine behind its codec
     * @param policy when snapshots are due
     * @param mostSessions how many sessions are remembered, as above
     * @param changes none yet; made with the α and the rule that the node's machine has, for which changes of membership
     *     take effect depends on them
     * @throws IllegalArgumentException if the limit is not positive
     */
    public AppliedState(
            Self self,
            GroupId group,
            StateMachine<Payload, Payload> machine,
            SnapshotPolicy policy,
            int mostSessions,
            Changes changes) {
        this(self, group, machine, policy, mostSessions, changes, 0);
    }

    /**
     * The state before slot 1, of a log whose states are compared.
     *
     * @param self this start of this node; completions are reported for the values it put into the log
     * @param group the log
     * @param machine the user's state machine behind its codec
     * @param policy when snapshots are due
     * @param mostSessions how many sessions are remembered, as above
     * @param changes none yet, as above
     * @param compareEvery of how many slots each stretch is whose outcomes are compared, the same on every replica; 0 for
     *     no comparison
     * @throws IllegalArgumentException if one of the numbers is too small
     */
    public AppliedState(
            Self self,
            GroupId group,
            StateMachine<Payload, Payload> machine,
            SnapshotPolicy policy,
            int mostSessions,
            Changes changes,
            int compareEvery) {
        if (mostSessions < 1) {
            throw new IllegalArgumentException("at least one session must be remembered, not " + mostSessions);
        }
        this.digest = new RollingDigest(compareEvery);
        this.sessions = new ClientSessions(mostSessions);
        this.self = self;
        this.group = group;
        this.machine = machine;
        this.changes = changes;
        this.snapshots = new Snapshots(group, machine, policy, changes);
    }

    /**
     * Executes the next slots. Those that a snapshot has put behind this state already are passed over: a newer one may
     * have been restored than the one that was asked for.
     *
     * @param first the slot of the first value: at most one above {@link #applied()}
     * @param values the decided values
     * @return what became of the values that this start of this node put into the log
     * @throws ApplyException if the user's {@code apply} threw; the state then stands at the slot before
     * @throws IllegalArgumentException if a slot was left out; nothing is executed
     */
    public List<Completion> apply(long first, List<Value> values) {
        if (first > applied + 1) {
            throw new IllegalArgumentException("slot " + first + " cannot be executed after slot " + applied);
        }
        int passed = (int) Math.min(values.size(), applied + 1 - first);
        List<Completion> completions = new ArrayList<>();
        for (int i = passed; i < values.size(); i++) {
            Value value = values.get(i);
            Completion completion = applyOne(applied + 1, value);
            applied++;
            bytes += value.weight();
            digest.passed(applied, machine::digest);
            if (snapshots.isDue(applied, bytes, time)) {
                snapshots.captureDue(point(), level, sessions);
            }
            if (completion != null) {
                completions.add(completion);
            }
        }
        return completions;
    }

    private @Nullable Completion applyOne(long slot, Value value) {
        if (value instanceof Value.Command command) {
            return command(slot, command);
        }
        if (value instanceof Value.OpenSession open) {
            advanceTime(open.time());
            long session = sessions.open(slot, open);
            return open.opener().equals(self.node()) && open.start() == self.start()
                    ? new Completion(session, open, Status.APPLIED, Payload.EMPTY)
                    : null;
        }
        if (value instanceof Value.Reconfigure change) {
            changes.decide(slot, change);
            changes.forget(slot);
        }
        if (value instanceof Value.RaiseLevel raise) {
            level = FeatureLevel.max(level, raise.to());
        }
        return null;
    }

    private @Nullable Completion command(long slot, Value.Command command) {
        advanceTime(command.time());
        ClientSessions.Session session = sessions.use(command.id().session());
        if (session == null) {
            // Nobody knows any more whose it was, so everyone is told; only its owner waits for it.
            return new Completion(slot, command, Status.NO_SESSION, Payload.EMPTY);
        }
        SessionResults results = session.results();
        if (command.isFence()) {
            return fence(slot, command, session);
        }
        boolean own = session.isOf(self.node(), self.start());
        long sequence = command.id().sequence();
        sessions.raiseFloor(session, command.floor());
        if (sequence < results.floor()) {
            return own ? new Completion(slot, command, Status.BELOW_FLOOR, Payload.EMPTY) : null;
        }
        SessionResults.Executed earlier = results.find(sequence);
        if (earlier != null) {
            return own ? completion(earlier, command) : null;
        }
        Payload result = execute(slot, command);
        digest.executed(slot, command.id(), result);
        sessions.remember(session, sequence, slot, result);
        return own ? new Completion(slot, command, Status.APPLIED, result) : null;
    }

    private static Completion completion(SessionResults.Executed earlier, Value.Command command) {
        return earlier.isFence()
                ? new Completion(-earlier.slot(), command, Status.FENCED, Payload.EMPTY)
                : new Completion(earlier.slot(), command, Status.REPEATED, earlier.result());
    }

    /** Anyone may have put it into the log, so everyone is told what the command has come to. */
    private Completion fence(long slot, Value.Command fence, ClientSessions.Session session) {
        SessionResults results = session.results();
        long sequence = fence.id().sequence();
        if (sequence < results.floor()) {
            return new Completion(slot, fence, Status.BELOW_FLOOR, Payload.EMPTY);
        }
        if (results.find(sequence) == null) {
            sessions.fence(session, sequence, slot);
        }
        SessionResults.Executed settled = results.find(sequence);
        return settled == null
                ? new Completion(slot, fence, Status.BELOW_FLOOR, Payload.EMPTY)
                : completion(settled, fence);
    }

    private Payload execute(long slot, Value.Command command) {
        try {
            return machine.apply(new ApplyContext(slot, time, command.id()), command.payload());
        } catch (RuntimeException | Error e) {
            throw new ApplyException(slot, command.id(), e);
        }
    }

    private void advanceTime(LogTime proposed) {
        if (proposed.compareTo(time) > 0) {
            time = proposed;
        }
    }

    private LogPoint point() {
        return new LogPoint(applied, bytes, time);
    }

    /**
     * What has been captured since the last call, because a snapshot was due. While a snapshot is being written no other
     * becomes due: {@link #snapshotEnded} says when it has been.
     *
     * @return the captured state, to be written on any thread, or null
     */
    public @Nullable CapturedState takeCapture() {
        return snapshots.take();
    }

    /**
     * The stretches that have come to their ends since the last call, where states are compared.
     *
     * @return what came of each, in the order of their slots
     */
    public List<StateDigest> takeDigests() {
        return digest.take();
    }

    /**
     * Captures the state as it is now, though no snapshot is due.
     *
     * @return the captured state, or null if nothing has been executed yet or a snapshot is being written
     * @throws UnsupportedOperationException if the user's machine cannot be captured
     */
    public @Nullable CapturedState capture() {
        return snapshots.capture(point(), level, sessions);
    }

    /** The snapshot that was being written is durable, or has been given up. */
    public void snapshotEnded() {
        snapshots.ended();
    }

    /**
     * Why no snapshots are taken any more, if the user's machine has refused to be captured.
     *
     * @return the refusal, or null
     */
    public @Nullable RuntimeException captureProblem() {
        return snapshots.problem();
    }

    /**
     * Replaces everything by a snapshot, if that has come further; an older one changes nothing.
     *
     * @param in what {@link CapturedState#writeTo} wrote, on this or another replica
     * @return what became of the commands of this start of this node, as far as the snapshot tells: those whose slots
     *     were skipped are answered from the sessions in it (rule 9)
     * @throws IOException if reading fails, or it is no snapshot of this log; execution cannot go on then
     */
    public List<Completion> restore(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        ClientSessions restored = sessions.emptied();
        SnapshotFormat.Head head = SnapshotFormat.read(group, changes.alpha(), restored, data);
        LogPoint point = head.point();
        if (point.slot() <= applied) {
            return List.of();
        }
        machine.restore(in);
        sessions = restored;
        changes.replace(head.changes());
        level = head.level();
        applied = point.slot();
        bytes = point.bytes();
        time = point.time();
        snapshots.goOnFrom(point);
        digest.restored(applied);
        return sessions.completionsOf(self.node(), self.start());
    }

    /**
     * Which changes of membership matter for the slots behind this state.
     *
     * @return the changes that took effect, the earliest first
     */
    public List<DecidedChange> changes() {
        return changes.kept();
    }

    /**
     * The highest feature level that the log has decided up to this state.
     *
     * @return the lowest there is if none was raised
     */
    public FeatureLevel level() {
        return level;
    }

    /**
     * How far this state has come.
     *
     * @return the last slot executed, 0 if none
     */
    public long applied() {
        return applied;
    }
}
