// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The nodes whose votes count, each by name and by the incarnation of its store: the vector to which a cluster binds
 * when it forms (rule 6). Whoever is not in it, down to the incarnation, is a stranger.
 *
 * @param voters name to incarnation, at least one; kept in the order of the names
 */
public record Membership(SortedMap<NodeId, Incarnation> voters) {

    /**
     * Copies and checks the voters.
     *
     * @throws IllegalArgumentException if there is no voter, or one without a definite incarnation
     */
    public Membership {
        if (voters.isEmpty()) {
            throw new IllegalArgumentException("a membership needs at least one voter");
        }
        if (voters.containsValue(Incarnation.ANY)) {
            throw new IllegalArgumentException("every voter needs a definite incarnation: " + voters);
        }
        SortedMap<NodeId, Incarnation> byName = new TreeMap<>();
        byName.putAll(voters);
        voters = Collections.unmodifiableSortedMap(byName);
    }

    /**
     * A membership of the given voters.
     *
     * @param voters name to incarnation
     * @return the membership
     */
    public static Membership of(Map<NodeId, Incarnation> voters) {
        return new Membership(new TreeMap<>(voters));
    }

    /**
     * Whether exactly this incarnation of this node is a voter.
     *
     * @param endpoint the node asked about
     * @return true if its votes count
     */
    public boolean counts(Endpoint endpoint) {
        return endpoint.incarnation().equals(voters.get(endpoint.node()));
    }

    /**
     * The voters as addressees.
     *
     * @return one endpoint for each voter, in the order of their names
     */
    public List<Endpoint> endpoints() {
        return voters.entrySet().stream()
                .map(e -> new Endpoint(e.getKey(), e.getValue()))
                .toList();
    }

    @Override
    public String toString() {
        return voters.toString();
    }
}
