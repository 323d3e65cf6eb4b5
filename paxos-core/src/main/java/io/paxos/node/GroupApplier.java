package io.paxos.node;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import io.paxos.model.Value;
import io.paxos.replica.ApplyException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Executes the commands of one log, one after another, away from the loop: however slow they are, heartbeats and other
 * groups go on. Queries of the state take their turn between two commands. Safe for any thread.
 */
final class GroupApplier {

    /** Executes consecutive slots; one that takes no snapshots need say no more. */
    @FunctionalInterface
    interface Slots {

        /** See {@code AppliedState.apply}. */
        List<Completion> apply(long first, List<Value> values);

        /** Puts the newest durable snapshot in the place of what was executed; see {@code AppliedState.restore}. */
        default Installed install() throws IOException {
            throw new IOException("there are no snapshots here");
        }

        /** Writes a snapshot, if one has become due; that it ended must wait for its turn. */
        default void writeIfDue(Consumer<Runnable> turn) {}
    }

    /** A snapshot stands for all slots up to one, and answers some calls. */
    record Installed(long upTo, List<Completion> completions) {}

    /** A query that waits for its turn. */
    interface Query {

        /** Runs it on the state as it is. */
        void run();

        /** There will be no turn any more. */
        void refuse(Outcome.Refused refusal);
    }

    /** After so many slots the callers hear of their results. */
    private static final int MAX_SLOTS_AT_ONCE = 128;

    /** After so long another group gets its turn. */
    private static final long TURN_NANOS = 2_000_000;

    private sealed interface Task {}

    private record Commands(long first, List<Value> values) implements Task {}

    private record Ask(Query query) implements Task {}

    private record Install() implements Task {}

    private record Act(Runnable action) implements Task {}

    private final GroupId group;
    private final Slots slots;
    private final Executor pool;
    private final Consumer<Event> report;
    private final int maxQueries;

    private final Object lock = new Object();
    private final Queue<Task> tasks = new ArrayDeque<>();
    private int queries;
    private boolean running;
    private @Nullable String stopped;
    private volatile @Nullable Throwable problem;

    /**
     * Nothing waits at first.
     *
     * @param slots what executes
     * @param pool lends a thread for a turn
     * @param report takes {@link Event.Applied} and {@link Event.ApplyFailed}; never blocks
     * @param maxQueries how many queries may wait
     */
    GroupApplier(GroupId group, Slots slots, Executor pool, Consumer<Event> report, int maxQueries) {
        this.group = group;
        this.slots = slots;
        this.pool = pool;
        this.report = report;
        this.maxQueries = maxQueries;
    }

    /** Lets commands wait for their turn, in the order of the calls. */
    void apply(Effect.Apply effect) {
        synchronized (lock) {
            if (stopped != null || problem != null) {
                return;
            }
            List<Value> values = effect.values();
            for (int from = 0; from < values.size(); from += MAX_SLOTS_AT_ONCE) {
                int to = Math.min(values.size(), from + MAX_SLOTS_AT_ONCE);
                tasks.add(new Commands(effect.first() + from, values.subList(from, to)));
            }
        }
        schedule();
    }

    /** Lets the newest durable snapshot wait for its turn. */
    void install() {
        add(new Install());
    }

    /** Lets something that the state must be told wait for its turn; dropped where nothing is executed any more. */
    void act(Runnable action) {
        add(new Act(action));
    }

    private void add(Task task) {
        synchronized (lock) {
            if (stopped != null || problem != null) {
                return;
            }
            tasks.add(task);
        }
        schedule();
    }

    /** Lets a query wait for its turn, or refuses it. */
    void ask(Query query) {
        Outcome.Refused refusal = null;
        synchronized (lock) {
            if (stopped != null) {
                refusal = new Outcome.Refused(Outcome.Reason.STOPPED, stopped);
            } else if (queries >= maxQueries) {
                refusal = new Outcome.Refused(
                        Outcome.Reason.OVERLOADED,
                        queries + " queries of group " + group + " wait already; try again later");
            } else {
                queries++;
                tasks.add(new Ask(query));
            }
        }
        if (refusal == null) {
            schedule();
        } else {
            query.refuse(refusal);
        }
    }

    /** Refuses all queries that wait and drops all commands, but lets a command that is being executed end. */
    void stop(String reason) {
        List<Task> rest;
        synchronized (lock) {
            stopped = reason;
            rest = List.copyOf(tasks);
            tasks.clear();
            queries = 0;
        }
        Outcome.Refused refusal = new Outcome.Refused(Outcome.Reason.STOPPED, reason);
        for (Task task : rest) {
            if (task instanceof Ask ask) {
                ask.query().refuse(refusal);
            }
        }
    }

    /** What {@code apply} threw, or null if it never did. */
    @Nullable
    Throwable problem() {
        return problem;
    }

    private void schedule() {
        synchronized (lock) {
            if (running || tasks.isEmpty()) {
                return;
            }
            running = true;
        }
        try {
            pool.execute(this::takeTurn);
        } catch (RejectedExecutionException closed) {
            stop("the node has been closed");
        }
    }

    private void takeTurn() {
        try {
            long begun = System.nanoTime();
            do {
                run(next());
            } while (hasTasks() && System.nanoTime() - begun < TURN_NANOS);
        } finally {
            synchronized (lock) {
                running = false;
            }
            schedule();
        }
    }

    private boolean hasTasks() {
        synchronized (lock) {
            return !tasks.isEmpty();
        }
    }

    private @Nullable Task next() {
        synchronized (lock) {
            Task task = tasks.poll();
            if (task instanceof Ask) {
                queries--;
            }
            return task;
        }
    }

    private void run(@Nullable Task task) {
        if (task instanceof Commands commands) {
            execute(commands);
        } else if (task instanceof Ask ask) {
            ask.query().run();
        } else if (task instanceof Act act && problem == null) {
            act.action().run();
        } else if (task instanceof Install && problem == null) {
            executeInstall();
        }
    }

    private void executeInstall() {
        try {
            Installed installed = slots.install();
            report.accept(new Event.Applied(group, installed.upTo(), installed.completions()));
        } catch (IOException | RuntimeException | Error e) {
            problem = e;
            report.accept(
                    new Event.ApplyFailed(group, 0, null, "the snapshot that stands for it cannot be restored: " + e));
        }
    }

    private void execute(Commands commands) {
        if (problem != null) {
            return;
        }
        try {
            List<Completion> completions = slots.apply(commands.first(), commands.values());
            long upTo = commands.first() + commands.values().size() - 1;
            report.accept(new Event.Applied(group, upTo, completions));
            slots.writeIfDue(this::act);
        } catch (ApplyException e) {
            problem = e.getCause() == null ? e : e.getCause();
            report.accept(new Event.ApplyFailed(group, e.slot(), e.command(), String.valueOf(problem)));
        } catch (RuntimeException | Error e) {
            problem = e;
            report.accept(new Event.ApplyFailed(group, commands.first(), null, e.toString()));
        }
    }
}
