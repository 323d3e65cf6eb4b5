// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import org.jspecify.annotations.Nullable;

/** One log as the runtime keeps it: who executes it, and what was last heard of its leader. Safe for any thread. */
final class GroupHandle {

    /** The part this node plays, and the leader it hears. */
    record Standing(Effect.RoleName role, @Nullable NodeId leader) {}

    private final GroupId id;
    private final GroupApplier applier;
    private final LeadershipDesk leadership;
    private volatile Standing standing = new Standing(Effect.RoleName.OBSERVER, null);

    GroupHandle(GroupId id, GroupApplier applier, LeadershipDesk leadership) {
        this.id = id;
        this.applier = applier;
        this.leadership = leadership;
    }

    GroupId id() {
        return id;
    }

    GroupApplier applier() {
        return applier;
    }

    LeadershipDesk leadership() {
        return leadership;
    }

    Standing standing() {
        return standing;
    }

    void changed(Effect.RoleChanged change) {
        standing = new Standing(change.role(), change.leader());
    }
}
