// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.replica.LeasePolicy;
import io.paxos.replica.LevelPolicy;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is left out of a run that a seed draws, so that what is wrong shows with less around it. Written as text, it can
 * be read back: {@code no-links,no-Crashes,members=3,groups=1,run=17}.
 *
 * @param without kinds of faults and of trouble that are left out
 * @param members how many nodes vote at most, or 0 for as many as drawn
 * @param groups how many logs there are at most, or 0 for as many as drawn
 * @param run 0 for the delays, faults and calls that the seed draws; any other number for others in their place
 */
public record Less(SortedSet<String> without, int members, int groups, long run) {

    /** The run as its seed draws it. */
    public static final Less NOTHING = new Less(Collections.emptySortedSet(), 0, 0, 0);

    private static final String EVERYTHING = "nothing";
    private static final String WITHOUT = "no-";
    private static final String MEMBERS = "members=";
    private static final String GROUPS = "groups=";
    private static final String RUN = "run=";

    /** Neighbouring runs draw nothing alike. */
    private static final long GAMMA = 0x9E37_79B9_7F4A_7C15L;

    /** What may be left out besides kinds of faults. */
    private enum Trouble {
        LINKS,
        DISKS,
        OBSERVERS,
        QUORUMS,
        LIMITS,
        SNAPSHOTS,
        LOAD,
        BATCHES,
        ANSWERING,
        LEASES,
        SPREAD,
        CHANGES,
        LEVELS;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the set. */
    public Less {
        without = Collections.unmodifiableSortedSet(new TreeSet<>(without));
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @param text items with commas between them, or {@code nothing}
     * @return what it says
     * @throws IllegalArgumentException if an item is none; names it
     */
    public static Less parse(String text) {
        SortedSet<String> without = new TreeSet<>();
        int members = 0;
        int groups = 0;
        long run = 0;
        for (String item : text.equals(EVERYTHING) ? new String[0] : text.split(",", -1)) {
            if (item.startsWith(WITHOUT)) {
                without.add(item.substring(WITHOUT.length()));
            } else if (item.startsWith(MEMBERS)) {
                members = Integer.parseInt(item.substring(MEMBERS.length()));
            } else if (item.startsWith(GROUPS)) {
                groups = Integer.parseInt(item.substring(GROUPS.length()));
            } else if (item.startsWith(RUN)) {
                run = Long.parseLong(item.substring(RUN.length()));
            } else {
                throw new IllegalArgumentException("\"" + item
                        + "\" says nothing about what is left out of a run; write items such as no-links, members=3,"
                        + " groups=1 or run=17, with commas between them");
            }
        }
        return new Less(without, members, groups, run);
    }

    @Override
    public String toString() {
        List<String> items = new ArrayList<>();
        without.forEach(each -> items.add(WITHOUT + each));
        addUnlessZero(items, MEMBERS, members);
        addUnlessZero(items, GROUPS, groups);
        addUnlessZero(items, RUN, run);
        return items.isEmpty() ? EVERYTHING : String.join(",", items);
    }

    private static void addUnlessZero(List<String> items, String name, long value) {
        if (value != 0) {
            items.add(name + value);
        }
    }

    /**
     * The same with other draws.
     *
     * @param other any number
     * @return the same with that one
     */
    public Less drawing(long other) {
        return new Less(without, members, groups, other);
    }

    /**
     * What could be left out besides: what the seed draws and has not been left out yet.
     *
     * @param seed the seed
     * @param mostMembers no cluster is drawn larger than this
     * @return kinds of faults and of trouble
     */
    public List<String> removable(long seed, int mostMembers) {
        Scenario drawn = drawn(seed, mostMembers);
        Scenario now = of(drawn);
        return Stream.concat(
                        drawn.faults().faults().stream().map(each -> name(each.fault())),
                        Stream.of(Trouble.values()).map(Trouble::text))
                .filter(each -> !without(List.of(each)).of(drawn).equals(now))
                .toList();
    }

    /**
     * The same without some more.
     *
     * @param more kinds of faults and of trouble
     * @return the same without those
     */
    public Less without(Collection<String> more) {
        SortedSet<String> all = new TreeSet<>(without);
        all.addAll(more);
        return new Less(all, members, groups, run);
    }

    /**
     * The same in smaller clusters with fewer logs, the smallest first.
     *
     * @param seed the seed
     * @param mostMembers no cluster is drawn larger than this
     * @return what leaves out members or groups besides
     */
    public List<Less> smaller(long seed, int mostMembers) {
        Scenario now = of(drawn(seed, mostMembers));
        List<Less> smaller = new ArrayList<>();
        for (int fewer = 1; fewer < now.members(); fewer++) {
            smaller.add(new Less(without, fewer, groups, run));
        }
        for (int fewer = 1; fewer < now.groups(); fewer++) {
            smaller.add(new Less(without, members, fewer, run));
        }
        return smaller;
    }

    private static Scenario drawn(long seed, int mostMembers) {
        return Scenario.draw(new SplittableRandom(seed).split(), mostMembers);
    }

    /** The randomness of everything in a run but its scenario. */
    SplittableRandom draws(long seed) {
        SplittableRandom draws = new SplittableRandom(seed + run * GAMMA);
        SplittableRandom unused = draws.split();
        return draws;
    }

    /** What is left of a scenario. */
    Scenario of(Scenario drawn) {
        if (without.isEmpty() && members == 0 && groups == 0) {
            return drawn;
        }
        int voters = members == 0 ? drawn.members() : Math.min(members, drawn.members());
        Hosts hosts = drawn.hosts();
        return new Scenario(
                voters,
                lacks(Trouble.OBSERVERS) ? 0 : drawn.observers(),
                groups == 0 ? drawn.groups() : Math.min(groups, drawn.groups()),
                lacks(Trouble.QUORUMS) ? 0 : Math.min(drawn.phase1(), voters),
                config(drawn.config()),
                lacks(Trouble.LINKS) ? Links.CALM : drawn.links(),
                lacks(Trouble.DISKS) ? Disks.CALM : drawn.disks(),
                lacks(Trouble.LOAD) ? Scenario.fair(1).load() : drawn.load(),
                new FaultPlan(drawn.faults().faults().stream()
                        .filter(each -> !without.contains(name(each.fault())))
                        .toList()),
                new Hosts(
                        lacks(Trouble.BATCHES) ? 0 : hosts.gathering(), !lacks(Trouble.ANSWERING) && hosts.answering()),
                lacks(Trouble.CHANGES) ? 0 : drawn.meanChange());
    }

    private MachineConfig config(MachineConfig drawn) {
        MachineConfig limits = lacks(Trouble.LIMITS) ? Scenario.fair(1).config() : drawn;
        MachineConfig rest = new MachineConfig(
                limits.heartbeatTicks(),
                limits.electionTicks(),
                limits.electionJitterTicks(),
                limits.resendTicks(),
                limits.windowSlots(),
                limits.windowBytes(),
                limits.messageBytes(),
                limits.queueCommands(),
                limits.queueBytes(),
                limits.maxValueBytes(),
                limits.decreesInFlight(),
                limits.priority(),
                lacks(Trouble.SNAPSHOTS) ? SnapshotPolicy.NEVER : drawn.snapshots(),
                limits.alpha());
        return rest.with(lacks(Trouble.LEASES) ? LeasePolicy.NONE : drawn.leases())
                .withReadmission(lacks(Trouble.CHANGES) ? 0 : drawn.readmitTicks())
                .withSpread(!lacks(Trouble.SPREAD) && drawn.spread())
                .withCrowd(limits.crowd())
                .with(lacks(Trouble.LEVELS) ? LevelPolicy.SETTLED : drawn.levels());
    }

    private boolean lacks(Trouble trouble) {
        return without.contains(trouble.text());
    }

    private static String name(Fault fault) {
        return fault instanceof Crashes crashes && crashes.loseStore()
                ? "StoreLosses"
                : fault.getClass().getSimpleName();
    }
}
