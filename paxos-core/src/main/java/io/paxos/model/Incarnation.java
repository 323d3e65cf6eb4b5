// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The identity of a store, drawn at random when the store is created. The identity that votes is (NodeId, Incarnation):
 * a node that lost its store comes back under its old name with another incarnation and is a stranger (rule 6).
 *
 * @param bits the random identity; zero is reserved for {@link #ANY}
 */
public record Incarnation(long bits) {

    /** Stands for "whichever": the addressee of a message to a node whose incarnation is not known yet. */
    public static final Incarnation ANY = new Incarnation(0);

    // Written out, as in Endpoint.
    @Override
    public boolean equals(Object other) {
        return other instanceof Incarnation o && bits == o.bits;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(bits);
    }

    @Override
    public String toString() {
        return bits == 0 ? "any" : Long.toHexString(bits);
    }
}
