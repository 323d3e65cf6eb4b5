// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.spi.Write;

/** Nothing is forgotten for which no durable snapshot of the same store stands (rule 9). */
final class ForgottenIsCovered implements Check {

    private static final String PROPERTY = "nothing is forgotten without a durable snapshot";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (write instanceof Write.TrimWrite w) {
            long covered = node.durable().snapshotSlot(w.group());
            Check.require(
                    w.compacted() <= covered,
                    PROPERTY,
                    node,
                    "has a snapshot of slot ",
                    covered,
                    " but writes ",
                    write);
        }
    }
}
