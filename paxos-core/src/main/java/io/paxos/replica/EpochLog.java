// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.decree.Epochs;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.log.Changes;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The machine's own part in the log whose memberships are the epochs of decrees and registers (rule 16). The log is like any
 * other, but its state machine is this: nothing is executed in it but changes of its membership, so no host has to open it,
 * and it is opened by the first change, by the first message about it, or because the store holds it. It is never trimmed:
 * every change takes a few slots, and whoever comes back after many must know each of them.
 */
final class EpochLog {

    /** Few, so that a change fills few slots; nothing else is ever in flight. */
    private static final int ALPHA = 16;

    private final Epochs epochs;
    private final Function<Set<NodeId>, QuorumSystem> quorums;
    private final Changes changes;
    /** Until when each call may take, from the moment it was made. */
    private final Map<RequestId, Long> asked = new HashMap<>();

    EpochLog(Epochs epochs, Function<Set<NodeId>, QuorumSystem> quorums, MachineConfig config) {
        this.epochs = epochs;
        this.quorums = quorums;
        this.changes = new Changes(configured(config).alpha(), quorums);
    }

    /** How a log's replica is configured: this one has a small α, which follows from that of all, and no leases. */
    static MachineConfig configured(MachineConfig config) {
        int alpha = Math.min(config.alpha(), ALPHA);
        return config.withWindow(Math.min(config.windowSlots(), alpha))
                .withAlpha(alpha)
                .with(LeasePolicy.NONE);
    }

    /** A call asks for the next epoch. */
    void asked(Event.Reconfigure change) {
        asked.put(change.request(), epochs.deadlineIn(change.ticks()));
    }

    /**
     * Takes what the replica of this log wants done out of a step's effects, as far as it concerns no host.
     *
     * @param effects those of the step; what follows from a new epoch is put in the place of what told of it
     * @return what the replica is to be told, or null
     */
    Event.@Nullable Applied absorb(List<Effect> effects) {
        List<Effect> kept = new ArrayList<>(effects.size());
        Event.Applied executed = null;
        for (Effect effect : effects) {
            if (effect instanceof Effect.Apply apply && apply.group().equals(GroupId.EPOCHS)) {
                execute(apply, kept);
                executed = new Event.Applied(
                        GroupId.EPOCHS, apply.first() + apply.values().size() - 1, List.of());
            } else if (effect instanceof Effect.Respond respond && asked.containsKey(respond.request())) {
                answer(respond, kept);
            } else if (!isAboutOffice(effect)) {
                kept.add(effect);
            }
        }
        effects.clear();
        effects.addAll(kept);
        return executed;
    }

    private void execute(Effect.Apply apply, List<Effect> effects) {
        long slot = apply.first();
        for (Value value : apply.values()) {
            if (value instanceof Value.Reconfigure change && changes.decide(slot, change)) {
                effects.addAll(epochs.decided(
                        change.next(),
                        quorums.apply(change.next().voters().voters().keySet())));
            }
            slot++;
        }
        changes.forget(slot - 1);
    }

    /** That the change governs is not all the caller waits for: those who left must be needed no more. */
    private void answer(Effect.Respond respond, List<Effect> effects) {
        Long deadline = asked.remove(respond.request());
        if (deadline != null && respond.outcome() instanceof Outcome.Reconfigured done) {
            effects.addAll(epochs.settle(respond.request(), done, deadline));
        } else {
            effects.add(respond);
        }
    }

    /** Who leads this log is nobody's business. */
    private static boolean isAboutOffice(Effect effect) {
        return (effect instanceof Effect.RoleChanged role && role.group().equals(GroupId.EPOCHS))
                || (effect instanceof Effect.LeadershipChanged change
                        && change.group().equals(GroupId.EPOCHS));
    }
}
