// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** This library, and those that a user might take instead. */
public enum Library {
    /** This one, by its Netty transport; its log in memory, or in files. */
    PAXOS("Paxos", 1, Set.of(Keeping.MEMORY, Keeping.FILES, Keeping.FORCED), OwnNode::new),

    /** JGroups over TCP; its log in memory, or in files by its FileBasedLog. */
    JGROUPS_RAFT("jgroups-raft", 1, Set.of(Keeping.MEMORY, Keeping.FILES, Keeping.FORCED), JGroupsRaftNode::new),

    /** SOFABolt over TCP; its log in RocksDB, as it has none in memory. */
    SOFA_JRAFT("SOFAJRaft", 1, Set.of(Keeping.FILES, Keeping.FORCED), SofaJRaftNode::new),

    /** gRPC over TCP; its log in memory, or in segments that it forces. */
    RATIS("Apache Ratis", 1, Set.of(Keeping.MEMORY, Keeping.FORCED), RatisNode::new),

    /** Aeron over UDP; its log in the recordings of its archive, as it has none in memory. */
    AERON_CLUSTER("Aeron Cluster", AeronNode.ENDPOINTS, Set.of(Keeping.FILES, Keeping.FORCED), AeronNode::new),

    /** Hands messages over within the process, as it has no transport: no bytes, no sockets. */
    MICRORAFT("MicroRaft*", 1, Set.of(Keeping.MEMORY), MicroRaftNode::new);

    /** Starts a node. */
    private interface Start {
        PeerNode start(Seat seat) throws Exception;
    }

    private final String label;
    private final int portsEach;
    private final Set<Keeping> offered;
    private final Start start;

    Library(String label, int portsEach, Set<Keeping> offered, Start start) {
        this.label = label;
        this.portsEach = portsEach;
        this.offered = offered;
        this.start = start;
    }

    /** The library's own name; a star marks what runs without a network. */
    public String label() {
        return label;
    }

    /** Whether the library brings such a storage. */
    public boolean offers(Keeping keeping) {
        return offered.contains(keeping);
    }

    /** Its storage that comes nearest to one in memory. */
    public Keeping lightest() {
        return offers(Keeping.MEMORY) ? Keeping.MEMORY : Keeping.FILES;
    }

    /** Whether its nodes can live in processes of their own. */
    public boolean hasTransport() {
        return this != MICRORAFT;
    }

    /** Free ports for all nodes of a cluster, in the form that {@link Seat} has them. */
    public List<Integer> ports() throws IOException {
        return Ports.free(portsEach * Seat.NODES);
    }

    /**
     * Starts one node on its ports; it returns before there is a leader. Nodes of one cluster are started one after the
     * other, in the order of their places.
     *
     * @throws IllegalArgumentException if the library does not offer the storage; nothing has been started
     * @throws Exception whatever the library throws; what had been started may still run
     */
    public PeerNode start(Seat seat) throws Exception {
        if (!offers(seat.keeping())) {
            throw new IllegalArgumentException(
                    label + " does not offer " + seat.keeping() + ", only " + offered + "; ask for one of those");
        }
        return start.start(seat);
    }

    /**
     * Starts three nodes on free ports in this process and returns when there is a leader.
     *
     * @param keeping one of those that the library offers
     * @param directory an empty directory that may be filled, if files are kept
     * @throws IllegalArgumentException if the library does not offer the storage; nothing has been started
     * @throws Exception whatever the library throws; what had been started may still run
     */
    public Cluster start(Keeping keeping, Path directory) throws Exception {
        List<PeerNode> nodes = new ArrayList<>();
        List<Integer> ports = ports();
        for (int place = 0; place < Seat.NODES; place++) {
            Path own = Files.createDirectories(directory.resolve(Seat.name(place)));
            nodes.add(start(new Seat(place, ports, keeping, own, 0)));
        }
        return new PeerCluster(label, nodes);
    }
}
