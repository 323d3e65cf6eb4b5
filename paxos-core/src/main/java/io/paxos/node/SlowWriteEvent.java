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

/** A batch of writes that the store took long for. As {@code docs/observability.md} says. */
@Name("io.paxos.SlowWrite")
@Label("Paxos Slow Write")
@Category("Paxos")
@Description("A batch of writes that the store took long for.")
@StackTrace(false)
@Threshold("20 ms")
final class SlowWriteEvent extends Event implements Flight.Writing {

    @Label("Node")
    @Nullable
    String node;

    @Label("Writes")
    int writes;

    @Label("Failed")
    boolean failed;

    @Override
    public void ended(NodeId by, int count, boolean isFailed) {
        end();
        if (shouldCommit()) {
            node = by.name();
            writes = count;
            failed = isFailed;
            commit();
        }
    }
}
