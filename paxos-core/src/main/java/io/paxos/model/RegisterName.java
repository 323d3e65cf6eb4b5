// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The name of a register. Registers and decrees have nothing to do with each other, even if they bear the same name.
 *
 * @param name non-empty text without control characters, at most {@value #MAX_BYTES} bytes in UTF-8
 */
public record RegisterName(String name) implements Comparable<RegisterName> {

    /** The longest permitted name, in bytes of its UTF-8 form. */
    public static final int MAX_BYTES = 512;

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is empty, too long, holds a control character or is not well-formed
     *     Unicode
     */
    public RegisterName {
        Names.requireText("a register name", name, MAX_BYTES);
    }

    @Override
    public int compareTo(RegisterName other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
