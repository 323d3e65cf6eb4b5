// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.MembershipChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Where the actions of a plan are carried out. */
final class Stage {

    private final Cluster cluster;
    private final Consumer<Action.Ask> asking;
    private final Callers callers;
    private final World world;
    private final Map<Integer, Network.Cut> cuts = new HashMap<>();

    Stage(World world, Cluster cluster, Consumer<Action.Ask> asking, Callers callers) {
        this.world = world;
        this.cluster = cluster;
        this.asking = asking;
        this.callers = callers;
    }

    /** Lets everything in a plan happen in its time. */
    void play(Plan plan) {
        for (Plan.Step step : plan.steps()) {
            cluster.after(step.at(), () -> {
                if (!isToldAnyway(step.action())) {
                    world.trace()
                            .add(
                                    world.now(),
                                    Trace.Kind.FAULT,
                                    "",
                                    step.action().toString());
                }
                step.action().on(this);
            });
        }
    }

    private static boolean isToldAnyway(Action action) {
        return action instanceof Action.Ask || action instanceof Action.Crash || action instanceof Action.Start;
    }

    Cluster cluster() {
        return cluster;
    }

    void cut(int number, List<Action.Link> links) {
        Network.Cut cut = cluster.newCut();
        for (Action.Link link : links) {
            cut.oneWay(link.from(), link.to());
        }
        Network.Cut before = cuts.put(number, cut);
        if (before != null) {
            cluster.heal(before);
        }
        cluster.cut(cut);
    }

    void heal(int number) {
        Network.Cut cut = cuts.remove(number);
        if (cut != null) {
            cluster.heal(cut);
        }
    }

    void ask(Action.Ask ask) {
        asking.accept(ask);
    }

    /** Asks a node to change who votes in the log, if it is up and takes part in it. */
    void amend(int node, MembershipChange change, int ticks) {
        Host host = world.host(node);
        if (host != null && !host.openGroups().isEmpty()) {
            world.amendments().ask(host, host.openGroups().get(0), change, ticks);
        }
    }

    void propose(Action.Propose propose) {
        Host host = world.host(propose.node());
        if (host != null) {
            callers.agree(host, propose.decree(), propose.value(), propose.ticks());
        }
    }
}
