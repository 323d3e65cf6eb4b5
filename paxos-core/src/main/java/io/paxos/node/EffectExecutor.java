package io.paxos.node;

import io.paxos.event.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the machine wants, in its order. Messages that wait for a write go with the group commit; those that
 * wait for nothing leave at once, while the write has not even begun. Confined to the loop.
 */
final class EffectExecutor {

    private final Outbox outbox;
    private final GroupCommit commit;
    private final Groups groups;
    private final PendingCalls calls;
    private final Announcer announcer;

    EffectExecutor(Outbox outbox, GroupCommit commit, Groups groups, PendingCalls calls, Announcer announcer) {
        this.outbox = outbox;
        this.commit = commit;
        this.groups = groups;
        this.calls = calls;
        this.announcer = announcer;
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
            apply(apply);
        } else if (effect instanceof Effect.Respond respond) {
            calls.answer(respond.request(), respond.outcome());
        } else if (effect instanceof Effect.RoleChanged change) {
            GroupHandle handle = groups.get(change.group());
            if (handle != null) {
                handle.changed(change);
            }
            announcer.roleChanged(change);
        } else if (effect instanceof Effect.DecreeDecided decided) {
            announcer.decreeDecided(decided);
        } else if (effect instanceof Effect.Formed formed) {
            announcer.formed(formed);
        } else if (effect instanceof Effect.Halted halted) {
            GroupHandle handle = halted.group() == null ? null : groups.get(halted.group());
            halted(halted, handle == null ? null : handle.applier().problem());
        }
    }

    private void apply(Effect.Apply apply) {
        GroupHandle handle = groups.get(apply.group());
        if (handle == null) {
            throw new IllegalStateException(
                    "asked to execute slots of group " + apply.group() + ", which nobody has opened at this node");
        }
        handle.applier().apply(apply);
    }

    /**
     * Announces the end of something. The machine answers the calls it knows of by itself; what it no longer answers
     * must not wait for ever.
     */
    void halted(Effect.Halted halted, @Nullable Throwable cause) {
        announcer.halted(halted, cause);
        calls.abandonTaken(call -> halted.group() == null || halted.group().equals(call.group()), halted.reason());
    }
}
