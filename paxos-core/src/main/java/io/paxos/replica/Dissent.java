// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.Hello;
import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes count otherwise than this one: by another rule, or over another vector. They and this node do not listen
 * to each other (rules 2 and 6), which the operator has to be told. Bounded.
 */
final class Dissent {

    private static final int MOST = 64;

    private final Map<NodeId, Other> others = new TreeMap<>();

    /**
     * Takes note of what a node of a formed cluster says.
     *
     * @param formed the vector that this node counts by
     * @param rule the rule that this node counts by
     */
    void hear(Endpoint from, Hello hello, Membership formed, String rule) {
        Membership theirs = hello.formed();
        if (theirs == null) {
            return;
        }
        if (theirs.equals(formed) && hello.quorums().equals(rule)) {
            others.remove(from.node());
        } else if (others.size() < MOST || others.containsKey(from.node())) {
            others.put(from.node(), new Other(from, theirs, hello.quorums()));
        }
    }

    /** This node has been found to count alike. */
    void agrees(NodeId node) {
        if (!others.isEmpty()) {
            others.remove(node);
        }
    }

    /** A text for the operator, or null if nobody is known to count otherwise. */
    @Nullable
    String report(Membership formed, String rule) {
        for (Other other : others.values()) {
            return other.formed.equals(formed)
                    ? FormationReport.otherRule(other.endpoint, other.rule, rule)
                    : FormationReport.otherVector(other.endpoint, other.formed, formed);
        }
        return null;
    }

    private record Other(Endpoint endpoint, Membership formed, String rule) {}
}
