// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.DecreeMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.single.Proposer;
import io.paxos.single.SingleMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this node does about one undecided decree, for as long as someone here wants it: at most one {@link Attempt} and
 * one {@link Inquiry} at a time, shared by all calls for the name. It ends with the decision, or when nobody waits.
 */
final class Pursuit {

    private final DecreeName name;
    private final Means means;
    private final List<Request> requests = new ArrayList<>();

    /** The learners that called before the inquiry under way began: only they may conclude that nothing was chosen. */
    private final List<Request> answerable = new ArrayList<>();

    private @Nullable Attempt attempt;
    private Agenda.@Nullable Alarm retry;
    private @Nullable Inquiry inquiry;
    private Agenda.@Nullable Alarm askAgain;

    /** A value that someone accepted and nobody finished, which is therefore to be proposed again. */
    private @Nullable Payload unfinished;

    private Ballot highestSeen;
    private boolean doubted;

    /** What this node's own acceptor held when it began to doubt, so that it is finished even if no other holds it. */
    private @Nullable Proposal<Payload> held;

    private boolean seenUnfinished;
    private int failures;
    private int fruitless;

    /**
     * Nothing wanted yet.
     *
     * @param name the decree
     * @param means what it takes to pursue it
     * @param highestSeen the highest ballot this node has met for it
     */
    Pursuit(DecreeName name, Means means, Ballot highestSeen) {
        this.name = name;
        this.means = means;
        this.highestSeen = highestSeen;
    }

    /** A call that is to be answered by this pursuit. */
    void join(Request request) {
        requests.add(request);
        if (attempt != null && attempt.proposed() != null) {
            request.noteProposed(attempt.proposed());
        }
        if (request.kind() == Request.Kind.AWAIT && inquiry == null && askAgain == null && unfinished == null) {
            inquire();
        }
        pursue();
    }

    /**
     * This node's own acceptor has waited long enough for a decision and wants to know.
     *
     * @param accepted what it has accepted, or null if it has only promised
     */
    void doubt(@Nullable Proposal<Payload> accepted) {
        doubted = true;
        held = accepted;
        pursue();
    }

    /** Whether this node's own acceptor is why the decree is pursued. */
    boolean isDoubted() {
        return doubted;
    }

    /** A call that waits no longer. What was to be proposed for it alone and has not been is dropped. */
    void leave(Request request) {
        requests.remove(request);
        answerable.remove(request);
        if (attempt != null && attempt.proposed() == null && !isWanted(attempt.wanted())) {
            endAttempt();
        }
        pursue();
    }

    /** Whether nobody wants anything of this decree any more. */
    boolean isIdle() {
        return requests.isEmpty() && !doubted;
    }

    /** The calls that wait. */
    List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Forgets what was counted so far and begins anew, at a ballot and with questions of their own. */
    void startOver() {
        endAttempt();
        endInquiry();
        pursue();
        if (inquiry == null && unfinished == null && isAsked(Request.Kind.AWAIT)) {
            inquire();
        }
    }

    /** Asks no more. */
    void end() {
        endAttempt();
        endInquiry();
    }

    /** Counts the promise of a member. */
    void onPromise(NodeId from, SingleMessage.Promise promise) {
        Payload proposed = attempt == null ? null : attempt.onPromise(from, promise);
        if (proposed != null) {
            requests.forEach(request -> request.noteProposed(proposed));
        }
    }

    /**
     * Counts the acceptance of a member.
     *
     * @return the chosen value if this completes a quorum, else null
     */
    @Nullable
    Payload onAccepted(NodeId from, SingleMessage.Accepted accepted) {
        return attempt == null ? null : attempt.onAccepted(from, accepted);
    }

    /** Backs off if a member has promised a higher ballot. */
    void onNack(SingleMessage.Nack nack) {
        Attempt refused = attempt;
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

    /**
     * Counts the answer of a member.
     *
     * @return what the inquiry has come to by it
     */
    Finding onAnswer(NodeId from, DecreeMessage.Answer answer) {
        Inquiry asked = inquiry;
        if (asked == null) {
            return Finding.NOTHING_YET;
        }
        asked.onAnswer(from, answer);
        if (asked.chosen() != null) {
            return new Finding(asked.chosen(), List.of());
        }
        if (!asked.isComplete()) {
            return Finding.NOTHING_YET;
        }
        List<Request> undecided = conclude(asked.found());
        pursue();
        return new Finding(null, undecided);
    }

    /** Draws the conclusion from a complete inquiry that shows no decision; returns whom to tell that there is none. */
    private List<Request> conclude(@Nullable Proposal<Payload> reported) {
        List<Request> learners = List.copyOf(answerable);
        Proposal<Payload> found = reported == null ? held : reported;
        endInquiry();
        if (found == null) {
            doubted = false;
            requests.removeAll(learners);
            if (isAsked(Request.Kind.AWAIT)) {
                askAgain = means.afterPatience(fruitless, this::inquireAgain);
                fruitless++;
            }
            return learners;
        }
        highestSeen = Ballot.max(highestSeen, found.ballot());
        if (doubted || seenUnfinished || isAsked(Request.Kind.LEARN)) {
            unfinished = found.value();
        } else {
            // Whoever merely waits leaves a value that was accepted just now to its proposer, once.
            seenUnfinished = true;
            askAgain = means.afterPatience(0, this::inquireAgain);
        }
        return List.of();
    }

    private void pursue() {
        if (attempt == null && wanted() != null) {
            begin(wanted());
        }
        if (inquiry == null && unfinished == null && (doubted || isAsked(Request.Kind.LEARN))) {
            inquire();
        }
    }

    private void begin(@Nullable Payload value) {
        if (value != null) {
            Ballot ballot = means.ballotAbove(highestSeen);
            Proposer proposer = new Proposer(means.quorums(), ballot, value);
            attempt = new Attempt(name, means.questions(), proposer, value);
        }
    }

    private void tryAgain() {
        endAttempt();
        pursue();
    }

    private void endAttempt() {
        if (attempt != null) {
            attempt.withdraw();
            attempt = null;
        }
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    private void inquire() {
        endInquiry();
        for (Request request : requests) {
            if (request.kind() == Request.Kind.LEARN) {
                answerable.add(request);
            }
        }
        inquiry = new Inquiry(name, means.probe(), means.questions());
    }

    private void inquireAgain() {
        askAgain = null;
        if (inquiry == null && unfinished == null && isAsked(Request.Kind.AWAIT)) {
            inquire();
        }
    }

    private void endInquiry() {
        answerable.clear();
        if (inquiry != null) {
            inquiry.withdraw();
            inquiry = null;
        }
        if (askAgain != null) {
            askAgain.cancel();
            askAgain = null;
        }
    }

    /** What to propose if the choice is free: the value of the first call that has one, else what is unfinished. */
    private @Nullable Payload wanted() {
        for (Request request : requests) {
            if (request.value() != null) {
                return request.value();
            }
        }
        return unfinished;
    }

    private boolean isWanted(Payload value) {
        return (unfinished != null && unfinished.equals(value))
                || requests.stream().anyMatch(request -> request.proposes(value));
    }

    private boolean isAsked(Request.Kind kind) {
        return requests.stream().anyMatch(request -> request.kind() == kind);
    }

    /**
     * What an answer has brought to light.
     *
     * @param chosen the chosen value, or null if none is known to be chosen
     * @param undecided the calls that may be told that, when they were made, nothing had been chosen
     */
    record Finding(@Nullable Payload chosen, List<Request> undecided) {
        static final Finding NOTHING_YET = new Finding(null, List.of());
    }
}
