// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks what was said about a cluster's members; every refusal names the value and the remedy. */
final class MemberList {

    private MemberList() {}

    /** The members as a set, in the order of their names. */
    static Set<NodeId> parse(Collection<String> names) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "the cluster has no members; name all its voting nodes with members(\"n1\", \"n2\", ...)");
        }
        TreeSet<NodeId> members = new TreeSet<>();
        for (String name : names) {
            if (!members.add(new NodeId(name))) {
                throw new IllegalArgumentException(
                        "member \"" + name + "\" is named twice in " + names + "; name every node once");
            }
        }
        return Collections.unmodifiableSet(members);
    }

    /** Checks that a voter is among the members, and an observer is not. */
    static void requirePlace(NodeId id, Set<NodeId> members, boolean observer) {
        if (!observer && !members.contains(id)) {
            throw new IllegalArgumentException("this node's id \"" + id + "\" is not among the members " + members
                    + "; add it to members(...), correct id(...), or call observer() if it is only to learn");
        }
        if (observer && members.contains(id)) {
            throw new IllegalArgumentException("this node's id \"" + id + "\" is among the members " + members
                    + ", whose votes count, but observer() was called; leave out one of the two");
        }
    }

    /** Checks that a quorum system can be made for the members, and is for no others. */
    static void requireQuorums(Function<Set<NodeId>, QuorumSystem> quorums, Set<NodeId> members) {
        @Nullable QuorumSystem system;
        try {
            system = quorums.apply(members);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the quorums do not fit the members " + members + ": " + e.getMessage(), e);
        }
        if (system == null || !system.members().equals(members)) {
            throw new IllegalArgumentException("quorums(...) must make a quorum system of exactly the members "
                    + members + " it is given, but returned "
                    + (system == null ? "null" : "one of " + new TreeSet<>(system.members())));
        }
        String description = system.description();
        if (description == null || description.isBlank() || description.length() > QuorumSystem.MAX_DESCRIPTION) {
            throw new IllegalArgumentException("quorums(...) must make a quorum system whose description() is one line"
                    + " of at most " + QuorumSystem.MAX_DESCRIPTION + " characters, but it is \"" + description
                    + "\"; it is how other nodes tell whether they count by the same rule");
        }
    }
}
