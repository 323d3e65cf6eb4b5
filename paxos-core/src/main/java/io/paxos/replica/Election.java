// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to ask for a leader's office. Safety never depends on it: it only counts the ticks since a leader was heard and
 * adds jitter, so that rivals seldom ask at once.
 */
final class Election {

    private final MachineConfig config;
    private final RandomGenerator random;
    private @Nullable NodeId leader;
    private Ballot leaderBallot = Ballot.ZERO;
    private long heardAt;
    private long askAt;

    Election(MachineConfig config, RandomGenerator random, long now) {
        this.config = config;
        this.random = random;
        // A first election need not wait as long as one in which a leader might still live.
        this.askAt = now + random.nextInt(config.electionJitterTicks()) + 1;
    }

    /** A leader spoke; older leaders are no longer listened to. Returns true if it is another one than before. */
    boolean heard(Ballot ballot, long now) {
        if (ballot.compareTo(leaderBallot) < 0) {
            return false;
        }
        boolean changed = leader == null || !ballot.equals(leaderBallot);
        leader = ballot.proposer();
        leaderBallot = ballot;
        heardAt = now;
        postpone(now);
        return changed;
    }

    /** Whether a leader has been heard so recently that nobody should be helped to depose it (rule 17). */
    boolean hearsLeader(long now) {
        return leader != null && now - heardAt < config.electionTicks();
    }

    /** The leader was heard all the time, last at a tick. */
    void goOn(long lastHeard, long now) {
        heardAt = Math.min(now, Math.max(heardAt, lastHeard));
        askAt = heardAt + config.electionTicks() + random.nextInt(config.electionJitterTicks());
    }

    /** The leader of this ballot is gone, by its own word or the transport's. */
    void lost(long now) {
        leader = null;
        askAt = now + random.nextInt(Math.max(1, config.electionJitterTicks() / 3)) + 1;
    }

    /** Gives others, or this node's next attempt, time. */
    void postpone(long now) {
        askAt = now + config.electionTicks() + random.nextInt(config.electionJitterTicks());
    }

    /** Tries again soon, but not at the same moment as a rival. */
    void retrySoon(long now) {
        askAt = now + config.heartbeatTicks() + random.nextInt(config.electionJitterTicks());
    }

    /** Asks without waiting: this node should go before the one that asked it. */
    void hurry(long now) {
        askAt = now + 1;
    }

    boolean isDue(long now) {
        return now >= askAt && !hearsLeader(now);
    }

    @Nullable
    NodeId leader() {
        return leader;
    }

    Ballot leaderBallot() {
        return leaderBallot;
    }
}
