// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** Slots that a state machine took long for. As {@code docs/observability.md} says. */
@Name("io.paxos.SlowApply")
@Label("Paxos Slow Apply")
@Category("Paxos")
@Description("Slots that a state machine took long for.")
@StackTrace(false)
@Threshold("20 ms")
final class SlowApplyEvent extends Event implements Flight.Applying {

    @Label("Node")
    @Nullable
    String node;

    @Label("Group")
    @Nullable
    String group;

    @Label("First Slot")
    long slot;

    @Label("Slots")
    int slots;

    @Override
    public void ended(NodeId by, GroupId log, long first, int count) {
        end();
        if (shouldCommit()) {
            node = by.name();
            group = log.toString();
            slot = first;
            slots = count;
            commit();
        }
    }
}
