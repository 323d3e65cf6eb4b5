// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Whatever races, commands are executed one after another in their order, never two at once though any thread of the pool
 * may take the turn; nothing that waits is forgotten; and each query, and each caller, hears once.
 */
public class GroupApplierInterleavingsTest {

    private static final GroupId GROUP = GroupId.of("g");

    private final Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> elsewhere = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final PendingCalls calls = new PendingCalls(Runnable::run, 2);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger heard = new AtomicInteger();
    private final AtomicInteger queries = new AtomicInteger();
    private final AtomicInteger queriesEnded = new AtomicInteger();
    private final Callbacks callbacks = new Callbacks(elsewhere::add, false);
    private final GroupApplier applier =
            new GroupApplier(GROUP, this::execute, this::pool, this::report, this::report, calls, callbacks, 100);
    private long handedOver;
    private volatile long executed;
    private volatile boolean stopped;
    private final AtomicInteger quiet = new AtomicInteger();

    /** As long as a turn waits for its thread, there is no reason for another. */
    private void pool(Runnable turn) {
        turns.add(turn);
        if (turns.size() > 1) {
            wrong.add("two turns wait");
        }
    }

    /** Behind the end of a log the loop would take what comes for news of its next life. */
    private void report(Event event) {
        if (quiet.get() != 0) {
            wrong.add("reported behind the end: " + event);
        }
    }

    private List<Completion> execute(long first, List<Value> values) {
        if (inside.incrementAndGet() != 1) {
            wrong.add("two turns at once");
        }
        if (quiet.get() != 0) {
            wrong.add("executed behind the end");
        }
        if (first != executed + 1) {
            wrong.add("slot " + first + " executed after " + executed);
        }
        executed = first;
        inside.decrementAndGet();
        return List.of(new Completion(first, values.get(0), Completion.Status.APPLIED, Payload.EMPTY));
    }

    /** The loop hands over the command of a caller. */
    @Operation(nonParallelGroup = "the loop")
    public void apply() {
        RequestId caller =
                calls.open(new Call(GROUP, true, (outcome, runner) -> runner.execute(heard::incrementAndGet)));
        long slot = ++handedOver;
        Value command = new Value.Command(new CommandId(9, slot), 1, LogTime.ZERO, Payload.EMPTY);
        applier.apply(new Effect.Apply(GROUP, slot, List.of(command), List.of(caller)));
    }

    /** Anybody asks. */
    @Operation
    public void ask() {
        queries.incrementAndGet();
        applier.ask(new GroupApplier.Query() {
            @Override
            public void run() {
                if (inside.get() != 0) {
                    wrong.add("a query amid a command");
                }
                queriesEnded.incrementAndGet();
            }

            @Override
            public void refuse(Outcome.Refused refusal) {
                queriesEnded.incrementAndGet();
            }
        });
    }

    /** A thread of the pool takes a turn, if one waits. */
    @Operation
    public void turn() {
        run(turns);
    }

    private static void run(Queue<Runnable> tasks) {
        Runnable next = tasks.poll();
        if (next != null) {
            next.run();
        }
    }

    /** As the log is closed, or the node. */
    @Operation(runOnce = true)
    public void end() {
        applier.end("closed", () -> {
            if (inside.get() != 0) {
                wrong.add("quiet amid a command");
            }
            quiet.incrementAndGet();
        });
        stopped = true;
    }

    @Validate
    public void nothingIsForgotten() {
        while (!turns.isEmpty()) {
            turn();
        }
        while (!elsewhere.isEmpty()) {
            run(elsewhere);
        }
        if (!stopped && executed != handedOver) {
            wrong.add("executed " + executed + " of " + handedOver);
        }
        if (heard.get() != executed || calls.size() != handedOver - executed) {
            wrong.add(heard + " callers heard of " + executed + " commands, " + calls.size() + " wait");
        }
        if (quiet.get() != (stopped ? 1 : 0)) {
            wrong.add("told " + quiet + " times that all is quiet");
        }
        if (queriesEnded.get() != queries.get()) {
            wrong.add(queriesEnded + " of " + queries + " queries ended");
        }
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(wrong.toString());
        }
    }

    @Test
    void nothingIsForgottenNorRunTwiceInAnyInterleaving() {
        Interleavings.oneByOne(3, 60).check(GroupApplierInterleavingsTest.class);
    }

    @Test
    void nothingIsForgottenNorRunTwiceUnderStress() {
        Interleavings.asTheyCome().check(GroupApplierInterleavingsTest.class);
    }
}
