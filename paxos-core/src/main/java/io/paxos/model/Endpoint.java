// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * One end of an envelope: a node, and which of its incarnations is meant.
 *
 * @param node the node's name
 * @param incarnation the identity of the node's store
 */
public record Endpoint(NodeId node, Incarnation incarnation) {

    /**
     * The node by name, whichever incarnation it has.
     *
     * @param node the node's name
     * @return an endpoint with {@link Incarnation#ANY}
     */
    public static Endpoint any(NodeId node) {
        return new Endpoint(node, Incarnation.ANY);
    }

    // Written out, for every envelope is compared by these many times over, and what the compiler makes for a
    // record is several times slower there.
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Endpoint e && incarnation.equals(e.incarnation) && node.equals(e.node));
    }

    @Override
    public int hashCode() {
        return 31 * node.hashCode() + incarnation.hashCode();
    }

    @Override
    public String toString() {
        return node + "/" + incarnation;
    }
}
