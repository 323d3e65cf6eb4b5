// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * How much the nodes of a log may take for granted of one another. A value of a newer kind is proposed only in slots behind
 * the one that decided a level which has it, and a level is decided only when everybody who belongs to the log has said
 * that the library it runs supports it (rule 9). So nobody is ever sent what it cannot read.
 *
 * @param number counts the levels from 0; each allows all that the ones before do
 */
public record FeatureLevel(int number) implements Comparable<FeatureLevel> {

    /** Where every log begins: commands, the beginnings of sessions, and no-ops. */
    public static final FeatureLevel BASE = new FeatureLevel(0);

    /** Changes of membership, and fences that settle what became of a command. */
    public static final FeatureLevel CHANGES_AND_FENCES = new FeatureLevel(1);

    /** The highest level that this version of the library supports. */
    public static final FeatureLevel LATEST = CHANGES_AND_FENCES;

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public FeatureLevel {
        if (number < 0) {
            throw new IllegalArgumentException("feature levels count from 0, not from " + number);
        }
    }

    /**
     * Whether a value may be proposed where this level is in force.
     *
     * @param value any value
     * @return true if everybody who supports this level can read and execute it
     */
    public boolean allows(Value value) {
        return compareTo(value.level()) >= 0;
    }

    /**
     * The lower of two levels: what nodes that support these have in common.
     *
     * @param one a level
     * @param other a level
     * @return one of them
     */
    public static FeatureLevel min(FeatureLevel one, FeatureLevel other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /**
     * The higher of two levels: what is in force where both have been decided.
     *
     * @param one a level
     * @param other a level
     * @return one of them
     */
    public static FeatureLevel max(FeatureLevel one, FeatureLevel other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    @Override
    public int compareTo(FeatureLevel other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "feature level " + number;
    }
}
