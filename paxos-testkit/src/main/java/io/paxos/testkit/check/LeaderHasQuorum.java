// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect.RoleName;
import io.paxos.message.Envelope;
import io.paxos.model.GroupId;
import io.paxos.model.StartId;
import java.util.HashMap;
import java.util.Map;

/**
 * A leader that has stopped hearing from a quorum steps down (rule 17). Of a configuration that has just come to govern it
 * need not have heard one yet: whom it had not to hear before has as long to answer as anyone.
 */
final class LeaderHasQuorum implements Check {

    private static final String PROPERTY = "no leader without a quorum";

    /** One look in so many ticks is enough for a property that is counted in many more. */
    private static final int INTERVAL = 8;

    private final int patienceTicks;
    private final Map<NodeView, long[]> heard = new HashMap<>();
    private final Map<NodeView, Map<GroupId, Reign>> reigns = new HashMap<>();

    /** Who governs the next slot at a node, and since which of its ticks, as far as was seen. */
    private record Reign(Constituency governing, long since) {}

    LeaderHasQuorum(int patienceTicks) {
        this.patienceTicks = patienceTicks;
    }

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void stopped(Facts facts, NodeView node) {
        heard.remove(node);
        reigns.remove(node);
    }

    @Override
    public void receiving(Facts facts, NodeView node, Envelope envelope) {
        boolean isCounted = !envelope.start().equals(StartId.NONE);
        // A copy bears the identity of a store that votes, and is no voter itself.
        int store = facts.formation().storeOf(envelope.from().incarnation());
        if (!isCounted || store < 0) {
            return;
        }
        heard.computeIfAbsent(node, n -> new long[Long.SIZE])[store] = node.ticks();
    }

    @Override
    public void ticked(Facts facts, NodeView node) {
        if (node.ticks() % INTERVAL != 0) {
            return;
        }
        Map<GroupId, Reign> known = reigns.computeIfAbsent(node, n -> new HashMap<>());
        for (GroupId group : facts.logs().keySet()) {
            Constituency governing = facts.log(group).governing(node.decided(group) + 1);
            if (governing == null) {
                continue;
            }
            Reign reign = known.get(group);
            if (reign == null || reign.governing != governing) {
                reign = new Reign(governing, reign == null ? 0 : node.ticks());
                known.put(group, reign);
            }
            if (node.role(group) == RoleName.LEADER && node.ticks() - reign.since > patienceTicks) {
                long reachable = reachable(node);
                Check.require(
                        governing.isPhase1(reachable) || governing.isPhase2(reachable),
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

    /** One bit for each store that this node has heard lately, and for its own. */
    private long reachable(NodeView node) {
        long[] lastHeard = heard.get(node);
        long reachable = 1L << node.durable().index();
        for (int store = 0; lastHeard != null && store < Long.SIZE; store++) {
            if (lastHeard[store] > node.ticks() - patienceTicks) {
                reachable |= 1L << store;
            }
        }
        return reachable;
    }
}
