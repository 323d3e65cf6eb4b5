// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The stable, opaque name of a node. It says nothing about where the node runs: addresses are looked up by the
 * transport and appear in no ballot, log or snapshot, so a node may come back under another address.
 *
 * @param name 1 to 64 characters out of {@code A-Z a-z 0-9 . _ -}
 */
public record NodeId(String name) implements Comparable<NodeId> {

    /** The longest permitted name, in characters. */
    public static final int MAX_LENGTH = 64;

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is empty, too long or holds another character
     */
    public NodeId {
        Names.requireToken("node id", name, MAX_LENGTH);
    }

    /**
     * Same as the constructor, for static import.
     *
     * @param name the node's name
     * @return the id of that name
     */
    public static NodeId of(String name) {
        return new NodeId(name);
    }

    // Written out, as in Endpoint.
    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof NodeId o && name.equals(o.name));
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public int compareTo(NodeId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
