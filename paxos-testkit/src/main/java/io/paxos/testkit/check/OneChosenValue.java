// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import org.jspecify.annotations.Nullable;

/**
 * Agreement at its root: at most one value is chosen in a slot and for a decree, and once it is, every proposal of a
 * higher ballot has that value (P2b). Chosen is what the observer counts, whether or not any node knows it.
 */
final class OneChosenValue implements Check {

    private static final String PROPERTY = "one chosen value";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void slotChosen(
            Facts facts, GroupId group, long slot, Choice<Value> choice, Choice.Ballotted<Value> proposal) {
        compare(choice, proposal, group + " slot " + slot);
    }

    @Override
    public void decreeChosen(Facts facts, DecreeName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
        compare(choice, proposal, "decree " + name);
    }

    private static <V> void compare(Choice<V> choice, Choice.Ballotted<V> proposal, String where) {
        for (Choice.Ballotted<V> other : choice.proposals()) {
            Check.require(
                    other.ballot().compareTo(proposal.ballot()) <= 0
                            || other.value().equals(proposal.value()),
                    PROPERTY,
                    null,
                    where,
                    " has chosen ",
                    proposal,
                    " but a higher ballot proposed ",
                    other);
        }
        Choice.Ballotted<V> first = choice.chosen();
        Check.require(
                first == null || first.value().equals(proposal.value()),
                PROPERTY,
                null,
                where,
                " has chosen ",
                first,
                " and ",
                proposal);
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accept accept) {
            LogFacts log = facts.log(m.group());
            long slot = accept.first();
            for (Value value : accept.values()) {
                preserves(node, log.at(slot++), accept.ballot(), value, envelope);
            }
        } else if (Spoken.of(envelope) instanceof DecreeMessage.Step m
                && m.body() instanceof SingleMessage.Accept accept) {
            preserves(node, facts.decree(m.name()).choice(), accept.ballot(), accept.value(), envelope);
        }
    }

    private static <V> void preserves(
            NodeView node, @Nullable Choice<V> choice, Ballot ballot, V value, Envelope envelope) {
        Choice.Ballotted<V> chosen = choice == null ? null : choice.chosen();
        if (chosen != null && ballot.compareTo(chosen.ballot()) > 0 && !value.equals(chosen.value())) {
            throw Check.violation(PROPERTY, node, chosen, " is chosen, but it proposes ", value, " in ", envelope);
        }
    }
}
