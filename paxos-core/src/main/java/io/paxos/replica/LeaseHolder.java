// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.log.Regime;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * A leader's lease (rule 14): as long as a phase-2 quorum has given its word to promise nothing to anyone else, no phase-1
 * quorum can be had by anyone else, so nothing is chosen that this leader has not proposed. It is asked for anew with
 * every heartbeat, and counted from the tick at which it is asked for, which lies before the question leaves.
 */
final class LeaseHolder {

    /** So many questions may wait for answers. */
    private static final int MOST_ASKED = 8;

    private final Peers peers;
    private final Outbox outbox;
    private final MachineConfig config;
    private final Ballot ballot;
    private final Deque<Round> asked = new ArrayDeque<>();
    private long count;
    private long askedAt = Long.MIN_VALUE / 2;
    private Set<Endpoint> holders = Set.of();
    private long until;

    private record Round(long count, long sentAt, Set<Endpoint> granted) {}

    LeaseHolder(Peers peers, Outbox outbox, MachineConfig config, Ballot ballot) {
        this.peers = peers;
        this.outbox = outbox;
        this.config = config;
        this.ballot = ballot;
    }

    /** Asks again, if it is time to. */
    void tick(long now, long nanos) {
        if (!config.leases().isOn() || now - askedAt < config.heartbeatTicks()) {
            return;
        }
        askedAt = now;
        count++;
        asked.add(new Round(count, nanos, new HashSet<>()));
        if (asked.size() > MOST_ASKED) {
            asked.remove();
        }
        LogMessage request = new LogMessage.LeaseRequest(ballot, count);
        peers.voters().forEach(voter -> outbox.send(voter, request));
    }

    /** A voter that is counted has given its word. */
    void onGrant(Endpoint voter, long number) {
        for (Round round : asked) {
            if (round.count == number) {
                round.granted.add(voter);
                if (suffices(round.granted)) {
                    holders = round.granted;
                    until = round.sentAt + config.leases().trustedNanos();
                    asked.removeIf(earlier -> earlier.count <= number);
                }
                return;
            }
        }
    }

    /** Whether nobody else can have had anything chosen up to a moment of this node's clock. */
    boolean covers(long nanos) {
        return !holders.isEmpty() && nanos - until < 0 && suffices(holders);
    }

    /** In every configuration that governs slots to come: asked anew each time, for one may have been added. */
    private boolean suffices(Set<Endpoint> granted) {
        for (Regime regime : peers.regimes().governing()) {
            Set<NodeId> counted = new HashSet<>();
            granted.stream().filter(regime::counts).forEach(voter -> counted.add(voter.node()));
            if (!regime.quorums().isPhase2Quorum(counted)) {
                return false;
            }
        }
        return true;
    }

    /** From here on this leader relies on nothing that was granted or asked for so far, and lets everyone know. */
    void end() {
        holders = Set.of();
        asked.clear();
        if (count > 0) {
            LogMessage end = new LogMessage.LeaseEnd(ballot, count);
            peers.voters().forEach(voter -> outbox.send(voter, end));
        }
    }
}
