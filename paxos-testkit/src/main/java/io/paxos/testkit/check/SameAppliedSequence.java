// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.GroupId;
import io.paxos.model.Value;
import java.util.List;

/** Every replica executes the same commands in the same slots at the same log time, with the same results. */
final class SameAppliedSequence implements Check {

    private static final String PROPERTY = "the same applied sequence everywhere";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void executing(Facts facts, NodeView node, GroupId group, Execution execution) {
        List<Execution> all = facts.executions(group);
        int position = facts.executed(node, group);
        if (position < all.size()) {
            Check.require(
                    execution.equals(all.get(position)),
                    PROPERTY,
                    node,
                    "executed as number ",
                    position,
                    " of ",
                    group,
                    " ",
                    execution,
                    " where another replica executed ",
                    all.get(position));
            return;
        }
        Value chosen = facts.log(group).chosen(execution.context().slot());
        Check.require(
                chosen instanceof Value.Command command
                        && command.id().equals(execution.context().id())
                        && command.payload().equals(execution.command()),
                PROPERTY,
                node,
                "executed ",
                execution,
                " where chosen is ",
                chosen);
        Execution last = all.isEmpty() ? null : all.get(all.size() - 1);
        Check.require(
                last == null
                        || (execution.context().slot() > last.context().slot()
                                && execution
                                                .context()
                                                .time()
                                                .compareTo(last.context().time())
                                        >= 0),
                PROPERTY,
                node,
                "went back in slot or log time: ",
                last,
                " and then ",
                execution);
    }
}
