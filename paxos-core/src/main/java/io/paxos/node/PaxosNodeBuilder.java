// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.ClusterName;
import io.paxos.model.FeatureLevel;
import io.paxos.model.NodeId;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.LeasePolicy;
import io.paxos.replica.LevelPolicy;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.Storage;
import io.paxos.spi.Transport;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Describes a node and starts it. Only {@link #id} and {@link #members} must be said; what is said besides should be the
 * same on every node of the cluster, but for transport, storage, priority, feature level, executor and listener. Not safe for use by
 * several threads.
 */
public final class PaxosNodeBuilder {

    private String cluster = "paxos";
    private @Nullable String id;
    private List<String> members = List.of();
    private boolean observer;
    private @Nullable Transport transport;
    private @Nullable Storage storage;
    private Function<Set<NodeId>, QuorumSystem> quorums = MajorityQuorums::of;
    private int priority;
    private boolean spreadLeaders;
    private Duration tick = Duration.ofMillis(10);
    private @Nullable Duration heartbeat;
    private @Nullable Duration electionTimeout;
    private int maxValueBytes = MachineConfig.DEFAULTS.maxValueBytes();
    private Limits limits = Limits.DEFAULTS;
    private @Nullable Double driftBound;
    private @Nullable Duration readmitAfter;
    private FeatureLevel featureLevel = FeatureLevel.LATEST;
    private SnapshotPolicy snapshots = SnapshotPolicy.DEFAULTS;
    private int compareEvery;
    private Duration deadline = Duration.ofSeconds(30);
    private @Nullable Long seed;
    private @Nullable Executor callbackExecutor;
    private NodeListener listener = new NodeListener() {};

    PaxosNodeBuilder() {}

    /**
     * Names the cluster; nodes of different clusters never hear each other.
     *
     * @param name 1 to 64 characters out of {@code A-Z a-z 0-9 . _ -}; "paxos" if not said
     * @return this builder
     */
    public PaxosNodeBuilder cluster(String name) {
        cluster = Objects.requireNonNull(name, "cluster");
        return this;
    }

    /**
     * Names this node. The name stays with it wherever it runs.
     *
     * @param name 1 to 64 characters out of {@code A-Z a-z 0-9 . _ -}
     * @return this builder
     */
    public PaxosNodeBuilder id(String name) {
        id = Objects.requireNonNull(name, "id");
        return this;
    }

    /**
     * Names the nodes that vote, this one included; the same on every node.
     *
     * @param names one name for each
     * @return this builder
     */
    public PaxosNodeBuilder members(String... names) {
        return members(List.of(names));
    }

    /**
     * Names the nodes that vote, this one included; the same on every node.
     *
     * @param names one name for each
     * @return this builder
     */
    public PaxosNodeBuilder members(Collection<String> names) {
        members = List.copyOf(names);
        return this;
    }

    /**
     * Lets a new node join a cluster that has formed: it learns as an observer from the nodes named here, and from whoever
     * it hears of through them, until {@link PaxosNode#membership} or {@link ReplicatedLog#membership} of some member
     * lets it vote. To be called in the place of {@link #members}, and to stay so at every later start of the node; who
     * votes is in the log from then on.
     *
     * @param contacts some nodes of the cluster, this one not among them
     * @return this builder
     */
    public PaxosNodeBuilder joins(String... contacts) {
        observer = true;
        return members(contacts);
    }

    /**
     * Makes this node learn what the members decide without ever voting. It is then not one of the members.
     *
     * @return this builder
     */
    public PaxosNodeBuilder observer() {
        observer = true;
        return this;
    }

    /**
     * Says how messages travel. The node starts the transport, and closes it when it is closed itself.
     *
     * @param newTransport a transport not started yet; if not said, nodes of one cluster in one JVM find each other
     *     through {@link InProcessNetwork#shared}
     * @return this builder
     */
    public PaxosNodeBuilder transport(Transport newTransport) {
        transport = Objects.requireNonNull(newTransport, "transport");
        return this;
    }

    /**
     * Says where votes are kept. The node closes the store when it is closed itself.
     *
     * @param newStorage the store of this node and of no other; if not said, a new {@link InMemoryStorage}, with which
     *     every restart comes back as a stranger
     * @return this builder
     */
    public PaxosNodeBuilder storage(Storage newStorage) {
        storage = Objects.requireNonNull(newStorage, "storage");
        return this;
    }

    /**
     * Says which sets of members suffice. The same on every node, and for as long as the cluster lives: nodes with another
     * rule are not listened to, and a rule that all of them changed together could miss what the old one has chosen.
     *
     * @param newQuorums makes the quorum system of the members it is given; majorities if not said
     * @return this builder
     */
    public PaxosNodeBuilder quorums(Function<Set<NodeId>, QuorumSystem> newQuorums) {
        quorums = Objects.requireNonNull(newQuorums, "quorums");
        return this;
    }

    /**
     * Prefers or spares this node as a leader.
     *
     * @param newPriority 0 to 100; higher goes first; 0 if not said
     * @return this builder
     */
    public PaxosNodeBuilder priority(int newPriority) {
        priority = newPriority;
        return this;
    }

    /**
     * Spreads the leaders of many logs over the nodes: each log prefers one of its voters, and after that another, by the
     * {@linkplain io.paxos.model.Rendezvous rendezvous} of their names. The preferred go first in elections, and a leader
     * that is not the most preferred of those who are near hands over after three election timeouts, which costs that log
     * a pause of about a round trip; so an office that was moved by {@link Leadership#transferTo} is moved back then. To be
     * said on every node, and not together with a {@link #priority}.
     *
     * @return this builder
     */
    public PaxosNodeBuilder spreadLeaders() {
        spreadLeaders = true;
        return this;
    }

    /**
     * Sets the unit in which the node counts time. With {@link #leaderLease leases} it has to be the same on every node,
     * since a lease lasts for a part of the election timeout in whole ticks.
     *
     * @param length 1 ms to 1 min; 10 ms if not said
     * @return this builder
     */
    public PaxosNodeBuilder tick(Duration length) {
        tick = Objects.requireNonNull(length, "tick");
        return this;
    }

    /**
     * Sets how often a leader is heard at least. With {@link #leaderLease leases}, where it stands for the election timeout
     * too, it has to be the same on every node.
     *
     * @param interval longer than nothing; a sixth of the election timeout if not said
     * @return this builder
     */
    public PaxosNodeBuilder heartbeat(Duration interval) {
        heartbeat = Objects.requireNonNull(interval, "heartbeat");
        return this;
    }

    /**
     * Sets how long a leader may be silent before another node asks for its office. With {@link #leaderLease leases} it has
     * to be the same on every node, and is changed as they are: nodes whose leases differ in length do not listen to each
     * other.
     *
     * @param timeout at least three heartbeats; six of them, or 300 ms, if not said
     * @return this builder
     */
    public PaxosNodeBuilder electionTimeout(Duration timeout) {
        electionTimeout = Objects.requireNonNull(timeout, "electionTimeout");
        return this;
    }

    /**
     * Lets leaders serve {@linkplain Consistency#lease() reads under a lease} (rule 14). The same on every node, and to be
     * changed only while all of them are down for longer than an election timeout: voters give their word to promise
     * nothing to others for a while, and one that is started without this does not know that it gave it.
     *
     * @param newDriftBound by how much the monotonic clocks of two machines may differ over the time of a lease, above 0
     *     and at most 1; 0.01, that no clock gains more than a hundredth on another, is much for machines that neither stop
     *     their clocks nor are suspended while they run, and leases are not for others
     * @return this builder
     */
    public PaxosNodeBuilder leaderLease(double newDriftBound) {
        driftBound = newDriftBound;
        return this;
    }

    /**
     * Lets the leader of each log have a voter that has come back without its store counted again by the store it has now,
     * with nobody asked (rule 10): as {@link LogMembers#replace} does with the same name twice. Every such store is one
     * that a quorum has lost, and what only lost stores held is lost; where that is for a person to look at, do without.
     * Decrees and registers stay with the stores with which the cluster formed.
     *
     * @param patience how long the node must have been back, and the store that is counted not been heard; no shorter than
     *     the election timeout. Voters are counted again by hand only if not said
     * @return this builder
     */
    public PaxosNodeBuilder readmitAfter(Duration patience) {
        readmitAfter = Objects.requireNonNull(patience, "readmitAfter");
        return this;
    }

    /**
     * Holds the logs at a feature level, so that the way back to an older version of the library stays open: no level above
     * is decided as long as this node belongs to a log. Calls that need a higher one are refused. A log that works at a higher
     * level already does not go back; this node's replica of it stops, and says so.
     *
     * @param highest the highest level that this node says it supports; {@link FeatureLevel#LATEST} if not said
     * @return this builder
     * @throws IllegalArgumentException if this version of the library does not support it
     */
    public PaxosNodeBuilder featureLevel(FeatureLevel highest) {
        featureLevel = new LevelPolicy(FeatureLevel.BASE, highest).highest();
        return this;
    }

    /**
     * Sets the largest command or decree value.
     *
     * @param bytes at least 1; 1 MiB if not said
     * @return this builder
     */
    public PaxosNodeBuilder maxValueBytes(int bytes) {
        maxValueBytes = bytes;
        return this;
    }

    /**
     * Sets how much the node holds at once.
     *
     * @param newLimits {@link Limits#DEFAULTS} if not said
     * @return this builder
     */
    public PaxosNodeBuilder limits(Limits newLimits) {
        limits = Objects.requireNonNull(newLimits, "limits");
        return this;
    }

    /**
     * Says when snapshots of state machines are taken, and how much of the log is kept behind them. State machines that
     * do not implement {@code capture} and {@code restore} get none, and their log grows.
     *
     * @param policy {@link SnapshotPolicy#DEFAULTS} if not said
     * @return this builder
     */
    public PaxosNodeBuilder snapshots(SnapshotPolicy policy) {
        snapshots = Objects.requireNonNull(policy, "snapshots");
        return this;
    }

    /**
     * Has what the replicas of each log make of it compared, stretch by stretch: the results of commands, and what
     * {@link io.paxos.spi.StateMachine#digest} says of the state at the end of each. A replica that has come to another
     * state than more than half of the voters is named to {@link NodeListener#diverged} of every node, and stops. One
     * message to each other node for a stretch; where it is lost, or a replica begins with a snapshot in the middle of a
     * stretch, that stretch is not compared.
     *
     * @param slots how long a stretch is, at least 1; the same on every node, for others are not compared. Nothing is
     *     compared if not said
     * @return this builder
     * @throws IllegalArgumentException if a stretch would have no slots
     */
    public PaxosNodeBuilder compareStates(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("states can be compared every so many slots, at least 1, but not every "
                    + slots + "; leave compareStates out if they are not to be compared");
        }
        compareEvery = slots;
        return this;
    }

    /**
     * Makes the jitter of elections and retries repeatable, for tests. The nonce of a start and the identity of a store
     * are drawn anew all the same: a ballot is never used twice (rule 1).
     *
     * @param newSeed where the draws begin
     * @return this builder
     */
    public PaxosNodeBuilder random(long newSeed) {
        seed = newSeed;
        return this;
    }

    /**
     * Says where futures complete and listeners are called. The node does not shut the executor down.
     *
     * @param executor runs tasks in any order; if not said, threads of the node's own
     * @return this builder
     */
    public PaxosNodeBuilder callbackExecutor(Executor executor) {
        callbackExecutor = Objects.requireNonNull(executor, "callbackExecutor");
        return this;
    }

    /**
     * Sets the deadline of calls that give none.
     *
     * @param newDeadline longer than nothing; 30 s if not said
     * @return this builder
     */
    public PaxosNodeBuilder deadline(Duration newDeadline) {
        deadline = Objects.requireNonNull(newDeadline, "deadline");
        return this;
    }

    /**
     * Says who hears of changes.
     *
     * @param newListener called on the callback executor; nobody if not said
     * @return this builder
     */
    public PaxosNodeBuilder listener(NodeListener newListener) {
        listener = Objects.requireNonNull(newListener, "listener");
        return this;
    }

    /**
     * Checks everything and starts the node. It returns as soon as the node listens; the cluster forms in the
     * background, and calls may be made at once.
     *
     * @return the running node, to be closed by the caller
     * @throws IllegalArgumentException if anything said cannot be right, naming the value and the remedy; nothing has
     *     been started then
     * @throws io.paxos.spi.TransportException if the transport cannot listen; the store has been closed again
     * @throws java.io.UncheckedIOException if the store cannot be opened
     */
    public PaxosNode start() {
        return PaxosNode.start(settings());
    }

    /** Everything said so far, checked, with the defaults for the rest. */
    NodeSettings settings() {
        if (id == null) {
            throw new IllegalArgumentException("the node has no id; name it with id(\"n1\")");
        }
        ClusterName clusterName = new ClusterName(cluster);
        NodeId self = new NodeId(id);
        Set<NodeId> voters = MemberList.parse(members);
        MemberList.requirePlace(self, voters, observer);
        MemberList.requireQuorums(quorums, voters);
        Ticks ticks = new Ticks(tick);
        ticks.in("deadline", deadline);
        MachineConfig config = config(ticks);
        if (maxValueBytes > limits.queueBytes()) {
            throw new IllegalArgumentException("maxValueBytes is " + maxValueBytes + ", but the queue of calls holds "
                    + limits.queueBytes() + " bytes; raise Limits.queueBytes or lower maxValueBytes");
        }
        SecureRandom identities = new SecureRandom();
        RandomGenerator jitter = seed == null ? identities : new SplittableRandom(seed ^ ((long) id.hashCode() << 32));
        return new NodeSettings(
                clusterName,
                self,
                voters,
                transport == null ? InProcessNetwork.shared().transport() : transport,
                storage == null ? new InMemoryStorage() : storage,
                quorums,
                config,
                compareEvery,
                limits,
                ticks,
                deadline,
                identities.nextLong(),
                jitter.nextLong(),
                listener,
                callbackExecutor);
    }

    private MachineConfig config(Ticks ticks) {
        int givenHeartbeat = heartbeat == null ? 0 : ticks.in("heartbeat", heartbeat);
        Duration silence = electionTimeout;
        if (silence == null) {
            silence = heartbeat == null ? Duration.ofMillis(300) : heartbeat.multipliedBy(6);
        }
        int electionTicks = ticks.in("electionTimeout", silence);
        int heartbeatTicks = heartbeat == null ? Math.max(1, electionTicks / 6) : givenHeartbeat;
        if (electionTicks < 3L * heartbeatTicks) {
            throw new IllegalArgumentException("electionTimeout " + silence + " must be at least three heartbeats of "
                    + (heartbeat == null ? tick : heartbeat) + " in ticks of " + tick
                    + "; raise electionTimeout, or lower heartbeat or tick");
        }
        return new MachineConfig(
                heartbeatTicks,
                electionTicks,
                electionTicks,
                ticks.in("resend", Duration.ofMillis(200)),
                limits.windowSlots(),
                limits.windowBytes(),
                limits.messageBytes(),
                limits.queueCommands(),
                limits.queueBytes(),
                maxValueBytes,
                limits.decreesInFlight(),
                priority,
                snapshots,
                MachineConfig.DEFAULT_ALPHA,
                leases(electionTicks),
                readmitTicks(ticks, electionTicks),
                spreadLeaders,
                MachineConfig.DEFAULT_CROWD,
                new LevelPolicy(FeatureLevel.BASE, featureLevel));
    }

    private int readmitTicks(Ticks ticks, int electionTicks) {
        if (readmitAfter == null) {
            return 0;
        }
        int patience = ticks.in("readmitAfter", readmitAfter);
        if (patience < electionTicks) {
            throw new IllegalArgumentException("readmitAfter " + readmitAfter
                    + " must be at least the election timeout, " + tick.multipliedBy(electionTicks)
                    + ": a voter may be silent for so long and be there; raise it");
        }
        return patience;
    }

    /** No longer than it takes to miss a leader: what has been granted to a dead one must not delay the next. */
    private LeasePolicy leases(int electionTicks) {
        return driftBound == null
                ? LeasePolicy.NONE
                : new LeasePolicy(tick.toNanos() * electionTicks * 3 / 4, driftBound);
    }
}
