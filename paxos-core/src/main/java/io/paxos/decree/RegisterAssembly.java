// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
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
    private final Electorate electorate;
    private final Acceptors<RegisterName> acceptors;
    private final Calls calls;
    private final Outbox out;
    private final Means means;
    private final Map<RegisterName, Line> lines = new HashMap<>();
    private boolean votes;

    /**
     * Nothing under way.
     *
     * @param votes whether this node is one of those who are counted
     */
    RegisterAssembly(
            Self self,
            DecreeConfig config,
            Electorate electorate,
            boolean votes,
            Acceptors<RegisterName> acceptors,
            Calls calls,
            Outbox out,
            Means means) {
        this.self = self;
        this.config = config;
        this.electorate = electorate;
        this.votes = votes;
        this.acceptors = acceptors;
        this.calls = calls;
        this.out = out;
        this.means = means;
    }

    /** Votes no more, and counts no vote that it gave itself before. */
    void observe() {
        votes = false;
        List.copyOf(lines.values()).forEach(Line::startOver);
    }

    private boolean counts(Endpoint voter) {
        return electorate.counts(voter) && (votes || !voter.equals(self.endpoint()));
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
     * @throws IllegalStateException if two values turn out to be proposed at one ballot
     */
    void receive(Endpoint from, RegisterMessage message) {
        if (message instanceof RegisterMessage.Step step) {
            onStep(from, step.name(), step.body());
        } else if (message instanceof RegisterMessage.Query query) {
            if (votes) {
                out.sendAfter(
                        List.of(),
                        from,
                        new RegisterMessage.Answer(query.name(), query.probe(), acceptors.accepted(query.name())));
            }
        } else if (message instanceof RegisterMessage.Answer answer) {
            Line line = lines.get(answer.name());
            if (line != null && counts(from)) {
                line.onAnswer(from.node(), answer);
                endIfIdle(answer.name(), line);
            }
        }
    }

    private void onStep(Endpoint from, RegisterName name, SingleMessage body) {
        if (body instanceof SingleMessage.Prepare prepare) {
            if (votes && isReasonable(name, prepare.ballot())) {
                vote(from, name, acceptors.onPrepare(name, prepare));
            }
        } else if (body instanceof SingleMessage.Accept accept) {
            if (votes && isReasonable(name, accept.ballot())) {
                vote(from, name, acceptors.onAccept(name, accept));
            }
        } else {
            Line line = lines.get(name);
            if (line != null && counts(from)) {
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
    private void vote(Endpoint from, RegisterName name, Acceptors.Reply reply) {
        RegisterMessage answer = new RegisterMessage.Step(name, reply.message());
        if (reply.isVote()) {
            out.sendAfter(reply.writes(), from, answer);
        } else {
            out.send(from, answer);
        }
    }
}
