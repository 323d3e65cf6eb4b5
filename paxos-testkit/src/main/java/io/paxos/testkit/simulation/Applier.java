// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.log.Changes;
import io.paxos.model.GroupId;
import io.paxos.model.StateDigest;
import io.paxos.replica.ApplyException;
import io.paxos.replica.CapturedState;
import io.paxos.testkit.check.Restoration;
import io.paxos.testkit.check.StoredSnapshot;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.coverage.Mark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Executes what one start of one node hands over of one log, one thing after another, each after a while. */
final class Applier {

    private final World world;
    private final Host host;
    private final GroupId group;
    private final RecordedMachine machine;
    private final Program.Executor executor;
    private final Archive archive;
    private final RandomGenerator random;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean failed;
    private boolean ended;
    private @Nullable Runnable whenQuiet;

    Applier(World world, Host host, GroupId group, Archive archive, RandomGenerator random) {
        this.world = world;
        this.host = host;
        this.group = group;
        this.archive = archive;
        this.random = random;
        this.machine = new RecordedMachine(
                world.newStateMachine(host), execution -> world.judge().executed(host, group, execution));
        this.executor = world.program()
                .executor(
                        host.self(),
                        group,
                        machine,
                        world.snapshots(),
                        world.mostSessions(),
                        new Changes(
                                world.scenario().config().alpha(),
                                world.scenario().quorums()),
                        world.compareEvery());
    }

    void add(Effect.Apply apply) {
        await(() -> execute(apply));
    }

    /** Lets the newest durable snapshot wait for its turn. */
    void install() {
        await(this::restore);
    }

    private void await(Runnable task) {
        if (failed || ended) {
            return;
        }
        waiting.add(task);
        if (waiting.size() == 1) {
            begin();
        }
    }

    boolean hasFailed() {
        return failed;
    }

    private void begin() {
        long delay = Draw.exponential(random, world.meanApply(host.index()));
        world.timeline().after(delay, host, this::end);
    }

    private void end() {
        waiting.element().run();
        tellIfQuiet();
    }

    /** The log is closed: what is being executed ends, what waits for its turn is dropped, and then somebody is told. */
    void stop(Runnable then) {
        ended = true;
        whenQuiet = then;
        while (waiting.size() > 1) {
            waiting.removeLast();
        }
        tellIfQuiet();
    }

    private void tellIfQuiet() {
        Runnable then = whenQuiet;
        if (then != null && waiting.isEmpty()) {
            whenQuiet = null;
            then.run();
        }
    }

    /** The task is done, and the next one begins. */
    private void done() {
        waiting.remove();
        if (!waiting.isEmpty()) {
            begin();
        }
    }

    private void fail(Event.ApplyFailed event) {
        failed = true;
        waiting.clear();
        host.step(event);
    }

    private void execute(Effect.Apply apply) {
        List<Completion> completions;
        try {
            completions = executor.apply(apply.first(), apply.values());
        } catch (ApplyException e) {
            if (e.getCause() instanceof Violation found) {
                throw found; // by a check that watched the command being executed: it is no fault of the user's machine
            }
            fail(new Event.ApplyFailed(group, e.slot(), e.command(), String.valueOf(e.getMessage())));
            return;
        }
        for (Completion completion : completions) {
            if (completion.status() == Completion.Status.REPEATED) {
                world.coverage().count(Mark.REPEATED);
            } else if (completion.status() == Completion.Status.NO_SESSION) {
                world.coverage().count(Mark.NO_SESSION);
            }
        }
        long last = apply.first() + apply.values().size() - 1;
        world.trace().add(world.now(), Trace.Kind.EXECUTED, host.name(), group + " up to " + last);
        CapturedState captured = executor.takeCapture();
        List<StateDigest> digests = executor.takeDigests();
        boolean answering = world.scenario().hosts().answering();
        boolean nothingLeft = answering && tell(apply, completions);
        done();
        Event.Applied applied = new Event.Applied(group, last, completions, answering);
        if (nothingLeft) {
            host.leave(applied);
        } else {
            host.step(applied);
        }
        digests.forEach(digest -> host.step(new Event.Digested(group, digest)));
        if (captured != null) {
            archive.write(group, captured, () -> await(this::snapshotEnded));
        }
    }

    /** Answers the callers whose commands have been executed; true if nothing is left for the machine to answer. */
    private boolean tell(Effect.Apply apply, List<Completion> completions) {
        boolean all = true;
        int place = 0;
        for (Completion completion : completions) {
            RequestId caller = null;
            if (!apply.callers().isEmpty()) {
                while (apply.values().get(place) != completion.value()) {
                    place++;
                }
                caller = apply.callers().get(place++);
            }
            boolean executed = completion.status() == Completion.Status.APPLIED
                    || completion.status() == Completion.Status.REPEATED;
            if (caller != null && executed) {
                host.tell(caller, new Outcome.Applied(completion.slot(), completion.result()));
            } else {
                all = false;
            }
        }
        return all;
    }

    private void snapshotEnded() {
        executor.snapshotEnded();
        done();
    }

    private void restore() {
        StoredSnapshot snapshot = host.durable().snapshot(group);
        if (snapshot == null) {
            throw new Violation("nothing is installed that the store does not hold", host.name() + " " + group);
        }
        if (snapshot.isDamaged()) {
            world.coverage().count(Mark.SNAPSHOT_UNREADABLE);
            world.cluster().foundDamaged(host);
            fail(new Event.ApplyFailed(group, 0, null, snapshot.info() + " cannot be read: a checksum is wrong"));
            return;
        }
        long before = executor.applied();
        List<Completion> completions;
        try {
            completions =
                    executor.restore(new ByteArrayInputStream(snapshot.bytes().unwrap()));
        } catch (IOException e) {
            throw new Violation("a sound snapshot can be restored", host.name() + " " + snapshot.info() + ": " + e);
        }
        Restoration restoration = new Restoration(before, executor.applied(), machine.commands(), machine.digest());
        world.judge().restored(host, group, restoration);
        world.coverage().count(archive.hasReceived(group) ? Mark.SNAPSHOT_INSTALLED : Mark.SNAPSHOT_RESTORED);
        world.trace().add(world.now(), Trace.Kind.INSTALLED, host.name(), group + " " + restoration);
        done();
        host.step(
                new Event.Applied(group, executor.applied(), completions, false, executor.changes(), executor.level()));
    }
}
