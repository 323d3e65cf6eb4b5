package io.paxos.testkit.check;

import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import io.paxos.model.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linearizability of a log: a command or a barrier takes a slot above everything acknowledged before it was called, and
 * a node whose barrier is answered has executed all of that, so that its caller reads it.
 */
final class RealTimeOrder implements Check {

    private static final String PROPERTY = "linearizability";

    private final Map<GroupId, Long> acknowledged = new HashMap<>();
    private final Map<Long, Long> before = new HashMap<>();

    @Override
    public void calling(Facts facts, Call call) {
        GroupId group = call.group();
        if (group != null) {
            before.put(call.request().number(), acknowledged.getOrDefault(group, 0L));
        }
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        GroupId group = call.group();
        if (group == null || !(outcome instanceof Outcome.Applied applied)) {
            return;
        }
        long floor = before.getOrDefault(call.request().number(), 0L);
        Check.require(
                applied.slot() > floor,
                PROPERTY,
                call.node(),
                "answered ",
                applied,
                " though slot ",
                floor,
                " was acknowledged before the call: ",
                call);
        acknowledged.merge(group, applied.slot(), Math::max);
        Value chosen = facts.log(group).chosen(applied.slot());
        Check.require(chosen != null, PROPERTY, call.node(), "answered a slot in which nothing is chosen: ", call);
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
}
