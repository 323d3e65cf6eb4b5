// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.NodeId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A force of the journal that the device took long for. As {@code docs/observability.md} says. */
@Name("io.paxos.SlowForce")
@Label("Paxos Slow Force")
@Category("Paxos")
@Description("A force of the journal that the device took long for.")
@StackTrace(false)
@Threshold("20 ms")
final class SlowForceEvent extends Event implements Flight.Forcing {

    @Label("Node")
    @Nullable
    String node;

    @Override
    public void ended(NodeId by) {
        end();
        if (shouldCommit()) {
            node = by.name();
            commit();
        }
    }
}
