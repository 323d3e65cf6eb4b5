// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.CommandId;
import io.paxos.model.GroupId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A command that was asked about has the result that was told, or is never executed if that was told (rule 11). */
final class SettledForGood implements Check {

    private static final String PROPERTY = "what became of a command is settled for good";

    private record Command(GroupId group, CommandId id) {}

    private final Map<Command, Execution> executed = new HashMap<>();
    private final Set<Command> fenced = new HashSet<>();

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void executing(Facts facts, NodeView node, GroupId group, Execution execution) {
        Command command = new Command(group, execution.context().id());
        Check.require(
                !fenced.contains(command), PROPERTY, node, "executed what was told to be fenced off: ", execution);
        executed.putIfAbsent(command, execution);
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        if (!(call.event() instanceof Event.Resolve resolve)) {
            return;
        }
        Command command = new Command(resolve.group(), resolve.command());
        Execution execution = executed.get(command);
        if (outcome instanceof Outcome.Fenced) {
            Check.require(execution == null, PROPERTY, call.node(), "fenced off what was executed: ", execution);
            fenced.add(command);
        } else if (outcome instanceof Outcome.Applied applied) {
            Check.require(
                    execution != null
                            && execution.context().slot() == applied.slot()
                            && execution.result().equals(applied.result()),
                    PROPERTY,
                    call.node(),
                    "told ",
                    applied,
                    " where the execution was ",
                    execution);
        }
    }
}
