// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Rendezvous;
import org.jspecify.annotations.Nullable;

/**
 * Where the offices of many logs are to be spread over the nodes, each log prefers some of them to others, by rendezvous
 * of their names. The preferred go first in elections; and a leader that is not the most preferred of those who could
 * lead hands its office over, once the other has been there and near for a while. Nothing that is safe depends on it.
 */
final class Preference {

    /** For so many election timeouts a node must have been near before it is given the office. */
    private static final int PATIENCE = 3;

    /** The wait after each hand-over that came to nothing is twice as long as the one before, up to so many times. */
    private static final int MOST_DOUBLINGS = 6;

    private static final long NEVER = -1;

    private final MachineConfig config;
    private final GroupId group;
    private final NodeId self;
    private @Nullable Endpoint preferred;
    private long since;
    private int attempts;
    private long ledSince = NEVER;

    Preference(MachineConfig config, GroupId group, NodeId self) {
        this.config = config;
        this.group = group;
        this.self = self;
    }

    /** With what priority this node asks to be elected. */
    int own() {
        return config.spread() ? Rendezvous.weight(group, self) : config.priority();
    }

    /**
     * To whom a leader should hand over now.
     *
     * @param leader this node's office, or null if it has none
     * @param led who leads, as far as is known
     * @param peers who votes
     * @param decided every slot up to here is decided here
     * @return the voter, or null if this node should go on leading
     */
    @Nullable
    Endpoint due(@Nullable Leader leader, @Nullable NodeId led, Peers peers, long decided, long now) {
        if (!config.spread()) {
            return null;
        }
        if (leader == null) {
            follow(led, now);
            return null;
        }
        Endpoint better = leader.handOver() == null ? better(leader, peers, decided, now) : preferred;
        if (better == null || !better.equals(preferred)) {
            preferred = better;
            since = now;
            attempts = 0;
            return null;
        }
        ledSince = NEVER;
        if (leader.handOver() != null || now - since < patience()) {
            return null;
        }
        since = now;
        attempts = Math.min(attempts + 1, MOST_DOUBLINGS);
        return better;
    }

    /** Whether a leader has nobody to hand over to. One that has must not rest: its log would stay where it is. */
    boolean isContent() {
        return preferred == null;
    }

    /** Whoever took the office and kept it was not given it in vain; whoever lost it at once may well do so again. */
    private void follow(@Nullable NodeId led, long now) {
        since = now;
        if (preferred == null || !preferred.node().equals(led)) {
            ledSince = NEVER;
        } else if (ledSince == NEVER) {
            ledSince = now;
        } else if (now - ledSince >= patience()) {
            attempts = 0;
        }
    }

    private long patience() {
        return ((long) PATIENCE * config.electionTicks()) << attempts;
    }

    private @Nullable Endpoint better(Leader leader, Peers peers, long decided, long now) {
        Endpoint best = null;
        int most = Rendezvous.weight(group, self);
        for (Endpoint voter : peers.otherVoters()) {
            int weight = Rendezvous.weight(group, voter.node());
            if (weight > most && peers.mayLeadOn(voter) && leader.isNear(voter, decided, now)) {
                best = voter;
                most = weight;
            }
        }
        return best;
    }
}
