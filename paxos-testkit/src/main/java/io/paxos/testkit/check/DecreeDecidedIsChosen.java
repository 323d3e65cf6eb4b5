// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Whatever a node takes for the decision of a decree, writes, sends or answers, is chosen; and no decree that was chosen
 * when the question was asked is called undecided (rule 15, agreement).
 */
final class DecreeDecidedIsChosen implements Check {

    private static final String PROPERTY = "what is decided of a decree is chosen";

    private final Set<Long> askedWhenChosen = new HashSet<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (write instanceof Write.DecreeDecidedWrite w) {
            chosen(facts, node, w.name(), w.value(), write);
        }
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (Spoken.of(envelope) instanceof DecreeMessage.Step m && m.body() instanceof SingleMessage.Decide decide) {
            chosen(facts, node, m.name(), decide.value(), envelope);
        }
    }

    @Override
    public void decreeDecided(Facts facts, NodeView node, Effect.DecreeDecided decided) {
        chosen(facts, node, decided.name(), decided.value(), decided);
    }

    @Override
    public void calling(Facts facts, Call call) {
        if (call.event() instanceof Event.Learn learn
                && facts.decree(learn.name()).chosen() != null) {
            askedWhenChosen.add(call.request().number());
        }
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        DecreeName name = call.decree();
        if (name != null && outcome instanceof Outcome.Chosen answer) {
            chosen(facts, call.node(), name, answer.value(), call);
        }
        Check.require(
                !(outcome instanceof Outcome.Undecided)
                        || !askedWhenChosen.contains(call.request().number()),
                PROPERTY,
                call.node(),
                "calls a decree undecided that was chosen before the question: ",
                call);
    }

    private static void chosen(Facts facts, NodeView node, DecreeName name, Payload value, Object evidence) {
        Payload chosen = facts.decree(name).chosen();
        Check.require(
                Objects.equals(value, chosen),
                PROPERTY,
                node,
                "takes ",
                value,
                " for the decision of ",
                name,
                " where chosen is ",
                chosen,
                ": ",
                evidence);
    }
}
