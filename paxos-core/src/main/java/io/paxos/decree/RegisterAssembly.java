// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.EpochMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.RegisterName;
import io.paxos.single.SingleMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This node's part in the registers of a cluster that has formed: it answers Prepare, Accept and Query as an acceptor if
 * it is counted, and routes what the others answer to the {@link Line} it is meant for.
 */
final class RegisterAssembly {

    private final Self self;
    private final DecreeConfig config;
    private Tenure tenure;
    private final Acceptors<RegisterName> acceptors;
    private final Calls calls;
    private final Outbox out;
    private final Means means;
    private final Map<RegisterName, Line> lines = new HashMap<>();
    private boolean observes;

    /**
     * Nothing under way.
     *
     * @param tenure in which epochs this node votes and proposes
     */
    RegisterAssembly(
            Self self,
            DecreeConfig config,
            Tenure tenure,
            Acceptors<RegisterName> acceptors,
            Calls calls,
            Outbox out,
            Means means) {
        this.self = self;
        this.config = config;
        this.tenure = tenure;
        this.acceptors = acceptors;
        this.calls = calls;
        this.out = out;
        this.means = means;
    }

    /**
     * Votes in another epoch from now on, or in none; where others are asked from now on, all that is under way begins anew
     * among them, at ballots of its own (rule 16).
     */
    void turnTo(Tenure next) {
        boolean areOthers = !next.proposesIn(tenure.electorate().epoch());
        tenure = observes ? next.withoutVote() : next;
        if (areOthers) {
            means.questions().turnTo(tenure.electorate());
            List.copyOf(lines.values()).forEach(Line::startOver);
        }
    }

    /** Votes no more, and counts no vote that it gave itself before. */
    void observe() {
        observes = true;
        tenure = tenure.withoutVote();
        List.copyOf(lines.values()).forEach(Line::startOver);
    }

    private boolean counts(Endpoint voter) {
        return tenure.electorate().counts(voter) && (!observes || !voter.equals(self.endpoint()));
    }

    /** How many registers someone here waits for. */
    int open() {
        return lines.size();
    }

    /** Whether no more calls may wait for this register. */
    boolean isFull(RegisterName name) {
        Line line = lines.get(name);
        return line != null && line.isFull();
    }

    /** A call waits for its turn. */
    void join(Operation operation) {
        Line line = lines.computeIfAbsent(
                operation.name(),
                n -> new Line(n, self, means, config.maxValueBytes(), calls, out, acceptors.promised(n)));
        line.join(operation);
    }

    /** The deadline of a call has passed, and it has been answered. */
    void leave(Operation operation) {
        Line line = lines.get(operation.name());
        if (line != null) {
            line.leave(operation);
            endIfIdle(operation.name(), line);
        }
    }

    /** The host has computed a change. */
    void computed(RequestId request, RegisterName name, RegisterChange.@Nullable Assign next) {
        Line line = lines.get(name);
        if (line != null) {
            line.computed(request, next);
            endIfIdle(name, line);
        }
    }

    private void endIfIdle(RegisterName name, Line line) {
        if (line.isIdle()) {
            lines.remove(name);
        }
    }

    /**
     * Takes in a message.
     *
     * @param epoch in which epoch it was said
     * @throws IllegalStateException if two values turn out to be proposed at one ballot
     */
    void receive(Endpoint from, long epoch, RegisterMessage message) {
        if (message instanceof RegisterMessage.Step step) {
            onStep(from, epoch, step.name(), step.body());
        } else if (message instanceof RegisterMessage.Query query) {
            if (mayAnswer(from, epoch)) {
                RegisterMessage answer =
                        new RegisterMessage.Answer(query.name(), query.probe(), acceptors.accepted(query.name()));
                out.sendAfter(List.of(), from, EpochMessage.in(epoch, answer));
            }
        } else if (message instanceof RegisterMessage.Answer answer) {
            Line line = lines.get(answer.name());
            if (line != null && tenure.proposesIn(epoch) && counts(from)) {
                line.onAnswer(from.node(), answer);
                endIfIdle(answer.name(), line);
            }
        }
    }

    /** Whether the acceptor is to answer; whoever speaks in an epoch that is over is told. */
    private boolean mayAnswer(Endpoint from, long epoch) {
        if (tenure.isOver(epoch)) {
            out.sendAfter(List.of(), from, new EpochMessage.At(tenure.mark()));
        }
        return tenure.votesIn(epoch);
    }

    private void onStep(Endpoint from, long epoch, RegisterName name, SingleMessage body) {
        if (body instanceof SingleMessage.Prepare prepare) {
            if (mayAnswer(from, epoch) && isReasonable(name, prepare.ballot())) {
                vote(from, epoch, name, acceptors.onPrepare(name, prepare));
            }
        } else if (body instanceof SingleMessage.Accept accept) {
            if (mayAnswer(from, epoch) && isReasonable(name, accept.ballot())) {
                vote(from, epoch, name, acceptors.onAccept(name, accept));
            }
        } else {
            Line line = lines.get(name);
            if (line != null && tenure.proposesIn(epoch) && counts(from)) {
                onVote(from, line, body);
                endIfIdle(name, line);
            }
        }
    }

    private static void onVote(Endpoint from, Line line, SingleMessage body) {
        if (body instanceof SingleMessage.Promise promise) {
            line.onPromise(from.node(), promise);
        } else if (body instanceof SingleMessage.Nack nack && !nack.promised().isBeyondReasonAfter(nack.ballot())) {
            line.onNack(nack);
        } else if (body instanceof SingleMessage.Accepted accepted) {
            line.onAccepted(from.node(), accepted);
        }
    }

    /** The rounds of this node's ballots rise over all names, so one name must not use them up. */
    private boolean isReasonable(RegisterName name, Ballot ballot) {
        return !ballot.isBeyondReasonAfter(acceptors.promised(name));
    }

    /** Anyone is answered; who counts the votes also judges whose they are (rule 2). */
    private void vote(Endpoint from, long epoch, RegisterName name, Acceptors.Reply reply) {
        Message answer = EpochMessage.in(epoch, new RegisterMessage.Step(name, reply.message()));
        if (reply.isVote()) {
            out.sendAfter(reply.writes(), from, answer);
        } else {
            out.send(from, answer);
        }
    }
}
