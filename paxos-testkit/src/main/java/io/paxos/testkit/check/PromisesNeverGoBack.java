package io.paxos.testkit.check;

import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.spi.Write;

/**
 * The promise of a store never goes back, nothing is accepted below it, and no accepted proposal gives way to one of a
 * lower ballot (P1a, rule 2).
 */
final class PromisesNeverGoBack implements Check {

    private static final String PROPERTY = "promises never go back";

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
        Proposal<Payload> accepted = write.accepted();
        Check.require(
                accepted == null || accepted.ballot().compareTo(write.promised()) <= 0,
                PROPERTY,
                node,
                "accepted above its promise: ",
                write);
        if (before == null) {
            return;
        }
        notBelow(node, write.promised(), before.promised(), write);
        if (before.accepted() != null) {
            Ballot now = accepted == null ? Ballot.ZERO : accepted.ballot();
            notBelow(node, now, before.accepted().ballot(), write);
        }
    }

    private static void notBelow(NodeView node, Ballot now, Ballot before, Write write) {
        Check.require(now.compareTo(before) >= 0, PROPERTY, node, "goes below ", before, " with ", write);
    }
}
