package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.event.Completion.Status;
import io.paxos.event.Self;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.Value;
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

    private final Self self;
    private final GroupId group;
    private final StateMachine<Payload, Payload> machine;
    private final Snapshots snapshots;
    private ClientSessions sessions = new ClientSessions();
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
        this.self = self;
        this.group = group;
        this.machine = machine;
        this.snapshots = new Snapshots(group, machine, policy);
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
        for (Value value : values.subList(passed, values.size())) {
            LogPoint before = point();
            Completion completion = applyOne(applied + 1, value);
            applied++;
            bytes += value.weight();
            snapshots.captureIfDue(before, point(), sessions);
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
        if (value instanceof Value.Barrier barrier) {
            return barrier.reader().equals(self.node()) && barrier.start() == self.start()
                    ? new Completion(slot, barrier, Status.APPLIED, Payload.EMPTY)
                    : null;
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
        boolean own = session.isOf(self.node(), self.start());
        long sequence = command.id().sequence();
        session.raiseFloor(command.floor());
        if (session.isBelowFloor(sequence)) {
            return own ? new Completion(slot, command, Status.BELOW_FLOOR, Payload.EMPTY) : null;
        }
        ClientSessions.Executed earlier = session.result(sequence);
        if (earlier != null) {
            return own ? new Completion(earlier.slot(), command, Status.REPEATED, earlier.result()) : null;
        }
        Payload result = execute(slot, command);
        session.record(sequence, new ClientSessions.Executed(slot, result));
        return own ? new Completion(slot, command, Status.APPLIED, result) : null;
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
     * Captures the state as it is now, though no snapshot is due.
     *
     * @return the captured state, or null if nothing has been executed yet or a snapshot is being written
     * @throws UnsupportedOperationException if the user's machine cannot be captured
     */
    public @Nullable CapturedState capture() {
        return snapshots.capture(point(), sessions);
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
        ClientSessions restored = new ClientSessions();
        LogPoint point = SnapshotFormat.read(group, restored, data);
        if (point.slot() <= applied) {
            return List.of();
        }
        machine.restore(in);
        sessions = restored;
        applied = point.slot();
        bytes = point.bytes();
        time = point.time();
        return sessions.completionsOf(self.node(), self.start());
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
