// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.EpochMessage;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Payload;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * This node's part in a cluster that has formed: it answers Prepare, Accept and Query as an acceptor if it is counted,
 * routes what the others answer to the {@link Pursuit} it is meant for, and learns.
 */
final class Assembly {

    private final Self self;
    private Tenure tenure;
    private final DecidedDecrees decided;
    private final Acceptors<DecreeName> acceptors;
    private final Calls calls;
    private final Outbox out;
    private final Means means;
    private final Doubts doubts;
    private final Announcements announcements;
    private final Map<DecreeName, Pursuit> pursuits = new HashMap<>();
    private List<Endpoint> observers = List.of();
    private boolean observes;

    /**
     * Begins to watch what the acceptors of an earlier start left undecided.
     *
     * @param tenure in which epochs this node votes and proposes
     */
    Assembly(
            Self self,
            DecreeConfig config,
            RandomGenerator random,
            Tenure tenure,
            DecidedDecrees decided,
            Acceptors<DecreeName> acceptors,
            Calls calls,
            Agenda agenda,
            Outbox out) {
        this.self = self;
        this.tenure = tenure;
        this.decided = decided;
        this.acceptors = acceptors;
        this.calls = calls;
        this.out = out;
        Questions questions = new Questions(tenure.electorate(), agenda, out, config);
        this.means = new Means(questions, new Ballots(self), agenda, config, random, self.start());
        this.announcements = new Announcements(agenda, out, config, decided::get);
        this.doubts = new Doubts(means, acceptors, this::doubt);
        if (tenure.votes()) {
            acceptors.names().forEach(doubts::watch);
        }
    }

    /**
     * Votes in another epoch from now on, or in none; where others are asked from now on, all that is under way begins anew
     * among them, at ballots of its own (rule 16).
     */
    void turnTo(Tenure next) {
        boolean hasVoted = tenure.votes();
        boolean areOthers = !next.proposesIn(tenure.electorate().epoch());
        tenure = observes ? next.withoutVote() : next;
        if (tenure.votes() && !hasVoted) {
            acceptors.names().forEach(doubts::watch);
        }
        if (areOthers) {
            means.questions().turnTo(tenure.electorate());
            List.copyOf(pursuits.values()).forEach(Pursuit::startOver);
        }
    }

    /** Takes over what another node's acceptor held of a name; returns what is to be written, or null. */
    @Nullable
    Write takeOver(EpochMessage.Undecided held) {
        return decided.get(held.name()) != null
                ? null
                : acceptors.takeOver(held.name(), held.promised(), held.accepted());
    }

    /** Whom to tell of decisions besides the members. */
    void observers(Collection<Endpoint> endpoints) {
        observers = List.copyOf(endpoints);
    }

    /** Votes no more, and counts no vote that it gave itself before. */
    void observe() {
        observes = true;
        tenure = tenure.withoutVote();
        pursuits.values().forEach(Pursuit::startOver);
    }

    private boolean counts(Endpoint voter) {
        return tenure.electorate().counts(voter) && (!observes || !voter.equals(self.endpoint()));
    }

    /** How many decrees are proposed or asked about. */
    int pursued() {
        return pursuits.size();
    }

    /** A call waits for a decision. */
    void join(Request request) {
        pursuit(request.name()).join(request);
    }

    private Pursuit pursuit(DecreeName name) {
        return pursuits.computeIfAbsent(name, n -> new Pursuit(n, means, acceptors.promised(n)));
    }

    /** The deadline of a call has passed, and it has been answered. */
    void leave(Request request) {
        Pursuit pursuit = pursuits.get(request.name());
        if (pursuit != null) {
            pursuit.leave(request);
            endIfIdle(request.name(), pursuit);
        }
    }

    private void endIfIdle(DecreeName name, Pursuit pursuit) {
        if (pursuit.isIdle()) {
            pursuit.end();
            pursuits.remove(name);
        }
    }

    /** What an acceptor of this node holds has been undecided for long. */
    private void doubt(DecreeName name) {
        pursuit(name).doubt(acceptors.accepted(name));
    }

    /**
     * Takes in a message.
     *
     * @param epoch in which epoch it was said; decisions are true in all
     * @throws IllegalStateException if two values turn out to be decided, or to be proposed at one ballot
     */
    void receive(Endpoint from, long epoch, DecreeMessage message) {
        if (message instanceof DecreeMessage.Step step) {
            onStep(from, epoch, step.name(), step.body());
        } else if (message instanceof DecreeMessage.Query query) {
            onQuery(from, epoch, query);
        } else if (message instanceof DecreeMessage.Answer answer) {
            onAnswer(from, epoch, answer);
        } else if (message instanceof DecreeMessage.Learned learned) {
            announcements.learned(learned.name(), from);
        }
    }

    private void onStep(Endpoint from, long epoch, DecreeName name, SingleMessage body) {
        if (body instanceof SingleMessage.Prepare prepare) {
            if (mayAnswer(from, epoch, name) && isReasonable(name, prepare.ballot())) {
                vote(from, epoch, name, acceptors.onPrepare(name, prepare));
            }
        } else if (body instanceof SingleMessage.Accept accept) {
            if (mayAnswer(from, epoch, name) && isReasonable(name, accept.ballot())) {
                vote(from, epoch, name, acceptors.onAccept(name, accept));
            }
        } else if (body instanceof SingleMessage.Decide decide) {
            onDecide(from, name, decide.value());
        } else {
            Pursuit pursuit = pursuits.get(name);
            if (pursuit != null && tenure.proposesIn(epoch) && counts(from)) {
                onVote(from, name, pursuit, body);
            }
        }
    }

    private void onVote(Endpoint from, DecreeName name, Pursuit pursuit, SingleMessage body) {
        if (body instanceof SingleMessage.Promise promise) {
            pursuit.onPromise(from.node(), promise);
        } else if (body instanceof SingleMessage.Nack nack && !nack.promised().isBeyondReasonAfter(nack.ballot())) {
            pursuit.onNack(nack);
        } else if (body instanceof SingleMessage.Accepted accepted) {
            Payload chosen = pursuit.onAccepted(from.node(), accepted);
            if (chosen != null) {
                decideAndTell(name, chosen);
            }
        }
    }

    /** The rounds of this node's ballots rise over all names, so one name must not use them up. */
    private boolean isReasonable(DecreeName name, Ballot ballot) {
        return !ballot.isBeyondReasonAfter(acceptors.promised(name));
    }

    /** Whether the acceptor is to answer; else whoever asks has been told what there is to tell. */
    private boolean mayAnswer(Endpoint from, long epoch, DecreeName name) {
        if (tellIfDecided(from, name)) {
            return false;
        }
        if (tenure.isOver(epoch)) {
            out.sendAfter(List.of(), from, new EpochMessage.At(tenure.mark()));
        }
        return tenure.votesIn(epoch);
    }

    /** Every later question about a decided name is answered with the decision (rule 15). */
    private boolean tellIfDecided(Endpoint from, DecreeName name) {
        Payload value = decided.get(name);
        if (value == null) {
            return false;
        }
        out.send(from, new DecreeMessage.Step(name, new SingleMessage.Decide(value)));
        return true;
    }

    /** Anyone is answered; who counts the votes also judges whose they are (rule 2). */
    private void vote(Endpoint from, long epoch, DecreeName name, Acceptors.Reply reply) {
        Message answer = EpochMessage.in(epoch, new DecreeMessage.Step(name, reply.message()));
        if (reply.isVote()) {
            out.sendAfter(reply.writes(), from, answer);
            doubts.watch(name);
        } else {
            out.send(from, answer);
        }
    }

    private void onQuery(Endpoint from, long epoch, DecreeMessage.Query query) {
        if (mayAnswer(from, epoch, query.name())) {
            DecreeMessage answer =
                    new DecreeMessage.Answer(query.name(), query.probe(), acceptors.accepted(query.name()));
            out.sendAfter(List.of(), from, EpochMessage.in(epoch, answer));
        }
    }

    private void onAnswer(Endpoint from, long epoch, DecreeMessage.Answer answer) {
        Pursuit pursuit = pursuits.get(answer.name());
        if (pursuit == null || !tenure.proposesIn(epoch) || !counts(from)) {
            return;
        }
        Pursuit.Finding finding = pursuit.onAnswer(from.node(), answer);
        if (finding.chosen() != null) {
            decideAndTell(answer.name(), finding.chosen());
            return;
        }
        finding.undecided().forEach(request -> calls.answer(request, new Outcome.Undecided()));
        if (!pursuit.isDoubted()) {
            doubts.settled(answer.name());
        }
        endIfIdle(answer.name(), pursuit);
    }

    private void onDecide(Endpoint from, DecreeName name, Payload value) {
        Write written = decide(name, value);
        if (!from.equals(self.endpoint())) {
            out.sendAfter(written == null ? List.of() : List.of(written), from, new DecreeMessage.Learned(name));
        } else if (written != null) {
            out.write(written);
        }
    }

    private void decideAndTell(DecreeName name, Payload value) {
        Write written = decide(name, value);
        if (written != null) {
            out.write(written);
            List<Endpoint> others = new ArrayList<>(tenure.electorate().endpoints());
            others.addAll(observers);
            others.remove(self.endpoint());
            announcements.announce(name, others);
        }
    }

    /** Learns a decision, and answers whoever waits for it; returns what to write, or null if it was known. */
    @Nullable
    Write decide(DecreeName name, Payload value) {
        Payload known = decided.get(name);
        if (known != null) {
            if (!known.equals(value)) {
                throw new IllegalStateException("two values were decided, " + known + " and " + value);
            }
            return null;
        }
        decided.put(name, value);
        acceptors.forget(name);
        doubts.forget(name);
        out.add(new Effect.DecreeDecided(name, value));
        Pursuit pursuit = pursuits.remove(name);
        if (pursuit != null) {
            pursuit.requests().forEach(request -> calls.answer(request, new Outcome.Chosen(value)));
            pursuit.end();
        }
        return new Write.DecreeDecidedWrite(name, value);
    }
}
