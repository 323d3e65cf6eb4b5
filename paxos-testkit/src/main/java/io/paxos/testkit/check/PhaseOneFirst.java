package io.paxos.testkit.check;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.single.SingleMessage;
import java.util.HashSet;
import java.util.Set;

/** Nothing is proposed at a ballot that a phase-1 quorum has not durably promised (rule 1, Phase2a). */
final class PhaseOneFirst implements Check {

    private static final String PROPERTY = "phase 1 comes before phase 2";

    private record Prepared(Object question, Ballot ballot) {}

    private final Set<Prepared> prepared = new HashSet<>();

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accept accept) {
            if (prepared.add(new Prepared(m.group(), accept.ballot()))) {
                require(facts, node, envelope, facts.log(m.group()).promisers(accept.ballot()));
            }
        } else if (envelope.message() instanceof DecreeMessage.Step m
                && m.body() instanceof SingleMessage.Accept accept
                && prepared.add(new Prepared(m.name(), accept.ballot()))) {
            require(facts, node, envelope, facts.decree(m.name()).promisers(accept.ballot()));
        }
    }

    private static void require(Facts facts, NodeView node, Envelope envelope, long promisers) {
        Check.require(
                facts.formation().isPhase1(promisers),
                PROPERTY,
                node,
                "proposed without a phase-1 quorum of ",
                facts.formation().formed(),
                " having promised: ",
                envelope);
    }
}
