// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Self;
import io.paxos.model.ClusterName;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.RecoveredState;
import io.paxos.testkit.coverage.Mark;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Starts nodes, stops them, and lets their clocks tick. */
final class Starts {

    private static final ClusterName NAME = new ClusterName("simulated");

    /** Within so many microseconds of a start the clock of the node ticks for the first time. */
    private static final int FIRST_TICK = 10_000;

    private final World world;
    private final Stores stores;
    private final RandomGenerator random;
    private final Set<NodeId> members = new TreeSet<>();

    Starts(World world, Stores stores, RandomGenerator random) {
        this.world = world;
        this.stores = stores;
        this.random = random;
    }

    /** A configured member of the cluster, which every node is told of. */
    void addMember(NodeId id) {
        members.add(id);
    }

    /** Starts a node with the store it has; not if it is up, or has no room on its disk to count the start. */
    void start(Station station) {
        if (station.isUp() || station.isFull()) {
            return;
        }
        upgrade(station);
        stores.withdrawAgedCopy(station);
        RecoveredState recovered = station.store().recover();
        StartId start = StartId.of(recovered.start(), random.nextLong());
        Self self = new Self(NAME, station.endpoint(), start.bits());
        SplittableRandom own = new SplittableRandom(random.nextLong());
        Scenario scenario = world.scenario();
        Program.Machine machine = world.program()
                .machine(self, named(), scenario.quorums(), scenario.configAt(station.level()), recovered, own.split());
        Host host = new Host(world, station, self, machine, own);
        station.up(host);
        world.trace().add(world.now(), Trace.Kind.START, host.name(), self);
        world.judge().started(host);
        host.start();
        for (GroupId group : world.groups()) {
            if (world.isCalm() || own.nextInt(4) > 0) {
                host.open(group);
            } else {
                world.timeline().after(own.nextInt(100_000), host, () -> host.open(group));
            }
        }
        world.timeline().after(own.nextInt(FIRST_TICK), host, () -> tick(station, host));
    }

    /**
     * Where logs rise, half of the members have an older library at first, and get the latest at some later start of theirs; in
     * the calm all do.
     */
    private void upgrade(Station station) {
        if (!world.scenario().rises() || !members.contains(station.id())) {
            return;
        }
        if (station.epoch() == 0) {
            station.install(random.nextBoolean() ? FeatureLevel.BASE : FeatureLevel.LATEST);
        } else if (station.level().equals(FeatureLevel.BASE) && (world.isCalm() || random.nextInt(3) == 0)) {
            station.install(FeatureLevel.LATEST);
            world.coverage().count(Mark.UPGRADED);
        }
    }

    /** Whoever starts a node in the calm names those that vote as well: of the others it may know, all may be gone. */
    private Set<NodeId> named() {
        Set<NodeId> named = new TreeSet<>(members);
        if (world.isCalm() && world.facts().hasChanged()) {
            for (Station each : world.stations()) {
                if (world.facts().votesByTheNewest(each.store().index())) {
                    named.add(each.id());
                }
            }
        }
        return named;
    }

    private void tick(Station station, Host host) {
        if (!station.clocksStandStill()) {
            world.trace().add(world.now(), Trace.Kind.TICK, host.name(), "");
            host.tick(station.clock(world.now()));
            world.judge().ticked(host);
        }
        world.timeline().after(station.tickMicros(), host, () -> tick(station, host));
    }

    /** Lets a node resign every office, and then stops it as it is: what it has not written by then it does not write. */
    void close(Station station) {
        Host host = station.host();
        if (host != null) {
            host.close();
        }
        crash(station);
    }

    /** Stops a node in the middle of whatever it does. */
    void crash(Station station) {
        Host host = station.host();
        if (host == null) {
            throw new IllegalStateException(station.id() + " is down already");
        }
        station.down();
        host.crash();
        world.stopped(host);
        world.trace()
                .add(
                        world.now(),
                        Trace.Kind.STOP,
                        host.name(),
                        "with store " + station.store().incarnation());
    }
}
