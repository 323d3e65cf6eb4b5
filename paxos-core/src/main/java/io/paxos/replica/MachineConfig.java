package io.paxos.replica;

/**
 * The limits and timeouts of a node, in ticks and bytes. All nodes of a cluster should have the same.
 *
 * @param heartbeatTicks a leader is heard at least this often
 * @param electionTicks how long a leader may be silent before someone asks for its office; at least three heartbeats
 * @param electionJitterTicks up to so many ticks are added at random, so that rivals seldom ask at once
 * @param resendTicks how long an answer may take before its question is sent again
 * @param windowSlots how many slots a leader keeps in flight, and how far beyond the decided ones it proposes
 * @param windowBytes how many bytes of values a leader keeps in flight
 * @param messageBytes about how much one Accept, Promise part or catch-up answer carries
 * @param queueCommands how many commands may wait here, for the leader's window or for an answer
 * @param queueBytes how many bytes those commands may take
 * @param maxValueBytes the largest command or decree value
 * @param decreesInFlight how many undecided decrees this node proposes at once
 * @param priority in elections, higher goes first; 0 to 100
 * @param snapshots when snapshots are taken, how much of the log is kept behind them, and how fast one is fetched
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
        SnapshotPolicy snapshots) {

    /** What is used where nothing else is said; a tick is meant to be 10 ms. */
    public static final MachineConfig DEFAULTS = new MachineConfig(
            5, 30, 30, 20, 8192, 32L << 20, 256 << 10, 65_536, 64L << 20, 1 << 20, 20_000, 0, SnapshotPolicy.DEFAULTS);

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
        if (priority < 0 || priority > 100) {
            throw new IllegalArgumentException("priority must be 0 to 100, but is " + priority);
        }
    }

    private static void requireAtLeast(String what, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", but is " + value);
        }
    }
}
