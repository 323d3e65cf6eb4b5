// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * The identity of one replicated log. A group that is deleted and created anew under the same name has another
 * generation, and with it another identity on the wire and on disk (rule 8).
 *
 * @param name 1 to 128 characters out of {@code A-Z a-z 0-9 . _ -}
 * @param generation counts the creations of this name, from 0
 */
public record GroupId(String name, int generation) implements Comparable<GroupId> {

    /** The longest permitted name, in characters. */
    public static final int MAX_LENGTH = 128;

    /**
     * The log whose memberships are those of the decrees and registers, one epoch after the other (rule 16). Nodes keep it
     * by themselves, from the first change on; nobody else may open a log of this name.
     */
    public static final GroupId EPOCHS = GroupId.of(".epochs");

    /**
     * Checks name and generation.
     *
     * @throws IllegalArgumentException if the name is empty, too long or holds another character, or if the generation
     *     is negative
     */
    public GroupId {
        Names.requireToken("group name", name, MAX_LENGTH);
        if (generation < 0) {
            throw new IllegalArgumentException("the generation of group " + name + " is negative: " + generation);
        }
    }

    /**
     * The first generation of a group.
     *
     * @param name the group's name
     * @return the id of its first creation
     */
    public static GroupId of(String name) {
        return new GroupId(name, 0);
    }

    @Override
    public int compareTo(GroupId other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : Integer.compare(generation, other.generation);
    }

    @Override
    public String toString() {
        return generation == 0 ? name : name + "#" + generation;
    }
}
