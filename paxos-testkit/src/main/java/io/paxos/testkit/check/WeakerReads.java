// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What reads promise that are not linearizable: one that names a slot has that slot in it, and one that names a moment
 * of its node's clock has everything in it that had been acknowledged to anyone when that clock showed it.
 */
final class WeakerReads implements Check {

    private static final String PROPERTY = "a read is as fresh as it says";

    private final Map<GroupId, Long> acknowledged = new HashMap<>();

    /** By node and log: what had been acknowledged when its clock showed a moment. */
    private final Map<NodeView, Map<GroupId, NavigableMap<Long, Long>>> seen = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void ticked(Facts facts, NodeView node) {
        Map<GroupId, NavigableMap<Long, Long>> byGroup = seen.computeIfAbsent(node, n -> new HashMap<>());
        acknowledged.forEach((group, slot) -> {
            NavigableMap<Long, Long> moments = byGroup.computeIfAbsent(group, g -> new TreeMap<>());
            Map.Entry<Long, Long> last = moments.lastEntry();
            if (last == null || last.getValue() < slot) {
                moments.put(node.nanos(), slot);
            }
        });
    }

    @Override
    public void stopped(Facts facts, NodeView node) {
        seen.remove(node);
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied && call.event() instanceof Event.Submit submit) {
            acknowledged.merge(submit.group(), applied.slot(), Math::max);
        }
        if (!(outcome instanceof Outcome.Current current) || !(call.event() instanceof Event.Read read)) {
            return;
        }
        long floor = 0;
        if (read.freshness() instanceof Freshness.AtLeast least) {
            floor = least.slot();
        } else if (read.freshness() instanceof Freshness.MarkedSince marked) {
            floor = floorAt(call.node(), read.group(), marked.since());
        }
        List<Execution> all = facts.executions(read.group());
        int executed = facts.executed(call.node(), read.group());
        boolean isExecuted =
                executed == all.size() || all.get(executed).context().slot() > floor;
        Check.require(
                current.slot() >= floor && isExecuted,
                PROPERTY,
                call.node(),
                "answered ",
                outcome,
                " though slot ",
                floor,
                " had to be in it, to ",
                call);
    }

    private long floorAt(NodeView node, GroupId group, long nanos) {
        NavigableMap<Long, Long> moments = seen.getOrDefault(node, Map.of()).getOrDefault(group, new TreeMap<>());
        Map.Entry<Long, Long> before = moments.floorEntry(nanos);
        return before == null ? 0 : before.getValue();
    }
}
