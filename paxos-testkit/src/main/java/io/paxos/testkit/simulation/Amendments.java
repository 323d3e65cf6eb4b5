// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.Constituency;
import io.paxos.testkit.check.DecreeFacts;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.Era;
import io.paxos.testkit.check.LogFacts;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks nodes to change the memberships of their logs: to add, remove and replace voters, to change parts, to admit again
 * whoever lost its store, and now and then for what cannot be. Nothing is asked for that would leave too few stores for
 * the cluster to do its work, for that is what an operator has to see to.
 */
final class Amendments {

    private static final int MOST_VOTERS = 7;

    /** Keeps what is drawn for the epochs of decrees and registers from what is drawn for logs. */
    private static final long EPOCHS = 0x45_50_4F_43_48_53L;

    private final World world;
    private final Callers callers;
    private final RandomGenerator random;
    private final long meanInterval;
    private final @Nullable RandomGenerator ofEpochs;
    private final Set<Call> open = new HashSet<>();
    private final Map<GroupId, Set<NodeId>> askedToVote = new HashMap<>();

    Amendments(World world, Callers callers, long seed, long meanInterval) {
        this.world = world;
        this.callers = callers;
        this.random = new SplittableRandom(seed);
        this.meanInterval = meanInterval;
        RandomGenerator drawn = new SplittableRandom(seed ^ EPOCHS);
        this.ofEpochs = drawn.nextBoolean() ? drawn : null;
    }

    void begin() {
        if (meanInterval > 0) {
            later();
            if (ofEpochs != null) {
                laterOfEpochs(ofEpochs);
            }
        }
    }

    private void laterOfEpochs(RandomGenerator drawn) {
        world.cluster().after(Draw.exponential(drawn, meanInterval), () -> {
            List<Host> up = world.hostsUp();
            if (!up.isEmpty()) {
                strike(drawn, Draw.of(drawn, up), GroupId.EPOCHS);
            }
            laterOfEpochs(drawn);
        });
    }

    private void later() {
        world.cluster().after(Draw.exponential(random, meanInterval), () -> {
            strike();
            later();
        });
    }

    private void strike() {
        List<Host> up = world.hostsUp();
        Host host = up.isEmpty() ? null : Draw.of(random, up);
        if (host == null || host.openGroups().isEmpty()) {
            return;
        }
        strike(random, host, Draw.of(random, host.openGroups()));
    }

    private void strike(RandomGenerator random, Host host, GroupId group) {
        MembershipChange change = draw(random, world.facts().log(group));
        if (isBearable(world.facts().log(group), change)) {
            int ticks = Draw.chance(random, 0.1) ? Draw.between(random, 1, 20) : Draw.between(random, 100, 1_500);
            ask(host, group, change, ticks);
        }
    }

    /** Asks a node for a change that is settled already. */
    void ask(Host host, GroupId group, MembershipChange change, int ticks) {
        world.coverage().count(Mark.CHANGE_ASKED);
        world.facts().changeCalls(1);
        askedToVote.computeIfAbsent(group, any -> new HashSet<>()).addAll(change.vote());
        open.add(callers.reconfigure(host, group, change, ticks));
    }

    /** Mostly something that makes sense for the membership there is, and otherwise anything. */
    private MembershipChange draw(RandomGenerator random, LogFacts log) {
        Membership latest = latest(log);
        if (latest == null || Draw.chance(random, 0.1)) {
            return drawAnything(random);
        }
        List<NodeId> voters = new ArrayList<>(latest.voters().keySet());
        List<NodeId> outside = new ArrayList<>();
        for (Station station : world.stations()) {
            // Whoever lost its store since is outside too: it comes back with the one it has.
            if (!latest.counts(station.endpoint())) {
                outside.add(station.id());
            }
        }
        NodeId leaving = Draw.of(random, voters);
        NodeId coming = outside.isEmpty() ? leaving : Draw.of(random, outside);
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> MembershipChange.add(coming);
            case 3, 4 -> MembershipChange.remove(leaving);
            case 5 -> MembershipChange.observe(random.nextBoolean() ? leaving : coming);
            case 6 ->
                new MembershipChange(
                        new TreeSet<>(outside), new TreeSet<>(), without(voters, outside), MembershipChange.LATEST);
            default -> MembershipChange.replace(leaving, coming);
        };
    }

    private static TreeSet<NodeId> without(List<NodeId> voters, List<NodeId> coming) {
        TreeSet<NodeId> leaving = new TreeSet<>(voters);
        coming.forEach(leaving::remove);
        if (coming.isEmpty()) {
            leaving.pollFirst();
        }
        if (leaving.isEmpty()) {
            leaving.add(NodeId.of("nobody"));
        }
        return leaving;
    }

    private @Nullable Membership latest(LogFacts log) {
        List<Era> eras = log.eras();
        return eras.isEmpty()
                ? world.facts().formation().formed()
                : eras.get(eras.size() - 1).configuration().voters();
    }

    private MembershipChange drawAnything(RandomGenerator random) {
        List<NodeId> all = new ArrayList<>();
        world.stations().forEach(station -> all.add(station.id()));
        SortedSet<NodeId> vote = new TreeSet<>();
        SortedSet<NodeId> observe = new TreeSet<>();
        SortedSet<NodeId> remove = new TreeSet<>();
        int touched = Draw.of(random, 1, 1, 2, 2, 2, 3, all.size());
        for (int i = 0; i < touched && !all.isEmpty(); i++) {
            NodeId node = all.remove(random.nextInt(all.size()));
            int part = random.nextInt(20);
            (part < 11 ? vote : part < 13 ? observe : remove).add(node);
        }
        if (Draw.chance(random, 0.02)) {
            remove.add(NodeId.of("nobody"));
        }
        long amends = Draw.chance(random, 0.05) ? random.nextInt(5) : MembershipChange.LATEST;
        return new MembershipChange(vote, observe, remove, amends);
    }

    /**
     * Whether the cluster could live with it: enough of the stores that would vote are there, whichever of the
     * configurations that might be the latest is amended.
     */
    private boolean isBearable(LogFacts log, MembershipChange change) {
        Membership latest = latest(log);
        if (latest == null) {
            return false;
        }
        Membership next = applied(latest, change);
        if (next == null || next.voters().size() > MOST_VOTERS) {
            return next == null;
        }
        long there = 0;
        for (Station station : world.stations()) {
            DurableState store = station.store();
            // Whoever is asked may know a node that votes only by the store it had, and take that one.
            Incarnation voted = latest.voters().get(station.id());
            boolean isPlain = voted == null || latest.counts(station.endpoint());
            if (isPlain
                    && !store.isDamaged()
                    && !store.isOldCopy()
                    && !world.facts().isLost(store.index())) {
                there |= 1L << store.index();
            }
        }
        Constituency constituency = world.facts().formation().tenable(next);
        return constituency == null || constituency.suffices(there);
    }

    /** What the change would come to, with the stores that are there now; null if nobody would be left. */
    private @Nullable Membership applied(Membership latest, MembershipChange change) {
        TreeMap<NodeId, Incarnation> voters = new TreeMap<>();
        voters.putAll(latest.voters());
        change.remove().forEach(voters::remove);
        change.observe().forEach(voters::remove);
        for (Station station : world.stations()) {
            Endpoint endpoint = station.endpoint();
            if (change.vote().contains(endpoint.node())) {
                voters.put(endpoint.node(), endpoint.incarnation());
            }
        }
        return voters.isEmpty() ? null : new Membership(voters);
    }

    /** A node has answered a call, perhaps one of these. */
    void answered(Call call) {
        if (!open.remove(call)) {
            return;
        }
        Outcome outcome = call.outcome();
        if (!(outcome instanceof Outcome.Unknown)) {
            // An unknown one may wait at a leader still, and name stores that must not be lost.
            world.facts().changeCalls(-1);
        }
        if (outcome instanceof Outcome.Reconfigured) {
            world.coverage().count(Mark.CHANGE_DONE);
        } else if (outcome instanceof Outcome.Refused refused) {
            switch (refused.reason()) {
                case CHANGE_UNDER_WAY -> world.coverage().count(Mark.CHANGE_UNDER_WAY);
                case VERSION_OUTDATED -> world.coverage().count(Mark.CHANGE_OUTDATED);
                case UNKNOWN_NODE, NO_QUORUM -> world.coverage().count(Mark.CHANGE_IMPOSSIBLE);
                default -> world.coverage().count(Mark.CHANGE_IN_VAIN);
            }
        } else {
            world.coverage().count(Mark.CHANGE_IN_VAIN);
        }
    }

    /** A start of a node is over, and with it what it was asked for, unless it had proposed it. */
    void stopped(Host host) {
        List<Call> gone = open.stream().filter(call -> call.node() == host).toList();
        gone.forEach(call -> world.facts().changeCalls(-1));
        open.removeAll(gone);
    }

    /** What configurations the run went through. */
    void finished() {
        finishedEpochs();
        for (GroupId group : world.groups()) {
            List<Era> eras = world.facts().log(group).eras();
            Configuration before = null;
            for (Era era : eras) {
                countUnasked(group, before, era.configuration());
                world.coverage().count(Mark.CONFIGURATION);
                Membership formed = world.facts().formation().formed();
                boolean allNew = formed != null
                        && era.configuration().voters().endpoints().stream().noneMatch(formed::counts);
                if (allNew) {
                    world.coverage().count(Mark.ALL_REPLACED);
                }
                boolean readmitted = era.configuration().voters().voters().entrySet().stream()
                        .anyMatch(voter -> formed != null
                                && formed.voters().containsKey(voter.getKey())
                                && !formed.voters().get(voter.getKey()).equals(voter.getValue()));
                if (readmitted) {
                    world.coverage().count(Mark.READMITTED);
                }
                before = era.configuration();
            }
            if (before != null
                    && world.facts().log(group).chosenUpTo()
                            >= eras.get(eras.size() - 1).from()) {
                world.coverage().count(Mark.GOVERNED_BY_CHANGE);
            }
        }
    }

    private void finishedEpochs() {
        long latest = world.facts().epochs().latest();
        for (long epoch = 1; epoch <= latest; epoch++) {
            world.coverage().count(Mark.EPOCH);
        }
        for (DurableState store : world.facts().stores()) {
            if (latest > 0 && store.formation().mark().covered() == latest) {
                world.coverage().count(Mark.EPOCH_COVERED);
            }
        }
        countChosenInEpochs(world.facts().decrees().values());
        countChosenInEpochs(world.facts().registers().values());
    }

    private void countChosenInEpochs(Collection<DecreeFacts> names) {
        for (DecreeFacts name : names) {
            if (name.choice().proposals().stream().anyMatch(one -> one.epoch() > 0 && one.isChosen())) {
                world.coverage().count(Mark.CHOSEN_IN_EPOCH);
            }
        }
    }

    private void countUnasked(GroupId group, @Nullable Configuration before, Configuration after) {
        Membership formed = world.facts().formation().formed();
        Membership earlier = before == null ? formed : before.voters();
        Set<NodeId> asked = askedToVote.getOrDefault(group, Set.of());
        after.voters().voters().forEach((node, store) -> {
            Incarnation counted = earlier == null ? null : earlier.voters().get(node);
            if (counted != null && !counted.equals(store) && !asked.contains(node)) {
                world.coverage().count(Mark.READMITTED_UNASKED);
            }
        });
    }
}
