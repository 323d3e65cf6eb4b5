// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.CommandId;
import io.paxos.model.FeatureLevel;
import io.paxos.model.LogTime;
import io.paxos.model.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls that want to know for good what became of a command (rule 11). For each a fence is put into the log: where it
 * is executed the command has been applied before, and its result is told, or never will be. Where the log's feature level
 * does not allow fences, they wait until it does, or are refused if a node is known to be too old for them.
 */
final class Resolutions {

    private final MachineConfig config;
    private final Outbox outbox;
    private final Levels levels;
    private final Map<CommandId, List<Pending>> pending = new LinkedHashMap<>();
    private final Map<CommandId, Long> sentAt = new LinkedHashMap<>();
    private final Deque<CommandId> unsent = new ArrayDeque<>();
    private long tickedAt;
    private int waiting;

    private record Pending(RequestId request, long deadline) {}

    Resolutions(MachineConfig config, Outbox outbox, Levels levels) {
        this.levels = levels;
        this.config = config;
        this.outbox = outbox;
    }

    /** Takes a call in, or says why not. */
    Outcome.@Nullable Refused submit(Event.Resolve ask, long deadline) {
        Outcome.Refused tooOld = tooOld();
        if (tooOld != null) {
            return tooOld;
        }
        if (waiting >= config.queueCommands()) {
            return new Outcome.Refused(
                    Outcome.Reason.OVERLOADED,
                    waiting + " commands wait to be settled already, as many as may; try again later");
        }
        waiting++;
        pending.computeIfAbsent(ask.command(), id -> {
                    unsent.add(id);
                    return new ArrayList<>();
                })
                .add(new Pending(ask.request(), deadline));
        return null;
    }

    boolean hasUnsent() {
        return !unsent.isEmpty() && areAllowed();
    }

    /** The next fence to be proposed, or null if none is. */
    @Nullable
    Value next(LogTime time, long now) {
        CommandId id = areAllowed() ? unsent.poll() : null;
        if (id == null) {
            return null;
        }
        sentAt.put(id, now);
        return Value.Command.fence(id, time);
    }

    /** All fences to be proposed, for somebody else to do it. */
    List<Value> take(long now) {
        List<Value> fences = new ArrayList<>();
        for (Value fence = next(LogTime.ZERO, now); fence != null; fence = next(LogTime.ZERO, now)) {
            fences.add(fence);
        }
        return fences;
    }

    /** Where proposals go has changed. */
    void resendAll() {
        unsent.clear();
        unsent.addAll(pending.keySet());
        sentAt.clear();
    }

    /** Answers the calls whose deadline has passed, and sends again what has not been answered for long. */
    void tick(long now) {
        int pace = Math.max(1, config.resendTicks() / 4);
        boolean isDue = now / pace != tickedAt / pace;
        tickedAt = now;
        if (pending.isEmpty() || !isDue) {
            return;
        }
        Outcome.Refused tooOld = tooOld();
        pending.entrySet().removeIf(one -> {
            one.getValue().removeIf(call -> {
                if (tooOld == null && now < call.deadline) {
                    return false;
                }
                answer(call, tooOld == null ? expired(one.getKey()) : tooOld);
                return true;
            });
            return one.getValue().isEmpty();
        });
        sentAt.keySet().retainAll(pending.keySet());
        unsent.retainAll(pending.keySet());
        sentAt.entrySet().removeIf(sent -> {
            boolean again = now - sent.getValue() >= 2L * config.resendTicks();
            if (again) {
                unsent.add(sent.getKey());
            }
            return again;
        });
    }

    private boolean areAllowed() {
        return levels.inForce().compareTo(FeatureLevel.CHANGES_AND_FENCES) >= 0;
    }

    /** Why no fence can be proposed for some time, or null. */
    private Outcome.@Nullable Refused tooOld() {
        String who = areAllowed() ? null : levels.tooOld(FeatureLevel.CHANGES_AND_FENCES);
        return who == null
                ? null
                : new Outcome.Refused(
                        Outcome.Reason.FEATURE_LEVEL,
                        "to settle a command needs " + FeatureLevel.CHANGES_AND_FENCES + ", and " + who
                                + "; upgrade these nodes, then ask again");
    }

    private Outcome expired(CommandId id) {
        return areAllowed()
                ? new Outcome.Unknown(
                        "the deadline passed before it was settled whether " + id + " is applied; ask again", id)
                : new Outcome.Refused(
                        Outcome.Reason.FEATURE_LEVEL,
                        "the deadline passed before the log had risen to " + FeatureLevel.CHANGES_AND_FENCES
                                + ", which is needed to settle a command: " + levels.unheard());
    }

    /** What executing the log came to for a command or its fence. */
    void complete(Completion completion) {
        if (!(completion.value() instanceof Value.Command command) || !pending.containsKey(command.id())) {
            return;
        }
        Outcome outcome =
                switch (completion.status()) {
                    case APPLIED, REPEATED -> new Outcome.Applied(completion.slot(), completion.result());
                    case FENCED -> new Outcome.Fenced();
                    case BELOW_FLOOR, NO_SESSION ->
                        new Outcome.Unknown("what became of " + command.id() + " has been forgotten; it is not applied"
                                + " any more, but may have been");
                };
        pending.getOrDefault(command.id(), List.of()).forEach(call -> answer(call, outcome));
        pending.remove(command.id());
        sentAt.remove(command.id());
        unsent.remove(command.id());
    }

    private void answer(Pending call, Outcome outcome) {
        waiting--;
        outbox.add(new Effect.Respond(call.request, outcome));
    }

    /** Answers every call: this replica will do nothing more. */
    void stop(String reason) {
        pending.forEach((id, calls) -> calls.forEach(call -> answer(call, new Outcome.Unknown(reason, id))));
        pending.clear();
        sentAt.clear();
        unsent.clear();
    }

    int waiting() {
        return waiting;
    }
}
