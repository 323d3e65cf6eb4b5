// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Value;
import java.util.List;

/** No node is ever sent a value that the version of the library it runs could not read (rule 9). */
final class NothingAboveItsLevel implements Check {

    private static final String PROPERTY = "no node gets a value above its feature level";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void receiving(Facts facts, NodeView node, Envelope envelope) {
        if (!(envelope.message() instanceof GroupMessage m)) {
            return;
        }
        if (m.body() instanceof LogMessage.Accept accept) {
            check(node, accept.values(), envelope);
        } else if (m.body() instanceof LogMessage.CatchUpReply reply) {
            check(node, reply.values(), envelope);
        } else if (m.body() instanceof LogMessage.Forward forward) {
            check(node, forward.values(), envelope);
        } else if (m.body() instanceof LogMessage.Promise promise) {
            promise.accepted()
                    .forEach(each -> check(node, List.of(each.proposal().value()), envelope));
        }
    }

    private static void check(NodeView node, List<Value> values, Envelope envelope) {
        for (Value value : values) {
            Check.require(
                    value.level().compareTo(node.supports()) <= 0,
                    PROPERTY,
                    node,
                    "supports only less than ",
                    value,
                    " needs, and got ",
                    envelope);
        }
    }
}
