package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.quorum.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Asks, before a campaign, whether it would be won, so that a node that only it cannot reach the leader disturbs nobody
 * (rule 17). One round of questions at a time; answers to older rounds count for nothing.
 */
final class Canvassing {

    private final Self self;
    private final Peers peers;
    private @Nullable Probe probe;
    private @Nullable Tally support;
    private long rounds;
    private long highestDecided;
    private @Nullable Endpoint farthest;
    private int patience;

    Canvassing(Self self, Peers peers, int patience) {
        this.self = self;
        this.peers = peers;
        this.patience = patience;
    }

    /** Begins a round; this node supports itself. */
    LogMessage.Canvass begin(long decided, int priority) {
        probe = new Probe(self.start(), ++rounds);
        support = Tally.phase1(peers.quorums());
        support.add(self.node());
        highestDecided = decided;
        farthest = null;
        return new LogMessage.Canvass(probe, decided, priority);
    }

    /** Takes in an answer, and says whether a quorum now supports this node. */
    boolean onReply(Endpoint from, LogMessage.CanvassReply reply) {
        if (support == null || !reply.probe().equals(probe) || !peers.counts(from)) {
            return false;
        }
        if (reply.decided() > highestDecided) {
            highestDecided = reply.decided();
            farthest = from;
        }
        return reply.supports() && support.add(from.node()) && support.isReached();
    }

    /** Whether this node supports itself by a quorum of one. */
    boolean isWonAtOnce() {
        return support != null && support.isReached();
    }

    /**
     * Whether this node is so far behind that it should fetch first and let others try (rule 3). Only for so many
     * rounds: somebody has to lead in the end.
     */
    boolean shouldFetchFirst(long decided, int farBehind) {
        if (highestDecided - decided <= farBehind || patience == 0) {
            return false;
        }
        patience--;
        return true;
    }

    @Nullable
    Endpoint farthest() {
        return farthest;
    }

    long highestDecided() {
        return highestDecided;
    }

    void end() {
        probe = null;
        support = null;
    }
}
