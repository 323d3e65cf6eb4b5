// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A candidacy of a node for leading a log, from Prepare to its end. As {@code docs/observability.md} says. */
@Name("io.paxos.Election")
@Label("Paxos Election")
@Category("Paxos")
@Description("A candidacy of a node for leading a log, from Prepare to its end.")
@StackTrace(false)
final class ElectionEvent extends Event implements Flight.Candidacy {

    @Label("Node")
    @Nullable
    String node;

    @Label("Group")
    @Nullable
    String group;

    @Label("Ballot")
    @Nullable
    String ballot;

    @Label("Won")
    boolean won;

    @Override
    public void ended(NodeId by, GroupId log, Ballot asked, boolean leads) {
        end();
        if (shouldCommit()) {
            node = by.name();
            group = log.toString();
            ballot = asked.toString();
            won = leads;
            commit();
        }
    }
}
