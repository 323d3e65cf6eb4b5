// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.spi.Write;

/**
 * Where a store has forgotten what it held it votes no more: it could not see whether it votes for what is chosen there
 * (rules 3 and 9). A late Accept is met with silence.
 */
final class ForgottenTakesNoVotes implements Check {

    private static final String PROPERTY = "nobody votes where it has forgotten";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (write instanceof Write.AcceptWrite w) {
            beyond(node.durable().log(w.group()).compacted(), w.first(), node, write);
        }
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        if (envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accepted accepted) {
            long compacted = node.durable().log(m.group()).compacted();
            beyond(compacted, accepted.slots().first(), node, envelope);
        }
    }

    private static void beyond(long compacted, long first, NodeView node, Object evidence) {
        Check.require(
                first > compacted,
                PROPERTY,
                node,
                "has forgotten what lies up to slot ",
                compacted,
                " but accepts in ",
                evidence);
    }
}
