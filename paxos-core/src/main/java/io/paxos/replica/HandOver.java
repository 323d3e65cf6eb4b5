// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;

/**
 * A leader lets another node lead: as soon as that one is near enough to need nothing but what is in flight, the leader
 * proposes nothing new and tells it to ask for promises at once. The higher ballot then ends this office, and this
 * object with it. Commands wait meanwhile, for about the time that message and phase 1 take; none is lost, for whoever
 * had them proposed here asks the new leader. Who does not take over in time has had its chance: the leader goes on.
 */
final class HandOver {

    private final Endpoint target;
    private final Ballot ballot;
    private final LeaseHolder lease;
    private final MachineConfig config;
    private final Outbox outbox;
    private final long deadline;
    private long toldAt = Long.MIN_VALUE;
    private long saidAt;

    /** @param deadline the tick up to which the target may come near */
    HandOver(Endpoint target, Ballot ballot, LeaseHolder lease, MachineConfig config, Outbox outbox, long deadline) {
        this.target = target;
        this.ballot = ballot;
        this.lease = lease;
        this.config = config;
        this.outbox = outbox;
        this.deadline = deadline;
    }

    Endpoint target() {
        return target;
    }

    /** Whether nothing new may be proposed, since somebody else is about to. */
    boolean isHeld() {
        return toldAt != Long.MIN_VALUE;
    }

    /** Goes on with it. */
    void advance(Followers followers, long decided, long lastProposed, long now) {
        if (!isHeld() && followers.isNear(target, decided, config.windowSlots(), config.electionTicks(), now)) {
            toldAt = now;
            tell(lastProposed, now);
        } else if (isHeld() && now - saidAt >= config.heartbeatTicks()) {
            tell(lastProposed, now);
        }
    }

    private void tell(long lastProposed, long now) {
        saidAt = now;
        // The successor may have things chosen as soon as it is promised; this leader knows nothing of those (rule 14).
        lease.end();
        outbox.send(target, new LogMessage.TakeOver(ballot, lastProposed));
    }

    /** Whether the target has had all the time it gets. */
    boolean isOver(long now) {
        return isHeld() ? now - toldAt >= config.electionTicks() : now >= deadline;
    }
}
