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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this node's own callers on one log, from submission to answer. It opens the session, numbers the
 * commands, and hands out what is to be proposed, again and again until it is applied or the caller's deadline passes
 * (rule 11). A command that never left is refused; one that did is applied or unknown.
 */
final class Submissions {

    private static final long NOT_YET = -1;

    private final Self self;
    private final MachineConfig config;
    /** Commands and barriers that wait for an answer, by their number; numbers grow, so the first is the lowest. */
    private final Map<Long, Pending> pending = new LinkedHashMap<>();

    private final Deque<Pending> unsent = new ArrayDeque<>();
    private long nextSequence = 1;
    private long session;
    private boolean openSent;
    private long openSentAt;
    private long openKnownAtTimeout = NOT_YET;
    private long known;
    private long applied;
    private long heardAt;
    private boolean awaiting;
    private long bytes;

    Submissions(Self self, MachineConfig config) {
        this.self = self;
        this.config = config;
    }

    /** Takes a command in, or says why not. */
    Outcome.@Nullable Refused submit(RequestId request, @Nullable Payload command, long deadline) {
        int size = command == null ? 0 : command.size();
        if (size > config.maxValueBytes()) {
            return new Outcome.Refused(
                    Outcome.Reason.TOO_LARGE,
                    "the command takes " + size + " bytes, more than the " + config.maxValueBytes()
                            + " configured as maxValueBytes");
        }
        // The numbers span what every replica must remember of this session, so the span is bounded too.
        boolean spanFull = nextSequence - floor() >= 2L * config.queueCommands();
        if (pending.size() >= config.queueCommands() || bytes + size > config.queueBytes() || spanFull) {
            return new Outcome.Refused(
                    Outcome.Reason.OVERLOADED,
                    pending.size() + " commands of " + bytes + " bytes wait for an answer already; at most "
                            + config.queueCommands() + " commands of " + config.queueBytes()
                            + " bytes may; try again when some are answered");
        }
        Pending call = new Pending(nextSequence++, request, command, deadline);
        pending.put(call.sequence, call);
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
            Pending call = unsent.peek();
            if (call == null) {
                break;
            }
            if (call.command != null && session == 0 && pending.containsKey(call.sequence)) {
                if (mayOpen(now)) {
                    values.add(new Value.OpenSession(self.node(), self.start(), LogTime.ZERO));
                }
                break;
            }
            unsent.remove();
            call.queued = false;
            if (pending.containsKey(call.sequence)) {
                Value value = value(call);
                values.add(value);
                weight += value.weight();
                call.sentAt = now;
                call.left = true;
                awaitAnswer(now);
            }
        }
        return values;
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

    private Value value(Pending call) {
        if (call.command == null) {
            return new Value.Barrier(self.node(), self.start(), call.sequence);
        }
        return new Value.Command(new CommandId(session, call.sequence), floor(), LogTime.ZERO, call.command);
    }

    private long floor() {
        Iterator<Long> sequences = pending.keySet().iterator();
        return sequences.hasNext() ? sequences.next() : nextSequence;
    }

    /** Where proposals go has changed: whatever went the old way may have been lost with it. */
    void resendAll() {
        unsent.clear();
        pending.values().forEach(this::enqueue);
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
        if (now % Math.max(1, config.resendTicks() / 4) != 0) {
            return effects;
        }
        boolean dropUnsent = false;
        for (Iterator<Pending> calls = pending.values().iterator(); calls.hasNext(); ) {
            Pending call = calls.next();
            if (now >= call.deadline) {
                calls.remove();
                dropUnsent |= call.queued;
                bytes -= call.size();
                effects.add(new Effect.Respond(call.request, expired(call)));
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
            unsent.removeIf(call -> !pending.containsKey(call.sequence));
        }
        return effects;
    }

    private static Outcome expired(Pending call) {
        if (call.left && call.command != null) {
            return new Outcome.Unknown(
                    "the deadline passed after the command had left this node; it may have been applied, or may yet be");
        }
        return new Outcome.Refused(
                Outcome.Reason.TIMEOUT,
                "the deadline passed before "
                        + (call.command == null ? "the read was served" : "the command left this node")
                        + "; is a quorum reachable?");
    }

    /** What executing the log came to for one of this node's values. */
    List<Effect> complete(Completion completion) {
        awaiting = false;
        if (completion.value() instanceof Value.OpenSession) {
            session = session == 0 ? completion.slot() : session;
            return List.of();
        }
        if (completion.value() instanceof Value.Barrier barrier) {
            return answer(barrier.sequence(), new Outcome.Applied(completion.slot(), Payload.EMPTY));
        }
        if (!(completion.value() instanceof Value.Command command)
                || command.id().session() != session) {
            return List.of();
        }
        return switch (completion.status()) {
            case APPLIED, REPEATED ->
                answer(command.id().sequence(), new Outcome.Applied(completion.slot(), completion.result()));
            case NO_SESSION -> sessionExpired();
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
        List<Effect> effects = new ArrayList<>();
        List<Pending> left = pending.values().stream()
                .filter(call -> call.left && call.command != null)
                .toList();
        for (Pending call : left) {
            effects.addAll(answer(
                    call.sequence,
                    new Outcome.Unknown("this node's session expired, since too many younger ones were opened; the"
                            + " command may have been applied before that")));
        }
        return effects;
    }

    private List<Effect> answer(long sequence, Outcome outcome) {
        Pending call = pending.remove(sequence);
        if (call == null) {
            return List.of();
        }
        bytes -= call.size();
        return List.of(new Effect.Respond(call.request, outcome));
    }

    /** Answers every call: this replica will not. */
    List<Effect> stop(String reason) {
        List<Effect> effects = new ArrayList<>();
        for (Pending call : pending.values()) {
            Outcome outcome = call.left && call.command != null
                    ? new Outcome.Unknown("the command had left this node when it stopped: " + reason)
                    : new Outcome.Refused(Outcome.Reason.STOPPED, reason);
            effects.add(new Effect.Respond(call.request, outcome));
        }
        pending.clear();
        unsent.clear();
        bytes = 0;
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
        final @Nullable Payload command;
        final long deadline;
        long sentAt;
        long knownAtTimeout = NOT_YET;
        boolean left;
        boolean queued;

        Pending(long sequence, RequestId request, @Nullable Payload command, long deadline) {
            this.sequence = sequence;
            this.request = request;
            this.command = command;
            this.deadline = deadline;
        }

        int size() {
            return command == null ? 0 : command.size();
        }
    }
}
