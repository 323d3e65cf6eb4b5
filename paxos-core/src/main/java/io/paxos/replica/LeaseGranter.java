// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Ballot;
import org.jspecify.annotations.Nullable;

/**
 * An acceptor's word that it promises nothing to anyone else for a while (rule 14). The while is counted from the first
 * tick behind the grant: whatever time that tick shows, the grant was given before, and whoever holds the lease counts
 * from before it asked. So a node that stood still in between only keeps its word longer.
 *
 * <p>What was granted is not written down. A node that may have granted something in a former life therefore promises
 * nothing to anyone until that must be over.
 */
final class LeaseGranter {

    private final LeasePolicy policy;
    private @Nullable Ballot holder;
    private long granted;
    private long ended;
    private boolean inForce;
    private boolean isCounted;
    private long until;

    /** @param mayHaveGranted whether this store has promised anything in a former life */
    LeaseGranter(LeasePolicy policy, boolean mayHaveGranted) {
        this.policy = policy;
        this.inForce = policy.isOn() && mayHaveGranted;
    }

    /** Time has passed. */
    void tick(long nanos) {
        if (!inForce) {
            return;
        }
        if (!isCounted) {
            isCounted = true;
            until = nanos + policy.nanos();
        } else if (nanos - until >= 0) {
            inForce = false;
        }
    }

    /** Grants what the leader of a ballot asks for, which this acceptor has promised and nothing higher; or does not. */
    boolean grant(Ballot ballot, long count, Ballot promised) {
        if (!policy.isOn() || !promised.equals(ballot)) {
            return false;
        }
        if (!ballot.equals(holder)) {
            holder = ballot;
            granted = 0;
            ended = 0;
        }
        if (count <= ended) {
            return false;
        }
        granted = Math.max(granted, count);
        inForce = true;
        isCounted = false;
        return true;
    }

    /** The leader of a ballot does not rely any more on what it asked for up to a number. */
    void end(Ballot ballot, long count) {
        if (ballot.equals(holder)) {
            ended = Math.max(ended, count);
            inForce &= granted > ended;
        }
    }

    /** The leader of a ballot leads no more, and never will at that ballot. */
    void resigned(Ballot ballot) {
        end(ballot, Long.MAX_VALUE);
    }

    /** Whether a promise to a ballot would break this acceptor's word. */
    boolean forbids(Ballot ballot) {
        return inForce && !ballot.equals(holder);
    }

    /** Whether this acceptor's word binds it. */
    boolean isInForce() {
        return inForce;
    }
}
