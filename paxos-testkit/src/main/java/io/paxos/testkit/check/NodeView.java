// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Effect.RoleName;
import io.paxos.event.Self;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;

/** One start of one node, as a check sees it. */
public interface NodeView {

    /**
     * Who the node is, for this start.
     *
     * @return name, incarnation and nonce
     */
    Self self();

    /**
     * What would survive if the node crashed at this moment.
     *
     * @return the live view of the store, not a copy
     */
    DurableState durable();

    /**
     * How many ticks this start of the node has seen.
     *
     * @return the number of ticks
     */
    long ticks();

    /**
     * What the node's monotonic clock shows now.
     *
     * @return nanoseconds
     */
    long nanos();

    /**
     * The part the node plays in a log, by its own latest word.
     *
     * @param group the log
     * @return the role; OBSERVER before the first word
     */
    RoleName role(GroupId group);

    /**
     * The highest feature level that this start of the node supports.
     *
     * @return the latest, unless it runs an older version of the library
     */
    default FeatureLevel supports() {
        return FeatureLevel.LATEST;
    }

    /**
     * How far a log is decided, by the node's own latest word.
     *
     * @param group the log
     * @return every slot up to this one is decided, 0 if the log is not open
     */
    long decided(GroupId group);
}
