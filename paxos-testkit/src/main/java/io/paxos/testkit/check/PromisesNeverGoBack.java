// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import org.jspecify.annotations.Nullable;

/**
 * The promise of a store never goes back, nothing is accepted below it, and no accepted proposal gives way to one of a
 * lower ballot (P1a, rule 2).
 */
final class PromisesNeverGoBack implements Check {

    private static final String PROPERTY = "promises never go back";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void writing(Facts facts, NodeView node, Write write) {
        if (write instanceof Write.PromiseWrite w) {
            notBelow(node, w.promised(), node.durable().log(w.group()).promised(), write);
        } else if (write instanceof Write.AcceptWrite w) {
            notBelow(node, w.ballot(), node.durable().log(w.group()).promised(), write);
        } else if (write instanceof Write.LearnWrite w) {
            learned(facts, node, w);
        } else if (write instanceof Write.DecreeWrite w) {
            decree(node, w);
        } else if (write instanceof Write.DecreeDecidedWrite w) {
            Payload before = node.durable().decided(w.name());
            Check.require(
                    before == null || before.equals(w.value()), PROPERTY, node, "held ", before, " decided before ", w);
        } else if (write instanceof Write.RegisterWrite w) {
            Write.RegisterWrite before = node.durable().register(w.name());
            acceptor(
                    node,
                    write,
                    w.promised(),
                    w.accepted(),
                    before == null ? Ballot.ZERO : before.promised(),
                    before == null ? null : before.accepted());
        }
    }

    /** What is learned may only replace a proposal when nobody can need that proposal again. */
    private static void learned(Facts facts, NodeView node, Write.LearnWrite write) {
        long slot = write.first();
        for (Value value : write.values()) {
            Check.require(
                    value.equals(facts.log(write.group()).chosen(slot)),
                    PROPERTY,
                    node,
                    "overwrites slot ",
                    slot,
                    " by what is not chosen: ",
                    write);
            slot++;
        }
    }

    private static void decree(NodeView node, Write.DecreeWrite write) {
        Check.require(
                node.durable().decided(write.name()) == null, PROPERTY, node, "voted on the decided decree: ", write);
        Write.DecreeWrite before = node.durable().decree(write.name());
        acceptor(
                node,
                write,
                write.promised(),
                write.accepted(),
                before == null ? Ballot.ZERO : before.promised(),
                before == null ? null : before.accepted());
    }

    private static void acceptor(
            NodeView node,
            Write write,
            Ballot promised,
            @Nullable Proposal<Payload> accepted,
            Ballot promisedBefore,
            @Nullable Proposal<Payload> acceptedBefore) {
        Ballot now = accepted == null ? Ballot.ZERO : accepted.ballot();
        Check.require(now.compareTo(promised) <= 0, PROPERTY, node, "accepted above its promise: ", write);
        notBelow(node, promised, promisedBefore, write);
        // What is taken over for an epoch is the highest promise of some and the highest proposal of others: no vote.
        boolean takesOver = !node.durable().formation().mark().isReady();
        if (acceptedBefore != null) {
            notBelow(node, now, acceptedBefore.ballot(), write);
            Check.require(
                    takesOver || now.equals(acceptedBefore.ballot()) || now.compareTo(promisedBefore) >= 0,
                    PROPERTY,
                    node,
                    "has promised ",
                    promisedBefore,
                    " and accepts below it: ",
                    write);
        } else if (accepted != null && !takesOver) {
            notBelow(node, now, promisedBefore, write);
        }
    }

    private static void notBelow(NodeView node, Ballot now, Ballot before, Write write) {
        Check.require(now.compareTo(before) >= 0, PROPERTY, node, "goes below ", before, " with ", write);
    }
}
