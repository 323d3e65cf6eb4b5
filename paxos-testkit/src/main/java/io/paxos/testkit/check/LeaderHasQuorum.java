package io.paxos.testkit.check;

import io.paxos.event.Effect.RoleName;
import io.paxos.message.Envelope;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.StartId;
import java.util.HashMap;
import java.util.Map;

/** A leader that has stopped hearing from a quorum steps down (rule 17). */
final class LeaderHasQuorum implements Check {

    private static final String PROPERTY = "no leader without a quorum";

    /** One look in so many ticks is enough for a property that is counted in many more. */
    private static final int INTERVAL = 8;

    private final int patienceTicks;
    private final Map<NodeView, long[]> heard = new HashMap<>();

    LeaderHasQuorum(int patienceTicks) {
        this.patienceTicks = patienceTicks;
    }

    @Override
    public void stopped(Facts facts, NodeView node) {
        heard.remove(node);
    }

    @Override
    public void receiving(Facts facts, NodeView node, Envelope envelope) {
        Membership formed = facts.formation().formed();
        boolean isCounted = !envelope.start().equals(StartId.NONE);
        if (formed == null || !isCounted || !formed.counts(envelope.from())) {
            return;
        }
        long[] lastHeard = heard.computeIfAbsent(node, n -> new long[Long.SIZE]);
        for (DurableState store : facts.stores()) {
            if (store.incarnation().equals(envelope.from().incarnation())) {
                lastHeard[store.index()] = node.ticks();
            }
        }
    }

    @Override
    public void ticked(Facts facts, NodeView node) {
        if (node.ticks() % INTERVAL != 0 || node.ticks() <= patienceTicks) {
            return;
        }
        long[] lastHeard = heard.get(node);
        long reachable = 1L << node.durable().index();
        for (int store = 0; lastHeard != null && store < Long.SIZE; store++) {
            if (lastHeard[store] > node.ticks() - patienceTicks) {
                reachable |= 1L << store;
            }
        }
        if (facts.formation().isPhase1(reachable) || facts.formation().isPhase2(reachable)) {
            return;
        }
        for (GroupId group : facts.logs().keySet()) {
            Check.require(
                    node.role(group) != RoleName.LEADER,
                    PROPERTY,
                    node,
                    "still leads ",
                    group,
                    " after ",
                    patienceTicks,
                    " ticks without a quorum");
        }
    }
}
