// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linearizability of a log: a command takes a slot above everything acknowledged before it was called, and a node that
 * answers a read has executed all of that, so that its caller reads it. What a read has shown is acknowledged, too.
 */
final class RealTimeOrder implements Check {

    private static final String PROPERTY = "linearizability";

    private final Map<GroupId, Long> acknowledged = new HashMap<>();
    private final Map<Long, Long> before = new HashMap<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void calling(Facts facts, Call call) {
        GroupId group = call.group();
        if (group != null && call.isLinearizable()) {
            before.put(call.request().number(), acknowledged.getOrDefault(group, 0L));
        }
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        GroupId group = call.group();
        if (group == null || !call.isLinearizable()) {
            return;
        }
        long floor = before.getOrDefault(call.request().number(), 0L);
        long slot;
        if (outcome instanceof Outcome.Applied applied) {
            slot = applied.slot();
            requireAbove(floor, slot - 1, call, outcome);
        } else if (outcome instanceof Outcome.Current current) {
            slot = current.slot();
            requireAbove(floor, slot, call, outcome);
        } else {
            return;
        }
        acknowledged.merge(group, slot, Math::max);
        Check.require(
                slot == 0 || facts.log(group).chosen(slot) != null,
                PROPERTY,
                call.node(),
                "answered a slot in which nothing is chosen: ",
                call);
        List<Execution> all = facts.executions(group);
        int seen = facts.executed(call.node(), group);
        Check.require(
                seen == all.size() || all.get(seen).context().slot() > floor,
                PROPERTY,
                call.node(),
                "answered though its own replica has executed only ",
                seen,
                " commands and slot ",
                floor,
                " was acknowledged before the call: ",
                call);
    }

    private static void requireAbove(long floor, long seen, Call call, Outcome outcome) {
        Check.require(
                seen >= floor,
                PROPERTY,
                call.node(),
                "answered ",
                outcome,
                " though slot ",
                floor,
                " was acknowledged before the call: ",
                call);
    }
}
