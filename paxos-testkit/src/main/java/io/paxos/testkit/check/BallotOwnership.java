// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.single.SingleMessage;
import org.jspecify.annotations.Nullable;

/** A ballot is used by one start of one node only (rule 1). */
final class BallotOwnership implements Check {

    private static final String PROPERTY = "a ballot belongs to one start of one node";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        Ballot ballot = used(Spoken.of(envelope));
        if (ballot != null) {
            Check.require(
                    ballot.proposer().equals(node.self().node())
                            && ballot.start() == node.self().start()
                            && !ballot.isZero(),
                    PROPERTY,
                    node,
                    "of start ",
                    Long.toHexString(node.self().start()),
                    " used ballot ",
                    ballot,
                    " in ",
                    envelope);
        }
    }

    private static @Nullable Ballot used(Message message) {
        if (message instanceof GroupMessage m) {
            LogMessage body = m.body();
            if (body instanceof LogMessage.Prepare x) {
                return x.ballot();
            }
            if (body instanceof LogMessage.Accept x) {
                return x.ballot();
            }
            if (body instanceof LogMessage.Heartbeat x) {
                return x.ballot();
            }
            if (body instanceof LogMessage.Decide x) {
                return x.ballot();
            }
            if (body instanceof LogMessage.LeaseRequest x) {
                return x.ballot();
            }
            if (body instanceof LogMessage.TakeOver x) {
                return x.ballot();
            }
            return body instanceof LogMessage.Resign x ? x.ballot() : null;
        }
        if (message instanceof DecreeMessage.Step m) {
            return used(m.body());
        }
        return message instanceof RegisterMessage.Step m ? used(m.body()) : null;
    }

    private static @Nullable Ballot used(SingleMessage body) {
        if (body instanceof SingleMessage.Prepare x) {
            return x.ballot();
        }
        return body instanceof SingleMessage.Accept x ? x.ballot() : null;
    }
}
