// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.model.Incarnation;

/** Every envelope names the true sender, and a definite incarnation of the addressee unless it is a Hello (rule 1). */
final class Addressing implements Check {

    private static final String PROPERTY = "every envelope names both incarnations";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void sending(Facts facts, NodeView node, Envelope envelope) {
        Check.require(
                envelope.from().equals(node.self().endpoint())
                        && envelope.cluster().equals(node.self().cluster()),
                PROPERTY,
                node,
                "is ",
                node.self(),
                " but sent ",
                envelope);
        Check.require(
                envelope.message() instanceof Hello
                        || !envelope.to().incarnation().equals(Incarnation.ANY),
                PROPERTY,
                node,
                "sent to whichever incarnation: ",
                envelope);
    }
}
