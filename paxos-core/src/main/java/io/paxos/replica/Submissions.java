// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this node's own callers on one log, from submission to answer. It opens the session, numbers the
 * commands, and hands out what is to be proposed, again and again until it is applied or the caller's deadline passes
 * (rule 11). A command that never left is refused; one that did is applied or unknown.
 */
final class Submissions {

    /** Every replica keeps the results of all later commands too as long as one is remembered, so not many. */
    private static final int KEPT_WHEN_LATE = 1_024;

    private static final long NOT_YET = -1;

    private final Self self;
    private final MachineConfig config;
    /** Commands that wait for an answer, by their number; numbers grow, so the first is the lowest. */
    private final SequenceRing<Pending> pending = new SequenceRing<>(1);

    private final Deque<Pending> unsent = new ArrayDeque<>();
    /** Commands whose callers were told that nobody knows, while nobody does. */
    private final NavigableSet<Long> doubtful = new TreeSet<>();

    /** Those of them that were executed after all: what came of them is remembered a little longer, for whoever asks. */
    private final NavigableSet<Long> late = new TreeSet<>();

    private long session;
    private boolean openSent;
    private long openSentAt;
    private long openKnownAtTimeout = NOT_YET;
    private long known;
    private long tickedAt;
    private long applied;
    private long heardAt;
    private boolean awaiting;
    private long bytes;

    Submissions(Self self, MachineConfig config) {
        this.self = self;
        this.config = config;
    }

    /** Takes a command in, or says why not. */
    Outcome.@Nullable Refused submit(RequestId request, Payload command, long deadline) {
        int size = command.size();
        if (size > config.maxValueBytes()) {
            return new Outcome.Refused(
                    Outcome.Reason.TOO_LARGE,
                    "the command takes " + size + " bytes, more than the " + config.maxValueBytes()
                            + " configured as maxValueBytes");
        }
        // The numbers span what every replica must remember of this session, so the span is bounded too.
        boolean spanFull = pending.next() - pending.first() >= 2L * config.queueCommands();
        if (pending.size() >= config.queueCommands() || bytes + size > config.queueBytes() || spanFull) {
            return new Outcome.Refused(
                    Outcome.Reason.OVERLOADED,
                    pending.size() + " commands of " + bytes + " bytes wait for an answer already; at most "
                            + config.queueCommands() + " commands of " + config.queueBytes()
                            + " bytes may; try again when some are answered");
        }
        Pending call = new Pending(pending.next(), request, command, deadline);
        pending.add(call);
        enqueue(call);
        bytes += size;
        return null;
    }

    /**
     * What is to be proposed now, first submitted first.
     *
     * @param maxCount how many values at most
     * @param maxBytes about how much they may weigh
     */
    List<Value> take(int maxCount, long maxBytes, long now) {
        List<Value> values = new ArrayList<>();
        long weight = 0;
        while (values.size() < maxCount && weight < maxBytes) {
            Value value = next(LogTime.ZERO, now);
            if (value == null) {
                break;
            }
            values.add(value);
            weight += value.weight();
        }
        return values;
    }

    /**
     * What is to be proposed next, or null if that is nothing now.
     *
     * @param time what a leader writes beside it; a command that is sent to another gets its time there
     */
    @Nullable
    Value next(LogTime time, long now) {
        for (Pending call = unsent.peek(); call != null; call = unsent.peek()) {
            boolean waits = pending.contains(call.sequence);
            if (session == 0 && waits) {
                return mayOpen(now) ? new Value.OpenSession(self.node(), self.start(), LogTime.ZERO) : null;
            }
            unsent.remove();
            call.queued = false;
            if (waits) {
                call.sentAt = now;
                call.left = true;
                awaitAnswer(now);
                return value(call, time);
            }
        }
        return null;
    }

    private void awaitAnswer(long now) {
        if (!awaiting) {
            awaiting = true;
            heardAt = now;
        }
    }

    /** Whether what was sent has met with no answer at all for so long that another way should be tried. */
    boolean isUnheard(long now) {
        return awaiting && now - heardAt >= 4L * config.resendTicks() && applied >= known;
    }

    private void enqueue(Pending call) {
        call.queued = true;
        unsent.add(call);
    }

    private boolean mayOpen(long now) {
        if (openSent) {
            if (now - openSentAt < config.resendTicks()) {
                return false;
            }
            openKnownAtTimeout = openKnownAtTimeout == NOT_YET ? known : openKnownAtTimeout;
            if (applied < openKnownAtTimeout) {
                return false;
            }
        }
        openSent = true;
        openSentAt = now;
        openKnownAtTimeout = NOT_YET;
        awaitAnswer(now);
        return true;
    }

    private Value value(Pending call, LogTime time) {
        return new Value.Command(new CommandId(session, call.sequence), floor(), time, call.command);
    }

    /** Below it nobody asks any more. Doubts that are too old, or too many, hold it up no longer. */
    private long floor() {
        dropOlder(doubtful, config.queueCommands());
        dropOlder(late, Math.min(KEPT_WHEN_LATE, config.queueCommands()));
        long floor = pending.first();
        if (!doubtful.isEmpty()) {
            floor = Math.min(floor, doubtful.first());
        }
        return late.isEmpty() ? floor : Math.min(floor, late.first());
    }

    private void dropOlder(NavigableSet<Long> commands, long most) {
        while (!commands.isEmpty() && pending.next() - commands.first() > most) {
            commands.pollFirst();
        }
    }

    /** Where proposals go has changed: whatever went the old way may have been lost with it. */
    void resendAll() {
        unsent.clear();
        pending.all().forEach(this::enqueue);
        openSent = false;
    }

    /**
     * Answers the calls whose deadline has passed, and sends again what has not been answered for long. What was known
     * to be decided when the answer was due is executed first: the call may be in it, and where execution is what takes
     * long, sending again would only make more to execute.
     *
     * @param knownDecided every slot up to here is known to be decided, here or elsewhere
     * @param appliedHere every slot up to here has been executed here
     */
    List<Effect> tick(long now, long knownDecided, long appliedHere) {
        known = knownDecided;
        applied = appliedHere;
        List<Effect> effects = new ArrayList<>();
        int pace = Math.max(1, config.resendTicks() / 4);
        boolean isDue = now / pace != tickedAt / pace;
        tickedAt = now;
        if (!isDue) {
            return effects;
        }
        boolean dropUnsent = false;
        for (Pending call : pending.all()) {
            if (now >= call.deadline) {
                remove(call.sequence);
                dropUnsent |= call.queued;
                effects.add(new Effect.Respond(call.request, expired(call)));
                if (call.left) {
                    doubtful.add(call.sequence);
                }
            } else if (call.left && now - call.sentAt >= 2L * config.resendTicks()) {
                call.knownAtTimeout = call.knownAtTimeout == NOT_YET ? known : call.knownAtTimeout;
                if (applied >= call.knownAtTimeout) {
                    call.knownAtTimeout = NOT_YET;
                    call.sentAt = now;
                    if (!call.queued) {
                        enqueue(call);
                    }
                }
            }
        }
        if (dropUnsent) {
            // Where no leader takes them for long, they would pile up, counted by no limit.
            unsent.removeIf(call -> !pending.contains(call.sequence));
        }
        return effects;
    }

    private Outcome expired(Pending call) {
        if (call.left) {
            return new Outcome.Unknown(
                    "the deadline passed after the command had left this node; it may have been applied, or may yet be",
                    new CommandId(session, call.sequence));
        }
        return new Outcome.Refused(
                Outcome.Reason.TIMEOUT,
                "the deadline passed before the command left this node; is a quorum reachable?");
    }

    /**
     * The call that waits for a value, if one does. Whoever executes the value answers it then, unless it says that it
     * does not.
     */
    @Nullable
    RequestId callerOf(Value value) {
        Pending call = null;
        if (value instanceof Value.Command command && command.id().session() == session) {
            call = pending.get(command.id().sequence());
        }
        if (call == null) {
            return null;
        }
        call.handedOn = true;
        return call.request;
    }

    /**
     * What executing the log came to for one of this node's values.
     *
     * @param answered whether the callers that were named when it was handed on have been answered
     */
    List<Effect> complete(Completion completion, boolean answered) {
        awaiting = false;
        if (completion.value() instanceof Value.OpenSession) {
            session = session == 0 ? completion.slot() : session;
            return List.of();
        }
        if (!(completion.value() instanceof Value.Command command)
                || command.id().session() != session) {
            return List.of();
        }
        return switch (completion.status()) {
            case APPLIED, REPEATED -> executed(command.id().sequence(), completion, answered);
            case NO_SESSION -> sessionExpired();
            case FENCED -> fenced(command.id().sequence());
            case BELOW_FLOOR -> List.of();
        };
    }

    /**
     * In another session a command has another identity and might be applied a second time, so what has left under the
     * old one cannot be tried again.
     */
    private List<Effect> sessionExpired() {
        session = 0;
        openSent = false;
        doubtful.clear();
        late.clear();
        List<Effect> effects = new ArrayList<>();
        List<Pending> left = pending.all().stream().filter(call -> call.left).toList();
        for (Pending call : left) {
            effects.addAll(answer(
                    call.sequence,
                    new Outcome.Unknown("this node's session expired, since too many younger ones were opened; the"
                            + " command may have been applied before that")));
        }
        return effects;
    }

    private List<Effect> fenced(long sequence) {
        doubtful.remove(sequence);
        late.remove(sequence);
        return answer(
                sequence,
                new Outcome.Refused(
                        Outcome.Reason.FENCED,
                        "somebody has asked to have this command settled before it was applied, so it never will be"));
    }

    private List<Effect> executed(long sequence, Completion completion, boolean answered) {
        if (doubtful.remove(sequence)) {
            late.add(sequence);
        }
        Pending call = remove(sequence);
        return call == null || (answered && call.handedOn)
                ? List.of()
                : List.of(
                        new Effect.Respond(call.request, new Outcome.Applied(completion.slot(), completion.result())));
    }

    private List<Effect> answer(long sequence, Outcome outcome) {
        Pending call = remove(sequence);
        return call == null ? List.of() : List.of(new Effect.Respond(call.request, outcome));
    }

    private @Nullable Pending remove(long sequence) {
        Pending call = pending.remove(sequence);
        if (call != null) {
            bytes -= call.size();
        }
        return call;
    }

    /**
     * Answers every call: this replica will not. What had left can be settled, here if the node goes on and the log is opened
     * again, else at any other node.
     */
    List<Effect> stop(String reason) {
        List<Effect> effects = new ArrayList<>();
        for (Pending call : pending.all()) {
            Outcome outcome = call.left
                    ? new Outcome.Unknown(
                            "the command had left this node when it stopped: " + reason,
                            new CommandId(session, call.sequence))
                    : new Outcome.Refused(Outcome.Reason.STOPPED, reason);
            effects.add(new Effect.Respond(call.request, outcome));
            if (call.left) {
                doubtful.add(call.sequence);
            }
        }
        pending.clear();
        unsent.clear();
        bytes = 0;
        awaiting = false;
        return effects;
    }

    boolean hasUnsent() {
        return !unsent.isEmpty();
    }

    int waiting() {
        return pending.size();
    }

    private static final class Pending {
        final long sequence;
        final RequestId request;
        final Payload command;
        final long deadline;
        long sentAt;
        long knownAtTimeout = NOT_YET;
        boolean left;
        boolean queued;
        boolean handedOn;

        Pending(long sequence, RequestId request, Payload command, long deadline) {
            this.sequence = sequence;
            this.request = request;
            this.command = command;
            this.deadline = deadline;
        }

        int size() {
            return command.size();
        }
    }
}
