// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the machine wants, in its order. Messages that wait for a write go with the group commit; those that
 * wait for nothing leave at once, while the write has not even begun. Confined to the loop.
 */
final class EffectExecutor {

    private final NodeId self;
    private final Outbox outbox;
    private final GroupCommit commit;
    private final Groups groups;
    private final SnapshotDesk snapshots;
    private final PendingCalls calls;
    private final Updates updates;
    private final Announcer announcer;

    EffectExecutor(
            NodeId self,
            Outbox outbox,
            GroupCommit commit,
            Groups groups,
            SnapshotDesk snapshots,
            PendingCalls calls,
            Updates updates,
            Announcer announcer) {
        this.self = self;
        this.outbox = outbox;
        this.commit = commit;
        this.groups = groups;
        this.snapshots = snapshots;
        this.calls = calls;
        this.updates = updates;
        this.announcer = announcer;
    }

    /** A tick has passed. */
    void tick() {
        groups.tick();
    }

    /** Carries out the effects of one step. */
    void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            carryOut(effect);
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Send send) {
            outbox.send(send.envelope());
        } else if (effect instanceof Effect.Persist persist) {
            commit.add(persist);
        } else if (effect instanceof Effect.Apply apply) {
            applier(apply.group()).apply(apply);
        } else if (effect instanceof Effect.Respond respond) {
            calls.answer(respond.request(), respond.outcome());
        } else if (effect instanceof Effect.Compute compute) {
            updates.compute(compute);
        } else if (effect instanceof Effect.RoleChanged change) {
            groups.changed(change);
            announcer.roleChanged(change);
        } else if (effect instanceof Effect.LeadershipChanged change) {
            GroupHandle handle = groups.get(change.group());
            if (handle != null) {
                handle.leadership().changed(change.token());
            }
        } else if (effect instanceof Effect.DecreeDecided decided) {
            announcer.decreeDecided(decided);
        } else if (effect instanceof Effect.Formed formed) {
            announcer.formed(formed);
        } else if (effect instanceof Effect.TurnedStranger turned) {
            announcer.turnedStranger(turned);
        } else if (effect instanceof Effect.Diverged diverged) {
            diverged(diverged);
        } else if (effect instanceof Effect.LevelRaised raised) {
            announcer.levelRaised(raised);
        } else if (effect instanceof Effect.Halted halted) {
            GroupHandle handle = halted.group() == null ? null : groups.get(halted.group());
            halted(halted, handle == null ? null : handle.applier().problem());
        } else if (effect instanceof Effect.GroupClosed closed) {
            closed(closed.group());
        } else if (effect instanceof Effect.Install install) {
            applier(install.group()).install();
        } else if (effect instanceof Effect.ReadChunk read) {
            snapshots.read(read);
        } else if (effect instanceof Effect.StoreChunk store) {
            snapshots.store(store);
        } else if (effect instanceof Effect.AbandonSnapshot abandon) {
            snapshots.abandon(abandon.group());
        }
    }

    /** Nobody is to read a state any more that is not what was agreed on, whatever the read asks for. */
    private void diverged(Effect.Diverged diverged) {
        GroupHandle handle = groups.get(diverged.group());
        if (handle != null && diverged.odd().contains(self)) {
            handle.applier().stop("this replica's state is not what was agreed on: " + diverged.detail());
        }
        announcer.diverged(diverged);
    }

    /** The log can be opened again only when nothing of this life of it can be taken for news of the next. */
    private void closed(GroupId group) {
        String reason = "log " + group + " has been closed at node " + self;
        calls.abandonTaken(call -> group.equals(call.group()), reason);
        GroupHandle handle = groups.get(group);
        if (handle == null || !handle.leave()) {
            return;
        }
        handle.leadership().changed(null);
        handle.applier()
                .end(
                        reason,
                        () -> snapshots.forget(group, () -> {
                            groups.remove(handle);
                            announcer.closed(handle);
                        }));
    }

    /** The machine will ask for nothing any more, not even for the end of the logs that are to be closed. */
    void endClosing() {
        groups.closing().forEach(handle -> closed(handle.id()));
    }

    private GroupApplier applier(GroupId group) {
        GroupHandle handle = groups.get(group);
        if (handle == null) {
            throw new IllegalStateException(
                    "asked to execute slots of group " + group + ", which nobody has opened at this node");
        }
        groups.executes(handle);
        return handle.applier();
    }

    /**
     * Announces the end of something. The machine answers the calls it knows of by itself; what it no longer answers
     * must not wait for ever.
     */
    void halted(Effect.Halted halted, @Nullable Throwable cause) {
        announcer.halted(halted, cause);
        if (halted.group() == null) {
            groups.endLeaderships();
        }
        calls.abandonTaken(call -> halted.group() == null || halted.group().equals(call.group()), halted.reason());
    }
}
