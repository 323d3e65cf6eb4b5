// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.replica.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges how a node stands; see {@link NodeHealth} for what counts and why. It looks at nothing but what it is given.
 *
 * @param policy from when on the node counts as not ready
 * @param tick how long a tick is
 * @param member whether the node is one of those it was told form the cluster, so that it ought to vote
 * @param threw whether execution of a log ended by itself: the state machine threw, or a snapshot cannot be restored
 */
record HealthCheck(HealthPolicy policy, Duration tick, boolean member, Predicate<GroupId> threw) {

    /**
     * The verdict.
     *
     * @param status how the node stands
     * @param silent why that is not what its loop says now, or null if it is
     */
    NodeHealth of(NodeStatus status, @Nullable String silent) {
        NodeId self = status.self().node();
        List<String> dead = new ArrayList<>();
        if (silent != null) {
            dead.add(silent);
        }
        if (status.halted() != null) {
            dead.add("node " + self + " has halted: " + status.halted());
        }
        List<String> notReady = new ArrayList<>();
        if (status.formed() == null) {
            notReady.add("the cluster has not formed, as far as this node knows: not all members have met");
        } else if (status.stranger() != null && status.groups().isEmpty()) {
            notReady.add("a stranger to its cluster: " + status.stranger());
        }
        SortedMap<GroupId, List<String>> groups = new TreeMap<>();
        status.groups().forEach((id, group) -> {
            if (status.halted() == null && foundRuleBroken(id, group, self)) {
                dead.add("group " + id + " has halted: " + group.halted());
            }
            groups.put(id, reasons(id, group));
        });
        return new NodeHealth(dead, notReady, groups);
    }

    /** Whatever else stops a log would stop it again after a restart. */
    private boolean foundRuleBroken(GroupId id, NodeStatus.Group group, NodeId self) {
        return group.halted() != null && !threw.test(id) && !group.odd().contains(self);
    }

    private List<String> reasons(GroupId id, NodeStatus.Group group) {
        if (group.halted() != null) {
            return List.of("group " + id + " has halted: " + group.halted());
        }
        List<String> reasons = new ArrayList<>();
        NodeStatus.Membership membership = group.membership();
        if (membership != null && membership.standing() == NodeStatus.Standing.STRANGER) {
            reasons.add("a stranger in group " + id
                    + ": the name of this node votes there with another store, or another start of it; have it"
                    + " admitted again");
        } else if (membership != null && membership.standing() == NodeStatus.Standing.OUTSIDE && member) {
            reasons.add("removed from group " + id + "; stop this node, or have it admitted again");
        }
        long behind = group.known() - group.applied();
        if (behind > policy.mostBehind()) {
            reasons.add("group " + id + " is " + behind + " slots behind what is known to be decided, and "
                    + policy.mostBehind() + " are allowed");
        }
        String missing = missingLeader(group.leaderlessTicks());
        if (missing != null) {
            reasons.add("group " + id + " has heard no leader " + missing);
        }
        return reasons;
    }

    /** A replica that has heard no leader since its start cannot know what it misses, so it is not given time. */
    private @Nullable String missingLeader(long ticks) {
        if (ticks < 0) {
            return "since this node was started";
        }
        Duration leaderless = tick.multipliedBy(ticks);
        return leaderless.compareTo(policy.leaderless()) > 0
                ? "for " + leaderless.toMillis() + " ms, and "
                        + policy.leaderless().toMillis() + " ms are allowed"
                : null;
    }
}
