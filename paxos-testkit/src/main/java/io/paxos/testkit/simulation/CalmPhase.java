package io.paxos.testkit.simulation;

import io.paxos.event.Effect.RoleName;
import io.paxos.event.Outcome;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.replica.NodeStatus;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.check.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The end of a run: faults stop, and from then on everything must come right within a bounded virtual time. Whoever is
 * up is asked once more for everything the cluster does, and must answer with success; then all replicas must stand at
 * the same slot. Sometimes a minority stays down or some links stay cut, for the rest has to do without them.
 */
final class CalmPhase {

    /** Within so much virtual time, in microseconds, each step of the calm must be done: a minute. */
    static final long BOUND = 60_000_000;

    /** So many ticks a call of the calm may take: less than the bound. */
    private static final int PATIENCE_TICKS = 4_000;

    private static final String PROPERTY = "in calm everything comes right";

    /** A sample suffices where there are many names. */
    private static final int MOST_NAMES = 40;

    private final World world;
    private final Callers callers;
    private final Aftermath aftermath;
    private final RandomGenerator random;

    CalmPhase(World world, Callers callers, RandomGenerator random) {
        this.world = world;
        this.callers = callers;
        this.random = random;
        this.aftermath = new Aftermath(world, random);
    }

    void run() {
        world.calmDown();
        aftermath.bringUp();
        world.hostsUp().forEach(host -> world.groups().forEach(host::open));
        must(() -> world.hostsUp().stream().noneMatch(Host::hasUnanswered), "every call is answered");
        must(this::formed, "the cluster forms, and every node knows it");
        must(this::copiesAreTold, "every old copy of a store is told so");
        emptyStoresForTheOutlived();
        must(this::formed, "the cluster has formed, and every node knows it");
        aftermath.mayCutLinks();
        must(this::led, "each log has one leader, and every node follows it");
        probe();
        must(this::converged, "every replica has executed everything");
        agreeOnDecrees();
    }

    private void must(BooleanSupplier condition, String what) {
        if (!world.runUntil(condition, BOUND)) {
            throw new Violation(PROPERTY, "not within a minute: " + what + "; " + statuses());
        }
    }

    private boolean formed() {
        Membership formed = world.facts().formation().formed();
        return formed != null && world.hostsUp().stream().allMatch(host -> knows(host, formed));
    }

    private boolean copiesAreTold() {
        return world.hostsUp().stream()
                .allMatch(host -> !host.durable().isOldCopy() || host.status().stranger() != null);
    }

    /** Does what the notice on such a node says. */
    private void emptyStoresForTheOutlived() {
        Membership formed = world.facts().formation().formed();
        for (Host host : world.hostsUp()) {
            if (!Objects.equals(host.status().formed(), formed)) {
                world.crash(host.index());
                world.loseStore(host.index());
                world.restart(host.index());
            }
        }
        world.hostsUp().forEach(host -> world.groups().forEach(host::open));
    }

    /**
     * A node that only observes may have heard of a vector that all its voters have lost since and replaced. The others do
     * not listen to it, for what it learned belongs to that vector. It says so, and wants an empty store.
     */
    private static boolean knows(Host host, Membership formed) {
        Membership known = host.status().formed();
        boolean observes = known != null
                && !known.counts(host.self().endpoint())
                && !formed.counts(host.self().endpoint());
        return formed.equals(known) || (observes && host.status().notice() != null);
    }

    private boolean led() {
        for (GroupId group : world.groups()) {
            Host leader = null;
            for (Host host : world.hostsUp()) {
                if (host.role(group) == RoleName.LEADER) {
                    if (leader != null) {
                        return false;
                    }
                    leader = host;
                }
            }
            if (leader == null) {
                return false;
            }
        }
        return true;
    }

    /** Everyone asks for everything, all nodes at once: a duel of all over one name among it. */
    private void probe() {
        DecreeName duel = new DecreeName("calm");
        answered(whereAQuorumIsNear(host -> callers.agree(host, duel, PATIENCE_TICKS)));
        answered(whereAQuorumIsNear(host -> callers.await(host, duel, PATIENCE_TICKS)));
        for (GroupId group : world.groups()) {
            answered(everywhere(host -> callers.submit(host, group, PATIENCE_TICKS)));
            answered(everywhere(host -> callers.barrier(host, group, PATIENCE_TICKS)));
        }
    }

    private List<Call> everywhere(Function<Host, Call> question) {
        return world.hostsUp().stream().map(question).toList();
    }

    /** Decrees have no leader through whom a node could reach the others, so it must reach a quorum itself. */
    private List<Call> whereAQuorumIsNear(Function<Host, Call> question) {
        return world.hostsUp().stream()
                .filter(aftermath::reachesQuorums)
                .map(question)
                .toList();
    }

    private void answered(List<Call> calls) {
        must(() -> calls.stream().allMatch(call -> call.outcome() != null), "every call of the calm is answered");
        for (Call call : calls) {
            Outcome outcome = call.outcome();
            if (outcome instanceof Outcome.Refused || outcome instanceof Outcome.Unknown) {
                throw new Violation(PROPERTY, "no success: " + outcome + " for " + call + "; " + statuses());
            }
        }
    }

    private boolean converged() {
        Facts facts = world.facts();
        for (GroupId group : world.groups()) {
            long end = facts.log(group).chosenUpTo();
            for (Host host : world.hostsUp()) {
                NodeStatus.Group status = host.status().groups().get(group);
                if (status == null
                        || status.applied() != end
                        || status.decided() != end
                        || facts.executed(host, group)
                                != facts.executions(group).size()) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * Every node is asked about decrees. The first who asks may have to finish what someone left half done, while others
     * still rightly hear that nothing is decided; asked again, all must give what is chosen by then, which the check of
     * the answers sees to.
     */
    private void agreeOnDecrees() {
        List<DecreeName> names = new ArrayList<>(world.facts().decrees().keySet());
        while (names.size() > MOST_NAMES) {
            names.remove(random.nextInt(names.size()));
        }
        for (DecreeName name : names) {
            answered(whereAQuorumIsNear(host -> callers.learn(host, name, PATIENCE_TICKS)));
            answered(whereAQuorumIsNear(host -> callers.learn(host, name, PATIENCE_TICKS)));
        }
    }

    private String statuses() {
        StringBuilder text = new StringBuilder();
        Facts facts = world.facts();
        text.append("formed is ").append(facts.formation().formed());
        facts.logs().forEach((group, log) -> text.append("; ")
                .append(group)
                .append(" is chosen up to ")
                .append(log.chosenUpTo()));
        for (Host host : world.hostsUp()) {
            DurableState store = host.durable();
            text.append("\n  ").append(host.status()).append(" durable ").append(store.formation());
        }
        return text.toString();
    }
}
