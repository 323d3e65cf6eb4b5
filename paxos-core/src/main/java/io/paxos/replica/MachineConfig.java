// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.quorum.QuorumSystem;

/**
 * The limits and timeouts of a node, in ticks and bytes. All nodes of a cluster should have the same.
 *
 * @param heartbeatTicks a leader is heard at least this often
 * @param electionTicks how long a leader may be silent before someone asks for its office; at least three heartbeats
 * @param electionJitterTicks up to so many ticks are added at random, so that rivals seldom ask at once
 * @param resendTicks how long an answer may take before its question is sent again
 * @param windowSlots how many slots a leader keeps in flight, and how far beyond the decided ones it proposes
 * @param windowBytes how many bytes of values a leader keeps in flight
 * @param messageBytes about how much one Accept, Promise part, catch-up answer or page of an epoch carries
 * @param queueCommands how many commands may wait here, for the leader's window or for an answer
 * @param queueBytes how many bytes those commands may take
 * @param maxValueBytes the largest command, or value of a decree or a register
 * @param decreesInFlight how many calls about undecided decrees may wait here, and as many about registers
 * @param priority in elections, higher goes first; 0 to 100
 * @param snapshots when snapshots are taken, how much of the log is kept behind them, and how fast one is fetched
 * @param alpha how many slots behind the one that decides it a change of membership begins to govern (rule 10): a
 *     constant of the cluster, at least {@code windowSlots}. Nodes that differ in it do not listen to each other
 * @param leases whether a leader may serve reads under a lease
 * @param readmitTicks how long the node of a voter must have been back with another store before the leader has that
 *     counted in the place of the lost one; 0 if that is left to people
 * @param spread whether each log prefers other nodes to lead it, instead of by {@code priority}
 * @param crowd how many logs may be awake before each of them is told of only one tick in a heartbeat, in turn
 * @param levels at which feature levels logs may work
 */
public record MachineConfig(
        int heartbeatTicks,
        int electionTicks,
        int electionJitterTicks,
        int resendTicks,
        int windowSlots,
        long windowBytes,
        int messageBytes,
        int queueCommands,
        long queueBytes,
        int maxValueBytes,
        int decreesInFlight,
        int priority,
        SnapshotPolicy snapshots,
        int alpha,
        LeasePolicy leases,
        int readmitTicks,
        boolean spread,
        int crowd,
        LevelPolicy levels) {

    /** The α of every cluster whose host does not say otherwise; hosts that serve people do not. */
    public static final int DEFAULT_ALPHA = 8192;

    /** How many logs are told of every tick where nothing else is said. */
    public static final int DEFAULT_CROWD = 64;

    /** Without leases and readmission, for nodes that all run this very version. */
    public MachineConfig(
            int heartbeatTicks,
            int electionTicks,
            int electionJitterTicks,
            int resendTicks,
            int windowSlots,
            long windowBytes,
            int messageBytes,
            int queueCommands,
            long queueBytes,
            int maxValueBytes,
            int decreesInFlight,
            int priority,
            SnapshotPolicy snapshots,
            int alpha) {
        this(
                heartbeatTicks,
                electionTicks,
                electionJitterTicks,
                resendTicks,
                windowSlots,
                windowBytes,
                messageBytes,
                queueCommands,
                queueBytes,
                maxValueBytes,
                decreesInFlight,
                priority,
                snapshots,
                alpha,
                LeasePolicy.NONE,
                0,
                false,
                DEFAULT_CROWD,
                LevelPolicy.SETTLED);
    }

    /**
     * The same with other leases.
     *
     * @param others whether a leader may serve reads under a lease
     * @return the same otherwise
     */
    public MachineConfig with(LeasePolicy others) {
        return copy(alpha, others, readmitTicks, spread, crowd, levels);
    }

    /**
     * The same with another patience for voters that have lost their store.
     *
     * @param ticks how long such a node must have been back before its new store is counted; 0 if that is left to people
     * @return the same otherwise
     */
    public MachineConfig withReadmission(int ticks) {
        return copy(alpha, leases, ticks, spread, crowd, levels);
    }

    /**
     * The same with offices spread over the nodes, or not.
     *
     * @param isSpread whether each log prefers other nodes to lead it, by {@link io.paxos.model.Rendezvous}
     * @return the same otherwise
     * @throws IllegalArgumentException if this node has a priority of its own
     */
    public MachineConfig withSpread(boolean isSpread) {
        return copy(alpha, leases, readmitTicks, isSpread, crowd, levels);
    }

    /**
     * The same with another number of logs that are a crowd.
     *
     * @param logs how many logs may be awake before each is told of only one tick in a heartbeat; 0 if one is too many
     * @return the same otherwise
     */
    public MachineConfig withCrowd(int logs) {
        return copy(alpha, leases, readmitTicks, spread, logs, levels);
    }

    /**
     * The same with logs that work at other feature levels.
     *
     * @param others at which feature levels logs may work
     * @return the same otherwise
     */
    public MachineConfig with(LevelPolicy others) {
        return copy(alpha, leases, readmitTicks, spread, crowd, others);
    }

    /** What is used where nothing else is said; a tick is meant to be 10 ms. */
    public static final MachineConfig DEFAULTS = new MachineConfig(
                    5,
                    30,
                    30,
                    20,
                    8192,
                    32L << 20,
                    256 << 10,
                    65_536,
                    64L << 20,
                    1 << 20,
                    20_000,
                    0,
                    SnapshotPolicy.DEFAULTS)
            .with(LevelPolicy.RISING);

    /**
     * Checks every limit.
     *
     * @throws IllegalArgumentException naming the limit, its value and what is possible
     */
    public MachineConfig {
        requireAtLeast("heartbeatTicks", heartbeatTicks, 1);
        requireAtLeast("electionTicks", electionTicks, 3 * heartbeatTicks);
        requireAtLeast("electionJitterTicks", electionJitterTicks, 1);
        requireAtLeast("resendTicks", resendTicks, 1);
        requireAtLeast("windowSlots", windowSlots, 1);
        requireAtLeast("windowBytes", windowBytes, 1);
        requireAtLeast("messageBytes", messageBytes, 1);
        requireAtLeast("queueCommands", queueCommands, 1);
        requireAtLeast("queueBytes", queueBytes, 1);
        requireAtLeast("maxValueBytes", maxValueBytes, 1);
        requireAtLeast("decreesInFlight", decreesInFlight, 1);
        requireAtLeast("alpha", alpha, 2);
        requireAtLeast("readmitTicks", readmitTicks, 0);
        requireAtLeast("crowd", crowd, 0);
        if (alpha < windowSlots) {
            throw new IllegalArgumentException("windowSlots must be at most alpha, which is " + alpha + ", but is "
                    + windowSlots + ": nobody proposes in a slot before it knows every decision up to alpha slots"
                    + " below it; choose a smaller window");
        }
        if (priority < 0 || priority > 100) {
            throw new IllegalArgumentException("priority must be 0 to 100, but is " + priority);
        }
        if (spread && priority != 0) {
            throw new IllegalArgumentException("priority must be 0 where leaders are spread over the nodes, but is "
                    + priority + ": each log prefers nodes of its own there");
        }
    }

    /** The usual α. */
    public MachineConfig(
            int heartbeatTicks,
            int electionTicks,
            int electionJitterTicks,
            int resendTicks,
            int windowSlots,
            long windowBytes,
            int messageBytes,
            int queueCommands,
            long queueBytes,
            int maxValueBytes,
            int decreesInFlight,
            int priority,
            SnapshotPolicy snapshots) {
        this(
                heartbeatTicks,
                electionTicks,
                electionJitterTicks,
                resendTicks,
                windowSlots,
                windowBytes,
                messageBytes,
                queueCommands,
                queueBytes,
                maxValueBytes,
                decreesInFlight,
                priority,
                snapshots,
                DEFAULT_ALPHA);
    }

    /**
     * The rule by which nodes of this configuration count, in one line. α belongs to it: nodes that differ in it would
     * count by different configurations, so they must not listen to each other. So do leases, if there are any: whoever
     * holds one trusts it for as long as its own policy says that others grant it (rule 14).
     *
     * @param quorums the quorum system
     * @return its description, α, and the leases
     */
    public String rule(QuorumSystem quorums) {
        String rule = quorums.description() + "; changes after " + alpha + " slots";
        return leases.isOn()
                ? rule + "; leases of " + leases.nanos() + " ns, clocks differ by " + leases.driftBound()
                : rule;
    }

    /**
     * The same with another α.
     *
     * @param slots how many slots behind the one that decides it a change of membership begins to govern
     * @return the changed configuration
     */
    public MachineConfig withAlpha(int slots) {
        return copy(slots, leases, readmitTicks, spread, crowd, levels);
    }

    /** The same with fewer slots in flight. */
    MachineConfig withWindow(int slots) {
        return copy(slots, alpha, leases, readmitTicks, spread, crowd, levels);
    }

    private MachineConfig copy(
            int otherAlpha,
            LeasePolicy otherLeases,
            int otherReadmitTicks,
            boolean isSpread,
            int otherCrowd,
            LevelPolicy otherLevels) {
        return copy(windowSlots, otherAlpha, otherLeases, otherReadmitTicks, isSpread, otherCrowd, otherLevels);
    }

    private MachineConfig copy(
            int otherWindow,
            int otherAlpha,
            LeasePolicy otherLeases,
            int otherReadmitTicks,
            boolean isSpread,
            int otherCrowd,
            LevelPolicy otherLevels) {
        return new MachineConfig(
                heartbeatTicks,
                electionTicks,
                electionJitterTicks,
                resendTicks,
                otherWindow,
                windowBytes,
                messageBytes,
                queueCommands,
                queueBytes,
                maxValueBytes,
                decreesInFlight,
                priority,
                snapshots,
                otherAlpha,
                otherLeases,
                otherReadmitTicks,
                isSpread,
                otherCrowd,
                otherLevels);
    }

    private static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", but is " + value);
        }
    }
}
