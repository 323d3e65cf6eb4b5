// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Outcome;
import io.paxos.message.Envelope;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.model.RegisterState;
import io.paxos.single.SingleMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is chosen for a register is a chain: every proposal of a higher ballot is made out of it, so that no change is
 * lost, and remembers its changes or that it had to forget them. What callers are told is in the chain.
 */
final class RegisterChain implements Check {

    private static final String PROPERTY = "what is chosen for a register is a chain";

    private final Map<RegisterName, TreeMap<Ballot, RegisterState>> chosen = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void registerChosen(
            Facts facts, RegisterName name, Choice<Payload> choice, Choice.Ballotted<Payload> proposal) {
        RegisterState state = RegisterState.decode(proposal.value());
        chosen.computeIfAbsent(name, n -> new TreeMap<>()).put(proposal.ballot(), state);
        for (Choice.Ballotted<Payload> other : choice.proposals()) {
            if (other.ballot().compareTo(proposal.ballot()) > 0) {
                madeOf(null, name, state, RegisterState.decode(other.value()), proposal, other);
            }
        }
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (Spoken.of(envelope) instanceof RegisterMessage.Step m && m.body() instanceof SingleMessage.Accept accept) {
            Map.Entry<Ballot, RegisterState> lower =
                    chosen.getOrDefault(m.name(), new TreeMap<>()).lowerEntry(accept.ballot());
            if (lower != null) {
                RegisterState state = RegisterState.decode(accept.value());
                madeOf(node, m.name(), lower.getValue(), state, lower, envelope);
            }
        }
    }

    private static void madeOf(
            @Nullable NodeView node,
            RegisterName name,
            RegisterState earlier,
            RegisterState later,
            Object chosen,
            Object evidence) {
        for (Ballot change : earlier.changes()) {
            Ballot last = later.lastBy(change.proposer(), change.start());
            boolean remembered = last != null && last.compareTo(change) >= 0;
            Check.require(
                    remembered || change.compareTo(later.forgotten()) <= 0,
                    PROPERTY,
                    node,
                    "of ",
                    name,
                    " is chosen ",
                    chosen,
                    " whose change ",
                    change,
                    " is lost in ",
                    later,
                    ": ",
                    evidence);
        }
    }

    /** A value that a change made need not be chosen itself, if what others made of it is. */
    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        RegisterName name = call.register();
        if (name != null && outcome instanceof Outcome.Held held) {
            boolean was = held.value() == null
                    || chosen.getOrDefault(name, new TreeMap<>()).values().stream()
                            .anyMatch(state -> Objects.equals(state.value(), held.value()));
            Check.require(was, PROPERTY, call.node(), "answers ", held, ", which was never chosen, to ", call);
        }
    }
}
