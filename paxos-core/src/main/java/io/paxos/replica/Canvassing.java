// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.log.Regime;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.quorum.Tally;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks, before a campaign, whether it would be won, so that a node that only it cannot reach the leader disturbs nobody
 * (rule 17). Won means a quorum for either phase: where quorums differ in size, a node that can be elected by fewer than
 * it needs to get anything chosen would only depose those who can. While the membership changes that goes for every
 * configuration that governs slots to come. One round of questions at a time; answers to older
 * rounds count for nothing.
 */
final class Canvassing {

    private final Self self;
    private final Peers peers;
    private final Used used;
    private @Nullable Probe probe;
    private final List<Support> supports = new ArrayList<>();
    private long highestDecided;
    private @Nullable Endpoint farthest;
    private int patience;

    /** Who of one configuration supports this node. */
    private record Support(Regime regime, Tally toPromise, Tally toAccept) {

        Support(Regime regime) {
            this(regime, Tally.phase1(regime.quorums()), Tally.phase2(regime.quorums()));
        }

        boolean add(Endpoint supporter) {
            return regime.counts(supporter) && toPromise.add(supporter.node()) && toAccept.add(supporter.node());
        }

        boolean isReached() {
            return toPromise.isReached() && toAccept.isReached();
        }
    }

    Canvassing(Self self, Peers peers, Used used, int patience) {
        this.self = self;
        this.peers = peers;
        this.used = used;
        this.patience = patience;
    }

    /** Begins a round; this node supports itself. */
    LogMessage.Canvass begin(long decided, int priority) {
        probe = new Probe(self.start(), used.nextCanvass());
        supports.clear();
        peers.regimes().governing().forEach(regime -> supports.add(new Support(regime)));
        support(peers.self());
        highestDecided = decided;
        farthest = null;
        return new LogMessage.Canvass(probe, decided, priority);
    }

    /** Takes in an answer, and says whether it is the one with which quorums support this node. */
    boolean onReply(Endpoint from, LogMessage.CanvassReply reply) {
        if (probe == null || !reply.probe().equals(probe) || !peers.counts(from)) {
            return false;
        }
        if (reply.decided() > highestDecided) {
            highestDecided = reply.decided();
            farthest = from;
        }
        return reply.supports() && support(from) && isWon();
    }

    private boolean support(Endpoint supporter) {
        boolean isNew = false;
        for (Support support : supports) {
            isNew |= support.add(supporter);
        }
        return isNew;
    }

    /** Whether those who support this node suffice for both phases; where it is alone, it does so itself. */
    boolean isWon() {
        return !supports.isEmpty() && supports.stream().allMatch(Support::isReached);
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
        supports.clear();
    }
}
