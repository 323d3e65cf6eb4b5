// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.testkit.check.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The clients of a tenant. Each asks some node that is up, waits for the answer, thinks, and asks again; if its node
 * crashes, it goes on without knowing what became of the command.
 */
final class Clients {

    /** Microseconds that a client thinks between an answer and its next question, on average. */
    private final long meanThought;

    private final World world;
    private final Tenant tenant;
    private final Callers callers;
    private final Recorder recorder;
    private final double impatient;
    private final List<RandomGenerator> randoms = new ArrayList<>();
    private final SortedMap<Long, Waiting> waiting = new TreeMap<>();
    private boolean goOn;

    private record Waiting(int client, Host host) {}

    Clients(World world, Tenant tenant, Callers callers, Recorder recorder, SplittableRandom random) {
        this.world = world;
        this.tenant = tenant;
        this.callers = callers;
        this.recorder = recorder;
        this.meanThought = world.scenario().load().meanInterval();
        this.impatient = world.scenario().load().impatient();
        for (int i = 0; i < tenant.clients(); i++) {
            randoms.add(random.split());
        }
    }

    /** Lets every client begin. */
    void begin() {
        goOn = true;
        for (int client = 1; client <= randoms.size(); client++) {
            turnLater(client);
        }
    }

    private void turnLater(int client) {
        recorder.after(Draw.exponential(randoms.get(client - 1), meanThought), () -> turn(client));
    }

    private void turn(int client) {
        RandomGenerator random = randoms.get(client - 1);
        List<Host> open = world.hostsUp().stream()
                .filter(host -> host.openGroups().contains(group()))
                .toList();
        Payload command = open.isEmpty() ? null : tenant.next(client, random);
        if (command == null) {
            turnLater(client);
            return;
        }
        int ticks = Draw.chance(random, impatient) ? Draw.between(random, 1, 3) : Draw.between(random, 20, 250);
        Action.Ask ask = new Action.Ask(client, Draw.of(random, open).index(), ticks, command);
        recorder.newCause();
        recorder.record(ask);
        ask(ask);
    }

    private GroupId group() {
        return world.groups().get(0);
    }

    /** One call, if its node is up and takes part in the log. */
    void ask(Action.Ask ask) {
        Host host = world.host(ask.node());
        if (host == null || !host.openGroups().contains(group())) {
            return;
        }
        RequestId request = callers.nextRequest();
        waiting.put(request.number(), new Waiting(ask.client(), host));
        tenant.asked(request.number(), ask.client(), host.name(), ask.command(), world.now());
        world.trace()
                .add(
                        world.now(),
                        Trace.Kind.CALL,
                        host.name(),
                        "client " + ask.client() + ": " + tenant.words(ask.command()));
        callers.submit(host, group(), request, ask.command(), ask.ticks());
    }

    /** A node has answered a call, perhaps one of a client. */
    void answered(Call call) {
        Outcome outcome = call.outcome();
        Waiting client = waiting.remove(call.request().number());
        if (client != null && outcome != null) {
            hear(call.request().number(), client, outcome);
        }
    }

    /** A start of a node is over, and with it the hope for an answer. */
    void stopped(Host host) {
        for (long call : List.copyOf(waiting.keySet())) {
            Waiting client = waiting.get(call);
            if (client != null && client.host == host) {
                waiting.remove(call);
                hear(call, client, new Outcome.Unknown(host.name() + " crashed"));
            }
        }
    }

    private void hear(long call, Waiting client, Outcome outcome) {
        world.trace()
                .add(
                        world.now(),
                        Trace.Kind.ANSWER,
                        client.host.name(),
                        "client " + client.client + " hears: " + words(outcome));
        tenant.answered(call, outcome, world.now());
        if (goOn) {
            turnLater(client.client);
        }
    }

    private String words(Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            return tenant.resultWords(applied.result()) + " (slot " + applied.slot() + ")";
        }
        if (outcome instanceof Outcome.Refused refused) {
            return "refused, " + refused.detail();
        }
        return outcome instanceof Outcome.Unknown unknown ? "unknown, " + unknown.detail() : outcome.toString();
    }
}
