// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One log as the runtime keeps it: who executes it, and what was last heard of its leader. Safe for any thread. */
final class GroupHandle {

    /** The part this node plays, and the leader it hears. */
    record Standing(Effect.RoleName role, @Nullable NodeId leader) {}

    private static final Standing NOWHERE = new Standing(Effect.RoleName.OBSERVER, null);

    private final GroupId id;
    private final GroupApplier applier;
    private final LeadershipDesk leadership;
    private final CompletableFuture<Void> closed;
    private final AtomicBoolean closing = new AtomicBoolean();
    private boolean left;
    private volatile Standing standing = NOWHERE;

    /** @param closed completed when this node takes no part in the log any more */
    GroupHandle(GroupId id, GroupApplier applier, LeadershipDesk leadership, CompletableFuture<Void> closed) {
        this.closed = closed;
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

    /** The log is to be closed; false if it is being closed already. */
    boolean beginToClose() {
        return closing.compareAndSet(false, true);
    }

    boolean isClosing() {
        return closing.get();
    }

    /**
     * The machine takes no part in the log any more. Confined to the loop.
     *
     * @return true once, if the log is to be closed; else the news is of a former life of it, or no news
     */
    boolean leave() {
        boolean isNews = closing.get() && !left;
        left |= isNews;
        return isNews;
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Why calls are refused whose log is being closed, or was; null as long as it is open. */
    Outcome.@Nullable Refused refusal() {
        return closing.get()
                ? new Outcome.Refused(
                        Outcome.Reason.STOPPED,
                        "log " + id + " has been closed at this node; ask another node, or open it again with"
                                + " replicate(…) when the future of close() has completed")
                : null;
    }

    /** What was last heard; nothing, as soon as the log is to be closed. */
    Standing standing() {
        return closing.get() ? NOWHERE : standing;
    }

    void changed(Effect.RoleChanged change) {
        standing = new Standing(change.role(), change.leader());
    }
}
