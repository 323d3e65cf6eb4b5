package io.paxos.testkit.simulation;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.model.GroupId;
import io.paxos.replica.ApplyException;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/** Executes what one start of one node hands over of one log, one Apply after another, each after a while. */
final class Applier {

    private final World world;
    private final Host host;
    private final GroupId group;
    private final Program.Executor executor;
    private final RandomGenerator random;
    private final Deque<Effect.Apply> waiting = new ArrayDeque<>();
    private boolean failed;

    Applier(World world, Host host, GroupId group, Program.Executor executor, RandomGenerator random) {
        this.world = world;
        this.host = host;
        this.group = group;
        this.executor = executor;
        this.random = random;
    }

    void add(Effect.Apply apply) {
        waiting.add(apply);
        if (waiting.size() == 1) {
            begin();
        }
    }

    boolean hasFailed() {
        return failed;
    }

    private void begin() {
        long delay = Draw.exponential(random, world.meanApply());
        world.queue().add(world.now() + delay, host.index(), host.epoch(), this::end);
    }

    private void end() {
        Effect.Apply apply = waiting.element();
        List<Completion> completions;
        try {
            completions = executor.apply(apply.first(), apply.values());
        } catch (ApplyException e) {
            failed = true;
            waiting.clear();
            host.step(new Event.ApplyFailed(group, e.slot(), e.command(), String.valueOf(e.getMessage())));
            return;
        }
        waiting.remove();
        if (!waiting.isEmpty()) {
            begin();
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
        host.step(new Event.Applied(group, last, completions));
    }
}
