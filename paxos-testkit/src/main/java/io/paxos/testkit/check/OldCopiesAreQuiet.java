// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;
import io.paxos.single.SingleMessage;

/**
 * Every envelope names the start that speaks and what it counts by; only an old copy of a store that has been told so
 * names no start, and then it says nothing that a vote could be, for good. Nobody but an old copy is told so (rule 7).
 */
final class OldCopiesAreQuiet implements Check {

    private static final String PROPERTY = "old copies of stores are told so, and vote no more";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        boolean isHello = envelope.message() instanceof Hello;
        boolean isNamed = envelope.start().equals(node.self().startId());
        Check.require(
                isHello == envelope.fingerprint().equals(Fingerprint.NONE),
                PROPERTY,
                node,
                "does not say what it counts by: ",
                envelope);
        Check.require(
                isNamed
                        || (envelope.start().equals(StartId.NONE)
                                && node.durable().isOldCopy()
                                && !isHello),
                PROPERTY,
                node,
                "does not name its start in ",
                envelope);
        boolean wasTold = !node.durable().startOf(node.self().endpoint()).equals(StartId.NONE);
        // What was said before it was told leaves with the writes it waited for.
        Check.require(
                !wasTold || isNamed || !isVoteOrCandidacy(Spoken.of(envelope)),
                PROPERTY,
                node,
                "was told, and sends ",
                envelope);
    }

    private static boolean isVoteOrCandidacy(Message message) {
        if (message instanceof GroupMessage group) {
            LogMessage body = group.body();
            return body instanceof LogMessage.Promise
                    || body instanceof LogMessage.Accepted
                    || body instanceof LogMessage.LeaseGrant
                    || body instanceof LogMessage.CanvassReply
                    || body instanceof LogMessage.Canvass
                    || body instanceof LogMessage.Prepare
                    || body instanceof LogMessage.Accept
                    || body instanceof LogMessage.Heartbeat;
        }
        if (message instanceof DecreeMessage.Step step) {
            return step.body() instanceof SingleMessage.Promise || step.body() instanceof SingleMessage.Accepted;
        }
        if (message instanceof RegisterMessage.Step step) {
            return step.body() instanceof SingleMessage.Promise || step.body() instanceof SingleMessage.Accepted;
        }
        return message instanceof DecreeMessage.Answer || message instanceof RegisterMessage.Answer;
    }

    @Override
    public void turnedStranger(Facts facts, NodeView node, Effect.TurnedStranger turned) {
        Check.require(node.durable().isOldCopy(), PROPERTY, node, "is taken for an old copy: ", turned);
    }
}
