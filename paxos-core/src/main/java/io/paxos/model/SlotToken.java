// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.Objects;

/**
 * A place in a log that travels: whoever shows it to a read, at whatever node, sees at least what its giver has seen. It
 * says nothing of any other log.
 *
 * @param group the log
 * @param slot the last slot that was seen executed, 0 if none
 */
public record SlotToken(GroupId group, long slot) {

    private static final char SEPARATOR = ':';

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if the slot is negative
     */
    public SlotToken {
        Objects.requireNonNull(group, "group");
        if (slot < 0) {
            throw new IllegalArgumentException("a token cannot name slot " + slot + "; slots count from 1");
        }
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @param text name, generation and slot, with colons between them
     * @return the token
     * @throws IllegalArgumentException if the text is none, naming it
     */
    public static SlotToken parse(String text) {
        String[] parts = text.split(String.valueOf(SEPARATOR), -1);
        try {
            if (parts.length == 3) {
                return new SlotToken(new GroupId(parts[0], Integer.parseInt(parts[1])), Long.parseLong(parts[2]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return "no token of a slot reads \"" + text + "\"; one looks like accounts:0:1234 and is passed on as it came";
    }

    @Override
    public String toString() {
        return group.name() + SEPARATOR + group.generation() + SEPARATOR + slot;
    }
}
