// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.CommandMark;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Those who use the cluster: each call goes to some node that is up, and asks for one thing. */
final class Callers {

    /** After so many calls the fight moves on to names that nobody has asked about. */
    private static final int CALLS_PER_FIGHT = 60;

    private static final int MOST_DOUBTS = 8;

    private final World world;
    private final Load load;
    private final @Nullable Function<RandomGenerator, Payload> commands;
    private final RandomGenerator random;
    /** Of its own, for what kinds of reads are asked for must not change what else is drawn. */
    private final RandomGenerator kinds;

    /** What nobody knows the outcome of, as far as its caller has kept the id. */
    private final Deque<Doubt> doubts = new ArrayDeque<>();

    private record Doubt(GroupId group, CommandId command) {}

    private final Map<GroupId, Long> tokens = new HashMap<>();
    private long calls;

    Callers(
            World world,
            Load load,
            @Nullable Function<RandomGenerator, Payload> commands,
            RandomGenerator random,
            RandomGenerator kinds) {
        this.kinds = kinds;
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
        world.cluster().after(Draw.exponential(random, load.meanInterval()), this::callAndGoOn);
    }

    private void someCall(Host host) {
        int ticks = Draw.chance(random, load.impatient()) ? Draw.between(random, 1, 3) : Draw.between(random, 20, 250);
        if (Draw.chance(random, load.decrees()) || host.openGroups().isEmpty()) {
            decreeCall(host, ticks);
        } else if (Draw.chance(random, load.reads())) {
            someRead(host, Draw.of(random, host.openGroups()), ticks);
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
        return agree(host, name, filling(), ticks);
    }

    Call agree(Host host, DecreeName name, Payload value, int ticks) {
        RequestId request = nextRequest();
        Payload marked = CommandMark.mark(request.number(), value);
        return call(host, request, new Event.Agree(request, name, marked, ticks), ticks);
    }

    Call learn(Host host, DecreeName name, int ticks) {
        RequestId request = nextRequest();
        return call(host, request, new Event.Learn(request, name, ticks), ticks);
    }

    Call await(Host host, DecreeName name, int ticks) {
        RequestId request = nextRequest();
        return call(host, request, new Event.Await(request, name, ticks), ticks);
    }

    Call submit(Host host, GroupId group, int ticks) {
        return submit(host, group, nextRequest(), commands == null ? filling() : commands.apply(random), ticks);
    }

    Call submit(Host host, GroupId group, RequestId request, Payload command, int ticks) {
        Payload marked = CommandMark.mark(request.number(), command);
        return call(host, request, new Event.Submit(request, group, marked, ticks), ticks);
    }

    /** The number of the next call. */
    RequestId nextRequest() {
        return new RequestId(calls++);
    }

    /** Reads of every kind, where anything goes wrong at all. */
    private void someRead(Host host, GroupId group, int ticks) {
        Doubt doubt = doubts.peek();
        if (doubt != null && host.openGroups().contains(doubt.group) && kinds.nextBoolean()) {
            doubts.remove();
            RequestId request = nextRequest();
            call(host, request, new Event.Resolve(request, doubt.group, doubt.command, ticks), ticks);
            return;
        }
        double draw = kinds.nextDouble();
        if (draw < 0.4 || world.scenario().faults().faults().isEmpty()) {
            read(host, group, ticks);
        } else if (world.scenario().config().leases().nanos() > 0 && draw < 0.75) {
            Host leader = world.host(world.cluster().likelyLeader());
            Host asked = leader != null && leader.openGroups().contains(group) && kinds.nextBoolean() ? leader : host;
            read(asked, group, new Freshness.UnderLease(asked.nanos()), ticks);
        } else if (draw < 0.85) {
            long token = tokens.getOrDefault(group, 0L) + (Draw.chance(kinds, 0.1) ? kinds.nextInt(3) : 0);
            read(host, group, new Freshness.AtLeast(token), ticks);
        } else {
            long age = Draw.exponential(kinds, Draw.of(kinds, 1_000_000L, 50_000_000L, 500_000_000L));
            read(host, group, new Freshness.MarkedSince(host.nanos() - age), ticks);
        }
    }

    /** An answer tells its caller up to where its replica has executed; the caller may take that elsewhere. */
    void answered(Call call) {
        GroupId group = call.group();
        long slot = call.outcome() instanceof Outcome.Applied applied
                ? applied.slot()
                : call.outcome() instanceof Outcome.Current current ? current.slot() : 0;
        boolean isKept = !world.scenario().faults().faults().isEmpty() && doubts.size() < MOST_DOUBTS;
        if (group != null && isKept && call.outcome() instanceof Outcome.Unknown unknown && unknown.command() != null) {
            doubts.add(new Doubt(group, unknown.command()));
        }
        if (group != null) {
            tokens.merge(group, slot, Math::max);
        }
    }

    private Call read(Host host, GroupId group, Freshness freshness, int ticks) {
        RequestId request = nextRequest();
        return call(host, request, new Event.Read(request, group, freshness, ticks), ticks);
    }

    Call read(Host host, GroupId group, int ticks) {
        RequestId request = nextRequest();
        return call(host, request, new Event.Read(request, group, ticks), ticks);
    }

    Call transfer(Host host, GroupId group, @Nullable NodeId target, boolean resign, int ticks) {
        RequestId request = nextRequest();
        return call(host, request, new Event.Transfer(request, group, target, resign, ticks), ticks);
    }

    Call reconfigure(Host host, GroupId group, MembershipChange change, int ticks) {
        RequestId request = nextRequest();
        return call(host, request, new Event.Reconfigure(request, group, change, ticks), ticks);
    }

    Call call(Host host, RequestId request, Event event, int ticks) {
        Call call = new Call(request, event, host, ticks);
        world.judge().called(call);
        world.trace().add(world.now(), Trace.Kind.CALL, host.name(), event);
        host.call(call);
        return call;
    }

    private Payload filling() {
        boolean large = !world.isCalm() && Draw.chance(random, 0.1);
        return Payload.utf8("x".repeat(random.nextInt(large ? load.longest() : 8)));
    }
}
