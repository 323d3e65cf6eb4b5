// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import io.paxos.benchmarks.peers.Library;
import io.paxos.model.Payload;
import io.paxos.node.Consistency;
import io.paxos.node.Decrees;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.spi.Storage;
import io.paxos.storage.file.FileStorage;
import io.paxos.storage.file.FileStorageOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The wire floor, this library in its several shapes, and others. */
final class Contestants {

    private static final int NODES = 3;
    private static final double DRIFT = 0.01;

    private Contestants() {}

    /**
     * The floor, this library, and each of the others by the storage that comes nearest to what is asked: for a log in
     * memory one in files that are not forced, and for a forced one none.
     */
    static List<Contestant> libraries(Keeping keeping, Collection<Library> others) {
        List<Contestant> all = new ArrayList<>(List.of(floor(NODES), atLeader(keeping)));
        for (Library other : others) {
            Keeping nearest = keeping == Keeping.MEMORY ? other.lightest() : keeping;
            if (other != Library.PAXOS && other.offers(nearest)) {
                all.add(new Contestant(
                        other.label(),
                        word(nearest),
                        floorName(NODES),
                        (directory, bytes) -> other.start(nearest, directory)));
            }
        }
        return all;
    }

    /** The wire floor with one follower less than there are nodes. */
    static Contestant floor(int nodes) {
        return new Contestant(floorName(nodes), "none", floorName(nodes), (directory, bytes) -> {
            WireFloor floor = new WireFloor(nodes - 1, AcceptFrame.bytes(bytes));
            return new SubmittingCluster(command -> floor.submit(), () -> 0, floor::close);
        });
    }

    /** Three nodes, the caller at the leader. */
    static Contestant atLeader(Keeping keeping) {
        return nodes(NODES, keeping, "Paxos");
    }

    /** Nodes, the caller at the leader. */
    static Contestant nodes(int nodes, Keeping keeping, String name) {
        return new Contestant(name, word(keeping), floorName(nodes), (directory, bytes) -> {
            LocalCluster cluster = start(nodes, keeping, directory);
            cluster.open("log");
            int leader = cluster.leader();
            ReplicatedLog<Payload, Payload, CountingMachine> log = cluster.log(leader);
            return new SubmittingCluster(
                    command -> log.submit(Payload.wrap(command)), forces(cluster, leader, keeping), cluster::close);
        });
    }

    /** Three nodes, the caller at the two that follow, in turn. */
    static Contestant atFollowers() {
        return new Contestant("at followers", word(Keeping.MEMORY), floorName(NODES), (directory, bytes) -> {
            LocalCluster cluster = start(NODES, Keeping.MEMORY, directory);
            cluster.open("log");
            return inTurn(cluster, cluster.followed());
        });
    }

    /** Three nodes with many groups, the caller at the leader of each in turn. */
    static Contestant groups(int groups) {
        return new Contestant(groups + " groups", word(Keeping.MEMORY), floorName(NODES), (directory, bytes) -> {
            LocalCluster cluster = start(NODES, Keeping.MEMORY, directory);
            for (int i = 0; i < groups; i++) {
                cluster.open("log-" + i);
            }
            return inTurn(cluster, cluster.led());
        });
    }

    private static SubmittingCluster inTurn(
            LocalCluster cluster, List<ReplicatedLog<Payload, Payload, CountingMachine>> logs) {
        AtomicLong next = new AtomicLong();
        return new SubmittingCluster(
                command ->
                        logs.get((int) (next.getAndIncrement() % logs.size())).submit(Payload.wrap(command)),
                () -> 0,
                cluster::close);
    }

    /** Three nodes, one of which proposes a value for one name after the other; nobody else proposes. */
    static Contestant decrees(Keeping keeping) {
        String name = keeping == Keeping.MEMORY ? "decrees" : "decrees, " + word(keeping);
        return new Contestant(name, word(keeping), floorName(NODES), (directory, bytes) -> {
            LocalCluster cluster = start(NODES, keeping, directory);
            Decrees<Payload> decrees = cluster.node(0).decrees(Codec.payload());
            cluster.node(0).whenFormed().join();
            AtomicLong number = new AtomicLong();
            return new SubmittingCluster(
                    command -> decrees.agree("name-" + number.getAndIncrement(), Payload.wrap(command)),
                    forces(cluster, 0, keeping),
                    cluster::close);
        });
    }

    /** Three nodes, linearizable reads by a quorum at the leader, or at those that follow. */
    static Contestant reads(boolean atLeader) {
        return reads(
                atLeader ? "reads" : "reads at followers", atLeader, Consistency.linearizable(), builder -> builder);
    }

    /** Three nodes, linearizable reads at a leader that holds a lease. */
    static Contestant leaseReads() {
        return reads("reads under a lease", true, Consistency.lease(), builder -> builder.leaderLease(DRIFT));
    }

    /** Three nodes, reads at one that follows of what the node holds. */
    static Contestant localReads() {
        return reads("local reads at followers", false, Consistency.local(), builder -> builder);
    }

    private static Contestant reads(
            String name, boolean atLeader, Consistency how, UnaryOperator<PaxosNodeBuilder> settings) {
        return new Contestant(name, word(Keeping.MEMORY), floorName(NODES), (directory, bytes) -> {
            LocalCluster cluster = new LocalCluster(
                    "memory", LocalCluster.names(NODES), node -> new InMemoryStorage(), new LeastTime(0), settings);
            cluster.open("log");
            var logs = atLeader ? cluster.led() : cluster.followed();
            AtomicLong next = new AtomicLong();
            return new SubmittingCluster(
                    command -> logs.get((int) (next.getAndIncrement() % logs.size()))
                            .read(how, CountingMachine::count),
                    () -> 0,
                    cluster::close);
        });
    }

    static String floorName(int nodes) {
        return nodes == NODES ? "wire floor" : "wire floor, " + nodes;
    }

    private static String word(Keeping keeping) {
        return keeping.name().toLowerCase(Locale.ROOT);
    }

    private static SubmittingCluster.Forces forces(LocalCluster cluster, int place, Keeping keeping) {
        return keeping == Keeping.FORCED ? cluster.store(place)::batches : () -> 0;
    }

    private static LocalCluster start(int nodes, Keeping keeping, Path directory) {
        Function<String, Storage> storage = name -> switch (keeping) {
            case MEMORY -> new InMemoryStorage();
            case FILES ->
                FileStorage.open(
                        directory.resolve(name), FileStorageOptions.defaults().losingWritesOnPowerFailure());
            case FORCED -> FileStorage.open(directory.resolve(name));
        };
        return new LocalCluster("memory", LocalCluster.names(nodes), storage, new LeastTime(0));
    }
}
