// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A command is executed at most once however often it is proposed; one that was acknowledged has been executed, in the
 * slot and with the result that the caller was told; one that was refused is never executed (rule 11).
 */
final class AppliedOnce implements Check {

    private static final String PROPERTY = "acknowledged is applied once, refused never";

    private final Map<Long, Execution> executionOf = new HashMap<>();
    private final Set<Long> refused = new HashSet<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void executing(Facts facts, NodeView node, GroupId group, Execution execution) {
        if (facts.executed(node, group) < facts.executions(group).size()) {
            return; // the first replica to come here was looked at, and the others do the same
        }
        long call = CommandMark.call(execution.command());
        Execution before = executionOf.put(call, execution);
        Check.require(before == null, PROPERTY, node, "executed twice: ", before, " and ", execution);
        Check.require(!refused.contains(call), PROPERTY, node, "executed a refused command: ", execution);
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        if (!(call.event() instanceof Event.Submit)) {
            return;
        }
        Execution execution = executionOf.get(call.request().number());
        if (outcome instanceof Outcome.Applied applied) {
            Check.require(
                    execution != null
                            && execution.context().slot() == applied.slot()
                            && execution.result().equals(applied.result()),
                    PROPERTY,
                    call.node(),
                    "answered ",
                    applied,
                    " to ",
                    call,
                    " where the execution was ",
                    execution);
        } else if (outcome instanceof Outcome.Refused) {
            Check.require(
                    execution == null,
                    PROPERTY,
                    call.node(),
                    "answered ",
                    outcome,
                    " to ",
                    call,
                    " which was executed: ",
                    execution);
            refused.add(call.request().number());
        }
    }
}
