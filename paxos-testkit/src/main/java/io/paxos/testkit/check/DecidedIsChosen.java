// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.List;

/**
 * Whatever a node takes for decided in a log, or tells others is decided or forgotten, is chosen (rule 4, agreement).
 */
final class DecidedIsChosen implements Check {

    private static final String PROPERTY = "what is decided is chosen";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void applying(Facts facts, NodeView node, Effect.Apply apply) {
        chosen(facts.log(apply.group()), node, apply.first(), apply.values(), apply);
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (write instanceof Write.LearnWrite w) {
            chosen(facts.log(w.group()), node, w.first(), w.values(), write);
        } else if (write instanceof Write.DecidedWrite w) {
            DurableState.Log held = node.durable().log(w.group());
            for (long slot = held.decided() + 1; slot <= w.decided(); slot++) {
                Proposal<Value> proposal = held.slots().get(slot);
                Check.require(
                        proposal != null
                                && proposal.value().equals(facts.log(w.group()).chosen(slot)),
                        PROPERTY,
                        node,
                        "marks slot ",
                        slot,
                        " decided, where it holds ",
                        proposal,
                        " and chosen is ",
                        facts.log(w.group()).chosen(slot));
            }
        } else if (write instanceof Write.TrimWrite w) {
            long chosen = facts.log(w.group()).chosenUpTo();
            Check.require(
                    w.compacted() <= chosen,
                    PROPERTY,
                    node,
                    "forgets more than the ",
                    chosen,
                    " slots chosen: ",
                    write);
        }
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (!(envelope.message() instanceof GroupMessage m)) {
            return;
        }
        LogFacts log = facts.log(m.group());
        LogMessage body = m.body();
        Check.require(
                decided(body) <= log.chosenUpTo(),
                PROPERTY,
                node,
                "claims decisions beyond slot ",
                log.chosenUpTo(),
                ", up to which all is chosen: ",
                envelope);
        if (body instanceof LogMessage.CatchUpReply reply) {
            chosen(log, node, reply.first(), reply.values(), envelope);
        } else if (body instanceof LogMessage.Promise promise) {
            for (SlotProposal p : promise.accepted()) {
                Check.require(
                        p.slot() > promise.decided() || p.proposal().value().equals(log.chosen(p.slot())),
                        PROPERTY,
                        node,
                        "reports as decided what is not chosen, ",
                        p,
                        ", in ",
                        envelope);
            }
        }
    }

    private static long decided(LogMessage body) {
        if (body instanceof LogMessage.Accept x) {
            return x.decided();
        }
        if (body instanceof LogMessage.Decide x) {
            return x.decided();
        }
        if (body instanceof LogMessage.Heartbeat x) {
            return x.decided();
        }
        if (body instanceof LogMessage.HeartbeatAck x) {
            return x.decided();
        }
        if (body instanceof LogMessage.Promise x) {
            return Math.max(x.decided(), x.compacted());
        }
        if (body instanceof LogMessage.Canvass x) {
            return x.decided();
        }
        if (body instanceof LogMessage.CanvassReply x) {
            return x.decided();
        }
        return body instanceof LogMessage.CatchUpReply x ? Math.max(x.decided(), x.compacted()) : 0;
    }

    private static void chosen(LogFacts log, NodeView node, long first, List<Value> values, Object evidence) {
        long slot = first;
        for (Value value : values) {
            Check.require(
                    value.equals(log.chosen(slot)),
                    PROPERTY,
                    node,
                    "takes ",
                    value,
                    " for decided in slot ",
                    slot,
                    " where ",
                    log.chosen(slot),
                    " is chosen: ",
                    evidence);
            slot++;
        }
    }
}
