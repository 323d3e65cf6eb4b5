// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ballot proposes at most one value in a slot, for a decree and for a register, on every wire and in every store (rule 1). */
final class OneValuePerBallot implements Check {

    private static final String PROPERTY = "one value per ballot";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accept accept) {
            slots(node, facts.log(m.group()), accept.ballot(), accept.first(), accept.values());
        } else if (Spoken.of(envelope) instanceof DecreeMessage.Step m
                && m.body() instanceof SingleMessage.Accept accept) {
            one(node, facts.decree(m.name()).choice(), accept.ballot(), accept.value(), m.name());
        } else if (Spoken.of(envelope) instanceof RegisterMessage.Step m
                && m.body() instanceof SingleMessage.Accept accept) {
            one(node, facts.register(m.name()).choice(), accept.ballot(), accept.value(), m.name());
        }
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (write instanceof Write.AcceptWrite w) {
            slots(node, facts.log(w.group()), w.ballot(), w.first(), w.values());
        } else if (write instanceof Write.DecreeWrite w && w.accepted() != null) {
            one(
                    node,
                    facts.decree(w.name()).choice(),
                    w.accepted().ballot(),
                    w.accepted().value(),
                    w.name());
        } else if (write instanceof Write.RegisterWrite w && w.accepted() != null) {
            one(
                    node,
                    facts.register(w.name()).choice(),
                    w.accepted().ballot(),
                    w.accepted().value(),
                    w.name());
        }
    }

    private static void slots(NodeView node, LogFacts log, Ballot ballot, long first, List<Value> values) {
        long slot = first;
        for (Value value : values) {
            one(node, log.at(slot), ballot, value, slot);
            slot++;
        }
    }

    private static <V> void one(NodeView node, @Nullable Choice<V> choice, Ballot ballot, V value, Object where) {
        Choice.Ballotted<V> known = choice == null ? null : choice.at(ballot);
        if (known != null && !known.value().equals(value)) {
            throw Check.violation(
                    PROPERTY, node, "at ballot ", ballot, " for ", where, ": ", known.value(), " and ", value);
        }
    }
}
