// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Event;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.testkit.check.DurableState;
import io.paxos.testkit.check.StoredSnapshot;
import io.paxos.testkit.coverage.Mark;
import java.util.random.RandomGenerator;

/** What faults can do to a world, and the calm at its end too. */
final class FaultyCluster implements Cluster {

    private final World world;
    private final Stations stations;
    private final Stores stores;
    private final Starts starts;
    private final Network network;
    private final RandomGenerator random;

    FaultyCluster(
            World world, Stations stations, Stores stores, Starts starts, Network network, RandomGenerator random) {
        this.world = world;
        this.stations = stations;
        this.stores = stores;
        this.starts = starts;
        this.network = network;
        this.random = random;
    }

    @Override
    public int size() {
        return stations.size();
    }

    @Override
    public NodeId name(int node) {
        return stations.get(node).id();
    }

    @Override
    public boolean isUp(int node) {
        return stations.get(node).isUp();
    }

    @Override
    public int likelyLeader() {
        return stations.likelyLeader(world.groups());
    }

    @Override
    public void crash(int node) {
        starts.crash(stations.get(node));
    }

    @Override
    public void restart(int node) {
        starts.start(stations.get(node));
    }

    @Override
    public boolean maySpareStore(int node) {
        return stores.maySpare(stations.get(node));
    }

    @Override
    public void loseStore(int node) {
        stores.lose(stations.get(node));
    }

    @Override
    public void copyStore(int node) {
        stores.copy(stations.get(node));
    }

    @Override
    public boolean mayPutCopyBack(int node) {
        return stores.mayPutCopyBack(stations.get(node));
    }

    @Override
    public void putCopyBack(int node) {
        stores.putCopyBack(stations.get(node));
    }

    @Override
    public boolean isDamaged(int node) {
        return stations.get(node).store().isDamaged();
    }

    @Override
    public boolean damageSnapshot(int node) {
        DurableState store = stations.get(node).store();
        for (GroupId group : world.groups()) {
            StoredSnapshot snapshot = store.snapshot(group);
            if (snapshot != null) {
                snapshot.damage(random.nextInt(snapshot.bytes().size()));
                return true;
            }
        }
        return false;
    }

    /** A node cannot read what it needs to start: someone replaces its disk, and it begins anew as a stranger. */
    void foundDamaged(Host host) {
        after(Draw.exponential(random, 300_000), () -> {
            if (stations.get(host.index()).host() == host) {
                crash(host.index());
                loseStore(host.index());
                restart(host.index());
            }
        });
    }

    @Override
    public void fillDisk(int node, boolean full) {
        stations.get(node).fill(full);
    }

    @Override
    public void failNextSnapshot(int node) {
        Host host = stations.get(node).host();
        if (host != null) {
            host.archive().failNextWrite();
        }
    }

    @Override
    public void slowApply(int node, int factor) {
        stations.get(node).slowApply(factor);
    }

    @Override
    public void pause(int node, long duration) {
        stations.get(node).pauseUntil(world.now() + duration);
    }

    @Override
    public void close(int node) {
        starts.close(stations.get(node));
    }

    @Override
    public void transfer(int node, int target, boolean resign, int ticks) {
        Host host = stations.get(node).host();
        if (host != null && !host.openGroups().isEmpty()) {
            NodeId named = target == THE_BEST ? null : target == NOBODY ? NodeId.of("nobody") : name(target);
            world.callers().transfer(host, Draw.of(random, host.openGroups()), named, resign, ticks);
        }
    }

    @Override
    public void handOver(int node) {
        Host host = stations.get(node).host();
        if (host != null) {
            host.step(new Event.HandOver());
        }
    }

    @Override
    public void setPace(int node, double times) {
        stations.get(node).setPace(world.now(), times);
    }

    @Override
    public void stepClock(int node, long millis) {
        stations.get(node).stepClock(millis);
    }

    @Override
    public void slowStore(int node, int factor) {
        Host host = stations.get(node).host();
        if (host != null) {
            host.disk().slow(factor);
        }
    }

    @Override
    public void failNextWrite(int node) {
        Host host = stations.get(node).host();
        if (host != null) {
            host.disk().failNextWrite();
        }
    }

    @Override
    public void hint(int node, int peer, boolean isUp) {
        Host host = stations.get(node).host();
        if (host != null) {
            Event hint = isUp ? new Event.PeerUp(name(peer)) : new Event.PeerDown(name(peer));
            world.timeline().after(0, host, () -> host.step(hint));
        }
    }

    @Override
    public Network.Cut newCut() {
        return network.newCut();
    }

    @Override
    public void cut(Network.Cut cut) {
        network.cut(cut);
    }

    @Override
    public void heal(Network.Cut cut) {
        network.heal(cut);
    }

    @Override
    public void clog(int from, int to, long duration) {
        network.clog(from, to, world.now() + duration);
    }

    @Override
    public void slowLink(int from, int to, long micros) {
        network.slow(from, to, micros);
    }

    @Override
    public void loseOnLink(int from, int to, int percent) {
        network.lose(from, to, percent);
    }

    @Override
    public long now() {
        return world.now();
    }

    @Override
    public void after(long delay, Runnable action) {
        world.timeline().after(delay, () -> {
            if (!world.isCalm()) {
                action.run();
            }
        });
    }

    @Override
    public void struck(Mark mark, String what) {
        world.coverage().count(mark);
        world.trace().add(world.now(), Trace.Kind.FAULT, "", what);
    }
}
