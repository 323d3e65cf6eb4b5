// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.roles;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.single.Acceptor;
import io.paxos.single.Learner;
import io.paxos.single.Proposer;
import io.paxos.single.SingleMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Three acceptors, a learner, and whoever proposes. The caller is the network: it says which message arrives, and
 * everything that happens is noted down.
 */
final class Stage {

    private static final String LEARNER = "learner";

    private final Map<String, Acceptor> acceptors = new LinkedHashMap<>();
    private final QuorumSystem quorums;
    private final Learner learner;
    private final List<String> participants;
    private final List<MessageSequence.Step> steps = new ArrayList<>();

    /** The proposers are on the left, then the acceptors, then the learner. */
    Stage(List<String> proposers, List<String> acceptorNames) {
        acceptorNames.forEach(name -> acceptors.put(name, new Acceptor()));
        quorums = MajorityQuorums.of(acceptorNames.stream().map(NodeId::of).toList());
        learner = new Learner(quorums);
        participants = new ArrayList<>(proposers);
        participants.addAll(acceptorNames);
        participants.add(LEARNER);
    }

    void heading(String text) {
        steps.add(new MessageSequence.Heading(text));
    }

    /** A new attempt: a new ballot, hence a new Proposer, which starts with phase 1. */
    Proposer attempt(String name, long round, String wanted) {
        return new Proposer(quorums, new Ballot(round, NodeId.of(name), 0), Payload.utf8(wanted));
    }

    /** Phase 1: Prepare reaches these acceptors, and their answers reach the proposer. */
    SingleMessage.@Nullable Accept prepare(Proposer proposer, String... reached) {
        String name = name(proposer);
        SingleMessage.Accept accept = null;
        for (String acceptor : reached) {
            SingleMessage.Prepare prepare = proposer.prepare();
            arrow(name, acceptor, prepare);
            SingleMessage answer = acceptor(acceptor).onPrepare(prepare);
            arrow(acceptor, name, answer);
            if (answer instanceof SingleMessage.Promise promise) {
                SingleMessage.Accept next = proposer.onPromise(NodeId.of(acceptor), promise);
                accept = next == null ? accept : next;
            } else if (answer instanceof SingleMessage.Nack nack) {
                proposer.onNack(nack);
            }
        }
        return accept;
    }

    /** Phase 2: Accept reaches these acceptors, and their answers reach the proposer. */
    @Nullable
    Payload accept(Proposer proposer, SingleMessage.Accept accept, String... reached) {
        String name = name(proposer);
        Payload chosen = null;
        for (String acceptor : reached) {
            arrow(name, acceptor, accept);
            SingleMessage answer = acceptor(acceptor).onAccept(accept);
            arrow(acceptor, name, answer);
            if (answer instanceof SingleMessage.Accepted accepted) {
                Payload value = proposer.onAccepted(NodeId.of(acceptor), accepted);
                chosen = value == null ? chosen : value;
            } else if (answer instanceof SingleMessage.Nack nack) {
                proposer.onNack(nack);
            }
        }
        return chosen;
    }

    /** Prepare was sent to this acceptor as well, and the network lost it. */
    void losePrepare(Proposer proposer, String acceptor) {
        steps.add(new MessageSequence.Loss(name(proposer), acceptor, label(proposer.prepare())));
    }

    /** The proposer tells the learner what was chosen; a learner that is told two values throws. */
    Payload decide(Proposer proposer, Payload chosen) {
        SingleMessage.Decide decide = new SingleMessage.Decide(chosen);
        arrow(name(proposer), LEARNER, decide);
        return learner.onDecide(decide);
    }

    void note(Proposer proposer, String text) {
        steps.add(new MessageSequence.Note(name(proposer), text));
    }

    MessageSequence sequence() {
        return new MessageSequence(participants, steps);
    }

    private Acceptor acceptor(String name) {
        Acceptor acceptor = acceptors.get(name);
        if (acceptor == null) {
            throw new IllegalArgumentException("no acceptor is called " + name + "; there are " + acceptors.keySet());
        }
        return acceptor;
    }

    private void arrow(String from, String to, SingleMessage message) {
        steps.add(new MessageSequence.Arrow(from, to, label(message)));
    }

    private static String name(Proposer proposer) {
        return proposer.ballot().proposer().name();
    }

    private static String label(SingleMessage message) {
        if (message instanceof SingleMessage.Prepare prepare) {
            return "Prepare " + ballot(prepare.ballot());
        }
        if (message instanceof SingleMessage.Promise promise) {
            return "Promise " + ballot(promise.ballot()) + ", accepted " + proposal(promise.accepted());
        }
        if (message instanceof SingleMessage.Accept accept) {
            return "Accept " + ballot(accept.ballot()) + " " + accept.value().toUtf8();
        }
        if (message instanceof SingleMessage.Accepted accepted) {
            return "Accepted " + ballot(accepted.ballot());
        }
        if (message instanceof SingleMessage.Nack nack) {
            return "Nack " + ballot(nack.ballot()) + ", promised " + ballot(nack.promised());
        }
        return "Decide " + ((SingleMessage.Decide) message).value().toUtf8();
    }

    private static String proposal(@Nullable Proposal<Payload> proposal) {
        return proposal == null ? "nothing" : proposal.value().toUtf8() + " at " + ballot(proposal.ballot());
    }

    /** Round and proposer; the nonce of the node's start, the third part of a ballot, is 0 for all of them here. */
    private static String ballot(Ballot ballot) {
        return ballot.round() + "." + ballot.proposer();
    }
}
