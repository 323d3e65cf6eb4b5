// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is to become of the membership of a log: any number of nodes that are to vote, to observe, or to leave, in one
 * step. A node that votes already is named again where the store it has now is to be counted instead of the one it had.
 *
 * @param vote the nodes that vote from then on, each with the store it has now
 * @param observe the nodes that belong to the log from then on without voting
 * @param remove the nodes that do not belong to it any more
 * @param amends the version that is to be amended, or {@link #LATEST}
 */
public record MembershipChange(
        SortedSet<NodeId> vote, SortedSet<NodeId> observe, SortedSet<NodeId> remove, long amends) {

    /** Whichever version is the latest when the change is asked for. */
    public static final long LATEST = -1;

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if nothing is to change, or one node is named in two parts
     */
    public MembershipChange {
        vote = Collections.unmodifiableSortedSet(new TreeSet<>(vote));
        observe = Collections.unmodifiableSortedSet(new TreeSet<>(observe));
        remove = Collections.unmodifiableSortedSet(new TreeSet<>(remove));
        SortedSet<NodeId> all = new TreeSet<>(vote);
        all.addAll(observe);
        all.addAll(remove);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "a change of membership names at least one node to vote, to observe or to leave");
        }
        if (all.size() < vote.size() + observe.size() + remove.size()) {
            throw new IllegalArgumentException("a node can only vote, observe or leave, not two of these: to vote "
                    + vote + ", to observe " + observe + ", to leave " + remove);
        }
        if (amends < LATEST) {
            throw new IllegalArgumentException("configurations are numbered from 0, not " + amends);
        }
    }

    /**
     * Nodes that are to vote.
     *
     * @param nodes their names
     * @return the change
     */
    public static MembershipChange add(NodeId... nodes) {
        return new MembershipChange(sorted(nodes), none(), none(), LATEST);
    }

    /**
     * Nodes that are to leave.
     *
     * @param nodes their names
     * @return the change
     */
    public static MembershipChange remove(NodeId... nodes) {
        return new MembershipChange(none(), none(), sorted(nodes), LATEST);
    }

    /**
     * Nodes that are to learn and not to vote.
     *
     * @param nodes their names
     * @return the change
     */
    public static MembershipChange observe(NodeId... nodes) {
        return new MembershipChange(none(), sorted(nodes), none(), LATEST);
    }

    /**
     * One node in the place of another, in one step. Where both are the same name, the store that node has now is
     * counted in the place of the one it lost.
     *
     * @param leaving the node that leaves
     * @param coming the node that votes instead
     * @return the change
     */
    public static MembershipChange replace(NodeId leaving, NodeId coming) {
        return leaving.equals(coming)
                ? add(coming)
                : new MembershipChange(sorted(coming), none(), sorted(leaving), LATEST);
    }

    /**
     * The same change, of one version and no other.
     *
     * @param version the version that is to be amended
     * @return the change
     */
    public MembershipChange amending(long version) {
        return new MembershipChange(vote, observe, remove, version);
    }

    private static SortedSet<NodeId> sorted(NodeId... nodes) {
        return new TreeSet<>(List.of(nodes));
    }

    private static SortedSet<NodeId> none() {
        return Collections.emptySortedSet();
    }
}
