// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Membership;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No vote says what the sender's durable state does not hold, and no Promise conceals what it holds or that it has
 * forgotten something (DESIGN §3, rules 3 and 6). The writes of a batch are added to the store just before the messages that wait for them leave, so a vote is
 * compared with exactly the state it speaks of.
 */
final class WireHonesty implements Check {

    private static final String PROPERTY = "no vote on the wire that is not durable";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        Message message = Spoken.of(envelope);
        if (message instanceof GroupMessage m) {
            DurableState.Log log = node.durable().log(m.group());
            if (m.body() instanceof LogMessage.Promise promise) {
                promise(facts.log(m.group()), node, log, promise, envelope);
            } else if (m.body() instanceof LogMessage.Accepted accepted) {
                accepted(facts.log(m.group()), node, accepted, envelope);
            } else if (m.body() instanceof LogMessage.CatchUpReply reply) {
                catchUp(node, log, node.durable().snapshotSlot(m.group()), reply, envelope);
            }
        } else if (message instanceof DecreeMessage.Step m) {
            decree(facts, node, m, envelope);
        } else if (message instanceof DecreeMessage.Answer m) {
            Write.DecreeWrite held = node.durable().decree(m.name());
            held(node, held == null ? null : held.accepted(), m.accepted(), envelope);
            Check.require(node.durable().decided(m.name()) == null, PROPERTY, node, "conceals a decision: ", envelope);
        } else if (message instanceof RegisterMessage.Step m) {
            Write.RegisterWrite held = node.durable().register(m.name());
            Ballot promised = held == null ? Ballot.ZERO : held.promised();
            step(facts.register(m.name()), node, promised, held == null ? null : held.accepted(), m.body(), envelope);
        } else if (message instanceof RegisterMessage.Answer m) {
            Write.RegisterWrite held = node.durable().register(m.name());
            held(node, held == null ? null : held.accepted(), m.accepted(), envelope);
        } else if (message instanceof Hello hello) {
            hello(node, hello, envelope);
        }
    }

    private static void promise(
            LogFacts facts, NodeView node, DurableState.Log log, LogMessage.Promise promise, Envelope envelope) {
        Ballot ballot = promise.ballot();
        Check.require(
                log.promised().compareTo(ballot) >= 0,
                PROPERTY,
                node,
                "has durably promised only ",
                log.promised(),
                " but sends ",
                envelope);
        Check.require(
                promise.compacted() == log.compacted(),
                PROPERTY,
                node,
                "has forgotten what lies up to slot ",
                log.compacted(),
                " but sends ",
                envelope);
        Map<Long, Proposal<Value>> reported = new HashMap<>();
        for (SlotProposal p : promise.accepted()) {
            reported.put(p.slot(), p.proposal());
            Check.require(
                    everHeld(facts, node, log, p),
                    PROPERTY,
                    node,
                    "reports ",
                    p,
                    " which it never durably held: ",
                    envelope);
        }
        var held = promise.last()
                ? log.slots().tailMap(promise.slots().first(), true)
                : log.slots().subMap(promise.slots().first(), promise.slots().end());
        held.forEach((slot, proposal) -> {
            // What was accepted at this ballot or a higher one came after the promise was made.
            if (proposal.ballot().compareTo(ballot) < 0) {
                Proposal<Value> said = reported.get(slot);
                boolean full = said != null
                        && (said.ballot().compareTo(proposal.ballot()) >= 0
                                || said.value().equals(facts.chosen(slot)));
                Check.require(
                        full, PROPERTY, node, "conceals slot ", slot, "=", proposal, " in the promise ", envelope);
            }
        });
    }

    private static boolean everHeld(LogFacts facts, NodeView node, DurableState.Log log, SlotProposal reported) {
        Proposal<Value> held = log.slots().get(reported.slot());
        Proposal<Value> said = reported.proposal();
        if (held != null && held.equals(said)) {
            return true;
        }
        Choice<Value> choice = facts.at(reported.slot());
        if (choice == null) {
            return false;
        }
        Choice.Ballotted<Value> proposal = choice.at(said.ballot());
        return proposal != null
                && proposal.value().equals(said.value())
                && proposal.acceptedBy(node.durable().index());
    }

    private static void accepted(LogFacts facts, NodeView node, LogMessage.Accepted accepted, Envelope envelope) {
        for (long slot = accepted.slots().first(); slot < accepted.slots().end(); slot++) {
            Choice<Value> choice = facts.at(slot);
            Choice.Ballotted<Value> proposal = choice == null ? null : choice.at(accepted.ballot());
            Check.require(
                    proposal != null && proposal.acceptedBy(node.durable().index()),
                    PROPERTY,
                    node,
                    "has not durably accepted slot ",
                    slot,
                    " of ",
                    envelope);
        }
    }

    /** This is no vote: it may leave before the mark is durable, but not before the snapshot that the mark stands on. */
    private static void catchUp(
            NodeView node, DurableState.Log log, long snapshotSlot, LogMessage.CatchUpReply reply, Envelope envelope) {
        Check.require(
                reply.compacted() >= log.compacted() && reply.compacted() <= snapshotSlot,
                PROPERTY,
                node,
                "has forgotten what lies up to slot ",
                log.compacted(),
                ", has a snapshot of slot ",
                snapshotSlot,
                ", and sends ",
                envelope);
    }

    private static void decree(Facts facts, NodeView node, DecreeMessage.Step message, Envelope envelope) {
        Write.DecreeWrite held = node.durable().decree(message.name());
        Ballot promised = held == null ? Ballot.ZERO : held.promised();
        step(
                facts.decree(message.name()),
                node,
                promised,
                held == null ? null : held.accepted(),
                message.body(),
                envelope);
    }

    private static void step(
            DecreeFacts facts,
            NodeView node,
            Ballot promised,
            @Nullable Proposal<Payload> held,
            SingleMessage body,
            Envelope envelope) {
        if (body instanceof SingleMessage.Promise || body instanceof SingleMessage.Accepted) {
            // Rule 16: only who holds what the epochs before have left.
            Check.require(
                    node.durable().formation().mark().covered() >= Spoken.epoch(envelope),
                    PROPERTY,
                    node,
                    "votes in an epoch that it does not durably cover: ",
                    envelope);
        }
        if (body instanceof SingleMessage.Promise promise) {
            Check.require(
                    promised.compareTo(promise.ballot()) >= 0,
                    PROPERTY,
                    node,
                    "has durably promised only ",
                    promised,
                    " but sends ",
                    envelope);
            held(node, held, promise.accepted(), envelope);
        } else if (body instanceof SingleMessage.Accepted accepted) {
            Choice.Ballotted<Payload> proposal = facts.choice().at(accepted.ballot());
            Check.require(
                    proposal != null && proposal.acceptedBy(node.durable().index()),
                    PROPERTY,
                    node,
                    "has not durably accepted ",
                    envelope);
        }
    }

    private static void held(
            NodeView node, @Nullable Proposal<Payload> held, @Nullable Proposal<Payload> said, Envelope envelope) {
        Check.require(Objects.equals(held, said), PROPERTY, node, "durably holds ", held, " but sends ", envelope);
    }

    private static void hello(NodeView node, Hello hello, Envelope envelope) {
        Write.FormationWrite held = node.durable().formation();
        Membership formed = hello.formed();
        Check.require(
                formed == null || formed.equals(held.formed()),
                PROPERTY,
                node,
                "holds ",
                held,
                " but sends ",
                envelope);
        Check.require(formed != null || held.formed() == null, PROPERTY, node, "conceals ", held, " in ", envelope);
        Check.require(
                (hello.bound() == null && formed != null) || Objects.equals(hello.bound(), held.bound()),
                PROPERTY,
                node,
                "holds ",
                held,
                " but sends ",
                envelope);
        Check.require(
                held.renounced().containsAll(hello.renounced()),
                PROPERTY,
                node,
                "holds ",
                held,
                " but sends ",
                envelope);
    }
}
