// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Hears what changes at a node. Called on the node's callback executor, one call at a time, in the order of the
 * changes; a slow listener delays only later calls of the same listener. What a method throws is logged and harms
 * nothing.
 */
public interface NodeListener {

    /**
     * The cluster has formed, or this node has learned that it had.
     *
     * @param membership the nodes whose votes on decrees and registers count
     * @param stranger null if this node is one of them, else why it is not; who votes in a log, the membership of that log
     *     says
     */
    default void formed(Membership membership, @Nullable String stranger) {}

    /**
     * This node's votes no longer count, though they did as far as it knew: it has been told that its store was restored
     * from a backup or copied. It goes on as an observer. Where a node knows so from the start, {@link #formed} says it.
     *
     * @param reason why, which start of the store is counted, and how the cluster goes on
     */
    default void turnedStranger(String reason) {}

    /**
     * This node's part in a log changed, or the leader it knows.
     *
     * @param group the log
     * @param role the part it plays now
     * @param ballot the ballot of that part
     * @param leader the leader it hears, itself included, or null
     */
    default void roleChanged(GroupId group, Effect.RoleName role, Ballot ballot, @Nullable NodeId leader) {}

    /**
     * This node has learned the decision of a decree.
     *
     * @param name the decree
     * @param value the chosen value, encoded
     */
    default void decreeDecided(DecreeName name, Payload value) {}

    /**
     * Replicas of a log, where {@linkplain PaxosNodeBuilder#compareStates states are compared}, have executed the same
     * commands and come to different states. One that differs from more than half of the voters stops by itself.
     *
     * @param group the log
     * @param odd who differs from more than half of the voters; empty if no state is that of more than half, so that
     *     nobody can tell who is right
     * @param detail where they differ, and what each has come to
     */
    default void diverged(GroupId group, Set<NodeId> odd, String detail) {}

    /**
     * A log works at a higher feature level than this node knew: what that level has may be used from now on, and nodes that
     * run a library without it cannot take part any more. Also heard at each start of a node, when it reads so in its store.
     *
     * @param group the log
     * @param level the level in force
     */
    default void levelRaised(GroupId group, FeatureLevel level) {}

    /**
     * Something can no longer go on until the node is restarted.
     *
     * @param group the log that stopped, or null if the whole node did
     * @param reason what happened, where, and the remedy
     */
    default void halted(@Nullable GroupId group, String reason) {}
}
