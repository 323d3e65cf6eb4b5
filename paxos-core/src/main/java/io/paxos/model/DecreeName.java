// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The name of a decree: the question to which one value is chosen, once and for ever.
 *
 * @param name non-empty text without control characters, at most {@value #MAX_BYTES} bytes in UTF-8
 */
public record DecreeName(String name) implements Comparable<DecreeName> {

    /** The longest permitted name, in bytes of its UTF-8 form. */
    public static final int MAX_BYTES = 512;

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is empty, too long, holds a control character or is not well-formed
     *     Unicode
     */
    public DecreeName {
        Names.requireText("a decree name", name, MAX_BYTES);
    }

    @Override
    public int compareTo(DecreeName other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
