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

    @Override
    public String toString() {
        return node + "/" + incarnation;
    }
}
