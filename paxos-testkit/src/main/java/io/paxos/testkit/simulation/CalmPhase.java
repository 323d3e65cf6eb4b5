// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect.RoleName;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.RegisterName;
import io.paxos.replica.NodeStatus;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.Facts;
import io.paxos.testkit.check.StoredSnapshot;
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
 * the same slot. Sometimes a minority stays down or some links stay cut, for the rest has to do without them. Or only a
 * quorum is healed, and everything outside it stays broken: then the {@link Core} has to do all this alone.
 */
final class CalmPhase {

    /** Within so much virtual time, in microseconds, each step of the calm must be done: a minute. */
    private static final long BOUND = 60_000_000;

    /** So many ticks a call of the calm may take: less than the bound. */
    private static final int PATIENCE_TICKS = 4_000;

    /** Messages of so many bytes are enough for all that has to be caught up with, one after the other, in that time. */
    private static final int AMPLE_MESSAGE_BYTES = 64;

    /**
     * One from a node that fetches itself, where each of the two may begin anew, when there is a newer one, and find it
     * larger: what waited for the calm is still to be executed.
     */
    private static final int FETCHES = 12;

    private static final String PROPERTY = "in calm everything comes right";

    private static final String CORE_PROPERTY = "a quorum left alone makes progress";

    private static final int MOST_RENEWALS = 5;

    /** A sample suffices where there are many names. */
    private static final int MOST_NAMES = 40;

    private final World world;
    private final Callers callers;
    private final RegisterCallers registers;
    private final Aftermath aftermath;
    private final Core core;
    private final Ending ending;
    private final RandomGenerator random;

    /**
     * How many times longer everything may take. Where a link is cut, one node catches up from a second that had to catch
     * up itself, and with tiny messages both need a round trip for every few bytes.
     */
    private final int slownessOfMessages;

    CalmPhase(World world, Callers callers, RegisterCallers registers, Ending ending, RandomGenerator random) {
        this.world = world;
        this.callers = callers;
        this.registers = registers;
        this.random = random;
        this.ending = ending;
        this.aftermath = new Aftermath(world, random);
        this.core = new Core(world, random);
        this.slownessOfMessages =
                Math.max(1, AMPLE_MESSAGE_BYTES / world.scenario().config().messageBytes());
    }

    /** So it is where the snapshots, as large as they are by now, are fetched by few bytes in a tick. */
    private int slowness() {
        long largest = 0;
        for (DurableState store : world.facts().stores()) {
            for (GroupId group : world.groups()) {
                StoredSnapshot newest = store.snapshot(group);
                largest = Math.max(largest, newest == null ? 0 : newest.info().bytes());
            }
        }
        long ticks = largest / world.scenario().config().snapshots().bytesPerTick();
        return (int) Math.max(slownessOfMessages, (FETCHES * ticks + PATIENCE_TICKS - 1) / PATIENCE_TICKS);
    }

    private int patienceTicks() {
        return slowness() * PATIENCE_TICKS;
    }

    void run() {
        world.calmDown();
        if (ending == Ending.CALM) {
            aftermath.bringUp();
        } else {
            leaveTheCoreAlone();
        }
        openEverything();
        must(() -> core.hosts().stream().noneMatch(Host::hasUnanswered), "every call is answered");
        must(this::formed, "the cluster forms, and every node knows it");
        must(this::copiesAreTold, "every old copy of a store is told so");
        emptyStoresForTheOutlived();
        must(this::formed, "the cluster has formed, and every node knows it");
        if (ending == Ending.CALM) {
            aftermath.mayCutLinks();
        }
        must(this::led, "each log has one leader, and every node follows it");
        probe();
        must(this::converged, "every replica has executed everything");
        agreeOnDecrees();
        if (registers.takePart()) {
            agreeOnRegisters();
        }
    }

    /**
     * A cluster forms only when all its members are there, so before it has nobody can do without the others. Nor can
     * anybody while somebody asks for a change of membership, of which nobody knows yet whom it will make a voter.
     */
    private void leaveTheCoreAlone() {
        boolean changes = world.facts().changesAreOpen();
        if (changes || !core.canBeAlone()) {
            aftermath.bringUpAll();
            must(this::formed, "the cluster forms, and every node knows it");
            emptyStoresForTheOutlived();
            must(this::formed, "the cluster has formed, and every node knows it");
        }
        if (changes) {
            openEverything();
            must(() -> core.hosts().stream().noneMatch(Host::hasUnanswered), "every call is answered");
            must(this::led, "each log has one leader, and every node follows it");
            must(this::converged, "every replica has executed everything");
        }
        if (core.canBeAlone()) {
            core.cutLoose();
        }
    }

    /** A log that is just being closed somewhere is opened there when nothing of it runs any more. */
    private void openEverything() {
        core.hosts().forEach(host -> world.groups().forEach(host::open));
        must(
                () -> core.hosts().stream().allMatch(host -> host.openGroups().containsAll(world.groups())),
                "every log is open");
    }

    private void must(BooleanSupplier condition, String what) {
        long bound = slowness() * BOUND;
        if (!world.timeline().runUntil(condition, bound)) {
            throw new Violation(property(), "not within " + bound / 1_000_000 + " s: " + what + "; " + statuses());
        }
    }

    private String property() {
        return core.isAlone() ? CORE_PROPERTY : PROPERTY;
    }

    private boolean formed() {
        Membership formed = world.facts().formation().formed();
        return formed != null && core.hosts().stream().allMatch(host -> knows(host, formed));
    }

    private boolean copiesAreTold() {
        return core.hosts().stream()
                .allMatch(host -> !host.durable().isOldCopy() || host.status().stranger() != null);
    }

    /** Does what the notice on such a node says. */
    private void emptyStoresForTheOutlived() {
        Membership formed = world.facts().formation().formed();
        for (Host host : core.hosts()) {
            if (!Objects.equals(host.status().formed(), formed)) {
                world.cluster().crash(host.index());
                world.cluster().loseStore(host.index());
                world.cluster().restart(host.index());
            }
        }
        openEverything();
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
            for (Host host : core.hosts()) {
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

    /**
     * A command of every node. Where few sessions are remembered, one that was long idle may be forgotten, or be driven out
     * by what a start that is over had said and what only arrives now; a command in it has an unknown outcome. Soon
     * nobody who is here has to share with the past any more.
     */
    private List<Call> submitted(GroupId group) {
        for (int round = 1; ; round++) {
            List<Call> calls = everywhere(host -> callers.submit(host, group, patienceTicks()));
            must(() -> calls.stream().allMatch(call -> call.outcome() != null), "every call of the calm is answered");
            boolean isRenewed = calls.stream().allMatch(call -> call.outcome() instanceof Outcome.Applied);
            if (isRenewed || !world.hasFewSessions() || round == MOST_RENEWALS) {
                return calls;
            }
        }
    }

    /** Everyone asks for everything, all nodes at once: a duel of all over one name among it. */
    private void probe() {
        if (!world.hasTenant()) {
            DecreeName duel = new DecreeName("calm");
            answered(whereAQuorumIsNear(host -> callers.agree(host, duel, patienceTicks())));
            answered(whereAQuorumIsNear(host -> callers.await(host, duel, patienceTicks())));
        }
        for (GroupId group : world.groups()) {
            if (!world.hasTenant()) { // what a tenant's commands mean only its clients know
                answered(submitted(group));
            }
            answered(everywhere(host -> callers.read(host, group, patienceTicks())));
        }
    }

    private List<Call> everywhere(Function<Host, Call> question) {
        return core.hosts().stream().map(question).toList();
    }

    /** Decrees have no leader through whom a node could reach the others, so it must reach a quorum itself. */
    private List<Call> whereAQuorumIsNear(Function<Host, Call> question) {
        return core.hosts().stream()
                .filter(aftermath::reachesQuorums)
                .map(question)
                .toList();
    }

    private void answered(List<Call> calls) {
        must(() -> calls.stream().allMatch(call -> call.outcome() != null), "every call of the calm is answered");
        for (Call call : calls) {
            Outcome outcome = call.outcome();
            if (outcome instanceof Outcome.Refused || outcome instanceof Outcome.Unknown) {
                throw new Violation(property(), "no success: " + outcome + " for " + call + "; " + statuses());
            }
        }
    }

    private boolean converged() {
        Facts facts = world.facts();
        for (GroupId group : world.groups()) {
            long end = facts.log(group).chosenUpTo();
            for (Host host : core.hosts()) {
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
            answered(whereAQuorumIsNear(host -> callers.learn(host, name, patienceTicks())));
            answered(whereAQuorumIsNear(host -> callers.learn(host, name, patienceTicks())));
        }
    }

    /** Everyone changes one register at once, and then asks for the latest ones: no change is lost, and none still comes. */
    private void agreeOnRegisters() {
        RegisterName duel = new RegisterName("calm");
        answered(whereAQuorumIsNear(
                host -> registers.change(host, duel, new RegisterChange.Compute(), patienceTicks())));
        List<RegisterName> names = new ArrayList<>(world.facts().registers().keySet());
        for (RegisterName name : names.subList(Math.max(0, names.size() - MOST_NAMES), names.size())) {
            answered(whereAQuorumIsNear(host -> registers.read(host, name, patienceTicks())));
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
