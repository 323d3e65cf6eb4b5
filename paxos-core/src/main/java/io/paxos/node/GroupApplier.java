// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.DecidedChange;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.replica.ApplyException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the commands of one log, one after another, away from the loop: however slow they are, heartbeats and other
 * groups go on. Queries of the state take their turn between two commands. Safe for any thread.
 *
 * <p>Commands for which nobody waits here, as is the rule on a follower, wake no thread for each message that brings
 * some: they are executed together, when a tick has passed or many wait, or as soon as anybody asks. For a while after
 * somebody has asked, all are executed at once.
 */
final class GroupApplier {

    private static final Logger LOG = LoggerFactory.getLogger(PaxosNode.class);

    /** Executes consecutive slots; one that takes no snapshots need say no more. */
    @FunctionalInterface
    interface Slots {

        /** See {@code AppliedState.apply}. */
        List<Completion> apply(long first, List<Value> values);

        /** See {@code AppliedState.takeDigests}. */
        default List<StateDigest> takeDigests() {
            return List.of();
        }

        /** Puts the newest durable snapshot in the place of what was executed; see {@code AppliedState.restore}. */
        default Installed install() throws IOException {
            throw new IOException("there are no snapshots here");
        }

        /** Writes a snapshot, if one has become due; that it ended must wait for its turn. */
        default void writeIfDue(Consumer<Runnable> turn) {}
    }

    /** A snapshot stands for all slots up to one, answers some calls, and says who governs the slots behind it. */
    record Installed(long upTo, List<Completion> completions, List<DecidedChange> changes, FeatureLevel level) {}

    /** A query that waits for its turn. */
    interface Query {

        /** Runs it on the state as it is. */
        void run();

        /** There will be no turn any more. */
        void refuse(Outcome.Refused refusal);
    }

    /** After so many slots the callers hear of their results. */
    private static final int MAX_SLOTS_AT_ONCE = 128;

    /** So many slots at most wait for a tick. */
    private static final int MOST_LINGERING = 1024;

    /** For so many ticks after somebody has asked, or after the start, nothing lingers. */
    private static final int HURRY_TICKS = 50;

    /** After so long another group gets its turn. */
    private static final long TURN_NANOS = 2_000_000;

    private sealed interface Task {}

    private record Commands(long first, List<Value> values, List<@Nullable RequestId> callers, boolean awaited)
            implements Task {}

    private record Ask(Query query) implements Task {}

    private record Install() implements Task {}

    private record Act(Runnable action) implements Task {}

    /** Answers a call. It is taken out only then: until then whoever closes the node ends it. */
    private record Answer(PendingCalls calls, RequestId caller, Completion completion) implements Runnable {
        @Override
        public void run() {
            calls.answerHere(caller, new Outcome.Applied(completion.slot(), completion.result()));
        }
    }

    private final GroupId group;
    private final Slots slots;
    private final Executor pool;
    private final Consumer<Event> report;
    private final Consumer<Event> leave;
    private final PendingCalls calls;
    private final Callbacks callbacks;
    private final int maxQueries;

    private final Object lock = new Object();
    private final Queue<Task> tasks = new ArrayDeque<>();
    private int queries;
    private volatile int hurried = HURRY_TICKS;
    private volatile int lingering;
    private boolean due;
    private boolean running;
    private @Nullable String stopped;
    private @Nullable Runnable whenQuiet;
    private volatile @Nullable Throwable problem;

    /**
     * Nothing waits at first.
     *
     * @param slots what executes
     * @param pool lends a thread for a turn
     * @param report takes {@link Event.Applied} and {@link Event.ApplyFailed}; never blocks
     * @param leave takes an {@link Event.Applied} that nothing waits for, and need not take it to the loop at once
     * @param calls where the calls wait that are answered by what is executed
     * @param callbacks runs what belongs to callers
     * @param maxQueries how many queries may wait
     */
    GroupApplier(
            GroupId group,
            Slots slots,
            Executor pool,
            Consumer<Event> report,
            Consumer<Event> leave,
            PendingCalls calls,
            Callbacks callbacks,
            int maxQueries) {
        this.group = group;
        this.slots = slots;
        this.pool = pool;
        this.report = report;
        this.leave = leave;
        this.calls = calls;
        this.callbacks = callbacks;
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
                List<@Nullable RequestId> callers = effect.callers();
                tasks.add(new Commands(
                        effect.first() + from,
                        values.subList(from, to),
                        callers.isEmpty() ? callers : callers.subList(from, to),
                        effect.awaited()));
            }
            lingering += values.size();
            due |= hurried > 0 || lingering >= MOST_LINGERING || isAwaited(effect);
        }
        schedule();
    }

    /** Whether somebody waits here: a read, a caller, or what opened a session and cannot go on before it knows. */
    private static boolean isAwaited(Effect.Apply effect) {
        if (effect.awaited() || !effect.callers().isEmpty()) {
            return true;
        }
        for (Value value : effect.values()) {
            if (!(value instanceof Value.Command)) {
                return true;
            }
        }
        return false;
    }

    /** A tick has passed: what lingers is executed now. Says whether the next tick matters as well. */
    boolean tick() {
        if (lingering == 0 && hurried == 0) {
            return false;
        }
        synchronized (lock) {
            hurried = Math.max(0, hurried - 1);
            due |= lingering > 0;
        }
        schedule();
        return true;
    }

    /** Somebody will wait for what is executed from now on, and for what lingers. */
    void hurry() {
        synchronized (lock) {
            hurried = HURRY_TICKS;
            due |= lingering > 0;
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
            due = true;
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
                due = true;
                hurried = HURRY_TICKS;
            }
        }
        if (refusal == null) {
            schedule();
        } else {
            query.refuse(refusal);
        }
    }

    /**
     * Stops for good, and says when nothing of this log is executed nor reported any more.
     *
     * @param then run once, here or on the thread that executes; it must not block
     */
    void end(String reason, Runnable then) {
        stop(reason);
        boolean isQuiet;
        synchronized (lock) {
            isQuiet = !running;
            whenQuiet = isQuiet ? null : then;
        }
        if (isQuiet) {
            then.run();
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
            lingering = 0;
            hurried = 0;
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
            if (running || !due || tasks.isEmpty()) {
                return;
            }
            running = true;
            due = false;
            lingering = 0;
        }
        try {
            pool.execute(this::takeTurn);
        } catch (RejectedExecutionException closed) {
            stop("the node has been closed");
            beQuiet();
        }
    }

    /**
     * A turn ends as soon as callers are to hear something: execution goes on in another turn, however long the callers
     * take, and they hear it however long that takes.
     */
    private void takeTurn() {
        List<Runnable> answers = new ArrayList<>();
        boolean finished = false;
        try {
            long begun = System.nanoTime();
            do {
                run(next(), answers);
                finished = !hasTasks();
            } while (!finished && answers.isEmpty() && System.nanoTime() - begun < TURN_NANOS);
        } finally {
            synchronized (lock) {
                // What came while this turn ended by itself may linger; what it has left may not.
                due |= !finished;
            }
            beQuiet();
            schedule();
            callbacks.runAll(answers);
        }
    }

    private void beQuiet() {
        Runnable then;
        synchronized (lock) {
            running = false;
            then = whenQuiet;
            whenQuiet = null;
        }
        if (then != null) {
            then.run();
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

    private void run(@Nullable Task task, List<Runnable> answers) {
        if (task instanceof Commands commands) {
            execute(commands, answers);
        } else if (task instanceof Ask ask) {
            guarded(ask.query()::run);
        } else if (task instanceof Act act && problem == null) {
            guarded(act.action());
        } else if (task instanceof Install && problem == null) {
            executeInstall();
        }
    }

    /** What is run here on behalf of others must not end the turn of those that wait behind it. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("group {}: a query or a snapshot threw; the group is not affected by that", group, e);
        }
    }

    private void executeInstall() {
        try {
            Installed installed = slots.install();
            report.accept(new Event.Applied(
                    group, installed.upTo(), installed.completions(), false, installed.changes(), installed.level()));
        } catch (IOException | RuntimeException | Error e) {
            problem = e;
            report.accept(
                    new Event.ApplyFailed(group, 0, null, "the snapshot that stands for it cannot be restored: " + e));
        }
    }

    private void execute(Commands commands, List<Runnable> answers) {
        if (problem != null) {
            return;
        }
        try {
            List<Completion> completions = slots.apply(commands.first(), commands.values());
            long upTo = commands.first() + commands.values().size() - 1;
            boolean allAnswered = answer(commands, completions, answers);
            (allAnswered && !commands.awaited() ? leave : report)
                    .accept(new Event.Applied(group, upTo, completions, true));
            slots.takeDigests().forEach(digest -> report.accept(new Event.Digested(group, digest)));
            slots.writeIfDue(this::act);
        } catch (ApplyException e) {
            problem = e.getCause() == null ? e : e.getCause();
            report.accept(new Event.ApplyFailed(group, e.slot(), e.command(), String.valueOf(problem)));
        } catch (RuntimeException | Error e) {
            problem = e;
            report.accept(new Event.ApplyFailed(group, commands.first(), null, e.toString()));
        }
    }

    /**
     * Answers the callers whose commands have been executed.
     *
     * @param completions those of some of the commands, in their order
     * @return whether nothing is left for the machine to answer
     */
    private boolean answer(Commands commands, List<Completion> completions, List<Runnable> answers) {
        if (commands.callers.isEmpty()) {
            return completions.isEmpty();
        }
        boolean all = true;
        int place = 0;
        for (Completion completion : completions) {
            while (commands.values.get(place) != completion.value()) {
                place++;
            }
            RequestId caller = commands.callers.get(place++);
            boolean executed = completion.status() == Completion.Status.APPLIED
                    || completion.status() == Completion.Status.REPEATED;
            if (caller != null && executed) {
                answers.add(new Answer(calls, caller, completion));
            } else {
                all = false;
            }
        }
        return all;
    }
}
