package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.quorum.Tally;
import org.jspecify.annotations.Nullable;

/**
 * Asks, before a campaign, whether it would be won, so that a node that only it cannot reach the leader disturbs nobody
 * (rule 17). Won means a quorum for either phase: where quorums differ in size, a node that can be elected by fewer than
 * it needs to get anything chosen would only depose those who can. One round of questions at a time; answers to older
 * rounds count for nothing.
 */
final class Canvassing {

    private final Self self;
    private final Peers peers;
    private @Nullable Probe probe;
    private @Nullable Tally toPromise;
    private @Nullable Tally toAccept;
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
        toPromise = Tally.phase1(peers.quorums());
        toAccept = Tally.phase2(peers.quorums());
        toPromise.add(self.node());
        toAccept.add(self.node());
        highestDecided = decided;
        farthest = null;
        return new LogMessage.Canvass(probe, decided, priority);
    }

    /** Takes in an answer, and says whether it is the one with which quorums support this node. */
    boolean onReply(Endpoint from, LogMessage.CanvassReply reply) {
        if (toPromise == null || toAccept == null || !reply.probe().equals(probe) || !peers.counts(from)) {
            return false;
        }
        if (reply.decided() > highestDecided) {
            highestDecided = reply.decided();
            farthest = from;
        }
        return reply.supports() && toPromise.add(from.node()) && toAccept.add(from.node()) && isWon();
    }

    /** Whether those who support this node suffice for both phases; where it is alone, it does so itself. */
    boolean isWon() {
        return toPromise != null && toAccept != null && toPromise.isReached() && toAccept.isReached();
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

    /** A leader was found; the next time without one, this node may let others go first again. */
    void bePatient(int rounds) {
        patience = rounds;
    }

    void end() {
        probe = null;
        toPromise = null;
        toAccept = null;
    }
}
