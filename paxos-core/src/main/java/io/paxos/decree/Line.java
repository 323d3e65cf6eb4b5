// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.RegisterState;
import io.paxos.single.RegisterProposer;
import io.paxos.single.SingleMessage;
import io.paxos.single.Survey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The calls of this node about one register, one after the other in their order: one change at a time, or the reads that
 * stand together at the head. That a node has one change of a register under way at a time is what lets a state remember
 * only the last one of each ({@link RegisterState}).
 *
 * <p>A change is proposed anew, at a ballot of its own, until one of its proposals is known to be chosen. Before each it
 * looks whether what phase 1 found is made out of one of them: then that is finished and nothing is proposed again.
 */
final class Line {

    /** So many calls may wait for one register. */
    static final int MOST_WAITING = 1_000;

    private final RegisterName name;
    private final Self self;
    private final Means means;
    private final int maxValueBytes;
    private final Calls calls;
    private final Outbox out;
    private final Deque<Operation> waiting = new ArrayDeque<>();

    /** The change, or the reads, that are seen to now. */
    private final List<Operation> current = new ArrayList<>();

    private @Nullable RegisterInquiry inquiry;
    private @Nullable RegisterAttempt attempt;
    private Agenda.@Nullable Alarm retry;
    private Ballot highestSeen;
    private int failures;

    /** Whether the host has been asked to compute the current change and has not answered: it is not asked twice at once. */
    private boolean computing;

    /** What those who are seen to now are told as soon as what has been proposed is chosen. */
    private @Nullable Outcome conclusion;

    /**
     * Nobody waits yet.
     *
     * @param highestSeen the highest ballot this node has met for the register
     */
    Line(RegisterName name, Self self, Means means, int maxValueBytes, Calls calls, Outbox out, Ballot highestSeen) {
        this.name = name;
        this.self = self;
        this.means = means;
        this.maxValueBytes = maxValueBytes;
        this.calls = calls;
        this.out = out;
        this.highestSeen = highestSeen;
    }

    boolean isFull() {
        return waiting.size() >= MOST_WAITING;
    }

    boolean isIdle() {
        return current.isEmpty() && waiting.isEmpty();
    }

    /** A call takes its place at the end. */
    void join(Operation operation) {
        waiting.add(operation);
        if (current.isEmpty()) {
            next();
        }
    }

    /** The deadline of a call has passed, and it has been answered. */
    void leave(Operation operation) {
        waiting.remove(operation);
        if (current.remove(operation) && current.isEmpty()) {
            next();
        }
    }

    /** Forgets what was counted so far and begins anew, at a ballot and with questions of their own. */
    void startOver() {
        if (!current.isEmpty()) {
            begin();
        }
    }

    private void next() {
        end();
        current.clear();
        computing = false;
        failures = 0;
        Operation first = waiting.poll();
        if (first == null) {
            return;
        }
        current.add(first);
        while (first.isRead() && !waiting.isEmpty() && waiting.element().isRead()) {
            current.add(waiting.remove());
        }
        begin();
    }

    /** Reads ask first, since mostly nothing is under way and the answers agree. */
    private void begin() {
        end();
        if (computing) {
            return;
        }
        if (current.get(0).isRead()) {
            inquiry = new RegisterInquiry(name, means.probe(), means.questions());
        } else {
            prepare();
        }
    }

    private void prepare() {
        Ballot ballot = means.ballotAbove(highestSeen);
        Electorate asked = means.electorate();
        RegisterProposer proposer = new RegisterProposer(asked.quorums(), ballot, asked.holdsOnlyVotes());
        attempt = new RegisterAttempt(name, means.questions(), proposer);
    }

    private void end() {
        conclusion = null;
        if (inquiry != null) {
            inquiry.withdraw();
            inquiry = null;
        }
        if (attempt != null) {
            attempt.withdraw();
            attempt = null;
        }
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    /** Counts the answer of a member to a read. */
    void onAnswer(NodeId from, RegisterMessage.Answer answer) {
        RegisterInquiry asked = inquiry;
        if (asked == null || !asked.onAnswer(from, answer)) {
            return;
        }
        Survey survey = asked.survey();
        Proposal<Payload> found = survey.found();
        if (survey.isSettled()) {
            RegisterState state = read(found);
            if (state != null) {
                answer(new Outcome.Held(state.value()));
            }
            return;
        }
        // Someone's change is half made, or not yet known to be made: it has to be before it may be told.
        end();
        highestSeen = found == null ? highestSeen : Ballot.max(highestSeen, found.ballot());
        prepare();
    }

    /** Counts the promise of a member. */
    void onPromise(NodeId from, SingleMessage.Promise promise) {
        RegisterAttempt prepared = attempt;
        if (prepared == null || !prepared.onPromise(from, promise)) {
            return;
        }
        RegisterState state = read(prepared.found());
        if (state == null) {
            return;
        }
        Operation first = current.get(0);
        if (first.isRead()) {
            finish(prepared, state, new Outcome.Held(state.value()));
        } else {
            change(prepared, state, first);
        }
    }

    /** What was found, or null if it cannot be understood; then those who are seen to now have been answered. */
    private @Nullable RegisterState read(@Nullable Proposal<Payload> found) {
        if (found == null) {
            return RegisterState.EMPTY;
        }
        try {
            RegisterState state = RegisterState.decode(found.value());
            state.requireProposableAt(found.ballot());
            return state;
        } catch (IllegalArgumentException e) {
            giveUp("register " + name + " cannot be read by this node: " + e.getMessage());
            return null;
        }
    }

    private void change(RegisterAttempt prepared, RegisterState state, Operation operation) {
        Ballot mine = state.lastBy(self.node(), self.start());
        if (mine != null && operation.proposedAt(mine)) {
            finish(prepared, state, operation.changedAt(mine));
            return;
        }
        Ballot first = operation.firstProposal();
        if (first != null && (!state.wouldTell(first) || operation.isWornOut())) {
            giveUp(
                    operation.isWornOut()
                            ? "others were faster " + Operation.MOST_PROPOSALS + " times"
                            : "more than " + RegisterState.MOST_CHANGES
                                    + " others have changed the register since, so nobody remembers this change");
            return;
        }
        RegisterChange change = operation.change();
        if (change instanceof RegisterChange.Assign assign) {
            propose(prepared, state, operation, assign.next());
        } else if (change instanceof RegisterChange.CompareAndSet swap) {
            if (Objects.equals(swap.expected(), state.value())) {
                propose(prepared, state, operation, swap.next());
            } else {
                finish(prepared, state, new Outcome.Held(state.value()));
            }
        } else {
            computing = true;
            out.add(new Effect.Compute(operation.id(), name, state.value()));
        }
    }

    /** The host has computed the change that is under way. */
    void computed(RequestId request, RegisterChange.@Nullable Assign next) {
        if (!computing || !current.get(0).id().equals(request)) {
            return;
        }
        computing = false;
        RegisterAttempt prepared = attempt;
        if (prepared == null) {
            begin();
            return;
        }
        if (prepared.isSuperseded()) {
            if (retry == null) {
                begin();
            }
            return;
        }
        RegisterState state = read(prepared.found());
        if (state == null) {
            return;
        }
        if (next == null) {
            finish(prepared, state, new Outcome.Held(state.value()));
        } else if (next.next() != null && next.next().size() > maxValueBytes) {
            String detail = "the new value for " + name + " takes "
                    + next.next().size() + " bytes; a value may take at most " + maxValueBytes;
            finish(prepared, state, new Outcome.Refused(Outcome.Reason.TOO_LARGE, detail));
        } else {
            propose(prepared, state, current.get(0), next.next());
        }
    }

    private void propose(RegisterAttempt prepared, RegisterState state, Operation operation, @Nullable Payload next) {
        Ballot ballot = prepared.ballot();
        operation.proposing(ballot, next);
        conclusion = new Outcome.Changed(next);
        prepared.propose(state.changed(ballot, next).encode());
    }

    /**
     * Answers as soon as what was found is chosen: at once if it is known to be and no proposal of this change lies above
     * it, which somebody might find instead; else it is proposed again as it is.
     */
    private void finish(RegisterAttempt prepared, RegisterState state, Outcome outcome) {
        Proposal<Payload> found = prepared.found();
        Ballot at = found == null ? Ballot.ZERO : found.ballot();
        if (prepared.isSettled() && at.compareTo(current.get(0).lastProposal()) >= 0) {
            answer(outcome);
            return;
        }
        conclusion = outcome;
        prepared.propose(found == null ? state.encode() : found.value());
    }

    /** Counts the acceptance of a member. */
    void onAccepted(NodeId from, SingleMessage.Accepted accepted) {
        if (attempt != null && attempt.onAccepted(from, accepted) && conclusion != null) {
            answer(conclusion);
        }
    }

    /** Backs off if a member has promised a higher ballot. */
    void onNack(SingleMessage.Nack nack) {
        RegisterAttempt refused = attempt;
        if (refused == null) {
            return;
        }
        boolean superseded = refused.onNack(nack);
        highestSeen = Ballot.max(highestSeen, refused.highestSeen());
        if (superseded) {
            retry = means.afterBackoff(failures, this::tryAgain);
            failures++;
        }
    }

    private void tryAgain() {
        retry = null;
        if (!computing) {
            begin();
        }
    }

    private void giveUp(String detail) {
        for (Operation operation : current) {
            calls.answer(operation, operation.givenUp(Outcome.Reason.STOPPED, detail));
        }
        next();
    }

    private void answer(Outcome outcome) {
        for (Operation operation : current) {
            calls.answer(operation, outcome);
        }
        next();
    }
}
