// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Validity: what is proposed was brought by a caller, and what is accepted was proposed. */
final class OnlyProposedValues implements Check {

    private static final String PROPERTY = "only proposed values";

    private record InGroup(GroupId group, CommandId id) {}

    private record ForDecree(DecreeName name, Payload value) {}

    private final Map<InGroup, Long> callOf = new HashMap<>();
    private final Set<InGroup> asked = new HashSet<>();
    private final Set<ForDecree> offered = new HashSet<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void calling(Facts facts, Call call) {
        if (call.event() instanceof Event.Agree agree) {
            offered.add(new ForDecree(agree.name(), agree.value()));
        } else if (call.event() instanceof Event.Resolve resolve) {
            asked.add(new InGroup(resolve.group(), resolve.command()));
        }
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accept accept) {
            LogFacts log = facts.log(m.group());
            long slot = accept.first();
            for (Value value : accept.values()) {
                Choice<Value> choice = log.at(slot++);
                if (choice == null || choice.at(accept.ballot()) == null) {
                    brought(facts, node, m.group(), value, envelope);
                }
            }
        } else if (Spoken.of(envelope) instanceof DecreeMessage.Step m
                && m.body() instanceof SingleMessage.Accept accept) {
            Check.require(
                    offered.contains(new ForDecree(m.name(), accept.value())),
                    PROPERTY,
                    node,
                    "proposed what nobody offered: ",
                    envelope);
        }
    }

    private void brought(Facts facts, NodeView node, GroupId group, Value value, Envelope envelope) {
        boolean known = true;
        if (value instanceof Value.Command fence && fence.isFence()) {
            known = asked.contains(new InGroup(group, fence.id()));
        } else if (value instanceof Value.Command command) {
            long number = CommandMark.call(command.payload());
            Call call = facts.call(number);
            Long before = callOf.putIfAbsent(new InGroup(group, command.id()), number);
            known = call != null
                    && group.equals(call.group())
                    && Objects.equals(command.payload(), call.payload())
                    && (before == null || before == number);
        } else if (value instanceof Value.OpenSession open) {
            known = facts.wasStarted(open.opener(), open.start());
        } else if (value instanceof Value.Reconfigure) {
            known = facts.wasAskedToChange(group);
        }
        Check.require(known, PROPERTY, node, "proposed what nobody brought under that id: ", value, " in ", envelope);
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (write instanceof Write.AcceptWrite w) {
            LogFacts log = facts.log(w.group());
            for (long slot = w.first(); slot < w.first() + w.values().size(); slot++) {
                proposed(node, log.at(slot), w.ballot(), write);
            }
        } else if (write instanceof Write.DecreeWrite w && w.accepted() != null) {
            proposed(node, facts.decree(w.name()).choice(), w.accepted().ballot(), write);
        } else if (write instanceof Write.RegisterWrite w && w.accepted() != null) {
            proposed(node, facts.register(w.name()).choice(), w.accepted().ballot(), write);
        }
    }

    private static <V> void proposed(NodeView node, @Nullable Choice<V> choice, Ballot ballot, Write write) {
        Check.require(
                choice != null && choice.at(ballot) != null, PROPERTY, node, "accepted what was never sent: ", write);
    }
}
