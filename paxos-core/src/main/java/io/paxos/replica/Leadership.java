// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import org.jspecify.annotations.Nullable;

/**
 * Says when this node leads in fact, and when it does no more: not when it has been promised the office, but when it has
 * executed all that it found then, for only from there on its state has everything that was acknowledged before.
 */
final class Leadership {

    private final GroupId group;
    private final Outbox outbox;
    private @Nullable Ballot announced;

    Leadership(GroupId group, Outbox outbox) {
        this.group = group;
        this.outbox = outbox;
    }

    /** The last slot that must be executed before this leadership can be announced; 0 if nothing is awaited. */
    long awaited(Role role) {
        return role instanceof Leader leader && !leader.ballot().equals(announced) ? leader.foundUpTo() : 0;
    }

    /** Announces what has changed. */
    void update(Role role, long applied) {
        Ballot leads = role instanceof Leader leader ? leader.ballot() : null;
        if (announced != null && !announced.equals(leads)) {
            end();
        }
        if (announced == null
                && role instanceof Leader leader
                && leader.isPreparedForAll()
                && applied >= leader.foundUpTo()) {
            announced = leads;
            outbox.add(new Effect.LeadershipChanged(group, leads));
        }
    }

    /** This node leads no more, whatever comes. */
    void end() {
        if (announced != null) {
            announced = null;
            outbox.add(new Effect.LeadershipChanged(group, null));
        }
    }
}
