package io.paxos.testkit.simulation;

import io.paxos.event.Event;
import io.paxos.event.RequestId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.CommandMark;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Those who use the cluster: each call goes to some node that is up, and asks for one thing. */
final class Callers {

    /** After so many calls the fight moves on to names that nobody has asked about. */
    private static final int CALLS_PER_FIGHT = 60;

    private final World world;
    private final Load load;
    private final @Nullable Function<RandomGenerator, Payload> commands;
    private final RandomGenerator random;
    private long calls;

    Callers(World world, Load load, @Nullable Function<RandomGenerator, Payload> commands, RandomGenerator random) {
        this.world = world;
        this.load = load;
        this.commands = commands;
        this.random = random;
    }

    /** Makes one call, and schedules the next. */
    void callAndGoOn() {
        List<Host> up = world.hostsUp();
        if (!up.isEmpty()) {
            someCall(Draw.of(random, up));
        }
        world.after(Draw.exponential(random, load.meanInterval()), this::callAndGoOn);
    }

    private void someCall(Host host) {
        int ticks = Draw.chance(random, load.impatient()) ? Draw.between(random, 1, 3) : Draw.between(random, 20, 250);
        if (Draw.chance(random, load.decrees()) || host.openGroups().isEmpty()) {
            decreeCall(host, ticks);
        } else if (Draw.chance(random, load.barriers())) {
            barrier(host, Draw.of(random, host.openGroups()), ticks);
        } else {
            submit(host, Draw.of(random, host.openGroups()), ticks);
        }
    }

    private void decreeCall(Host host, int ticks) {
        boolean fresh = Draw.chance(random, load.fresh());
        long fight = calls / CALLS_PER_FIGHT;
        DecreeName name =
                new DecreeName(fresh ? "fresh-" + calls : "fight-" + fight + "-" + random.nextInt(load.contended()));
        switch (random.nextInt(5)) {
            case 0 -> learn(host, name, ticks);
            case 1 -> await(host, name, ticks);
            default -> agree(host, name, ticks);
        }
    }

    Call agree(Host host, DecreeName name, int ticks) {
        RequestId request = new RequestId(calls++);
        Payload value = CommandMark.mark(request.number(), filling());
        return call(host, request, new Event.Agree(request, name, value, ticks), ticks);
    }

    Call learn(Host host, DecreeName name, int ticks) {
        RequestId request = new RequestId(calls++);
        return call(host, request, new Event.Learn(request, name, ticks), ticks);
    }

    Call await(Host host, DecreeName name, int ticks) {
        RequestId request = new RequestId(calls++);
        return call(host, request, new Event.Await(request, name, ticks), ticks);
    }

    Call submit(Host host, GroupId group, int ticks) {
        RequestId request = new RequestId(calls++);
        Payload command = CommandMark.mark(request.number(), commands == null ? filling() : commands.apply(random));
        return call(host, request, new Event.Submit(request, group, command, ticks), ticks);
    }

    Call barrier(Host host, GroupId group, int ticks) {
        RequestId request = new RequestId(calls++);
        return call(host, request, new Event.Barrier(request, group, ticks), ticks);
    }

    private Call call(Host host, RequestId request, Event event, int ticks) {
        Call call = new Call(request, event, host, ticks);
        world.call(host, call);
        return call;
    }

    private Payload filling() {
        boolean large = !world.isCalm() && Draw.chance(random, 0.1);
        return Payload.utf8("x".repeat(random.nextInt(large ? load.longest() : 8)));
    }
}
