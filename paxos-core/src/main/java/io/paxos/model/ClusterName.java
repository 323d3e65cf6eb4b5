// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The name of a cluster. Every envelope carries it, so that a node of one cluster that is pointed at the addresses of
 * another is refused instead of counted.
 *
 * @param name 1 to 64 characters out of {@code A-Z a-z 0-9 . _ -}
 */
public record ClusterName(String name) {

    /** The longest permitted name, in characters. */
    public static final int MAX_LENGTH = 64;

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is empty, too long or holds another character
     */
    public ClusterName {
        Names.requireToken("cluster name", name, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return name;
    }
}
