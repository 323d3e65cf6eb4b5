// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

/**
 * Something that goes wrong with a file while nobody looks. Written as text, it can be read back.
 *
 * @param kind what goes wrong
 * @param file the path of the file
 * @param position for a flip, the number of the bit, counted from the first bit of the first byte; for a cut, the new
 *     size in bytes; 0 for a file that goes missing
 */
public record Damage(Kind kind, String file, long position) {

    /** What can go wrong. */
    public enum Kind {
        /** One bit is read as its contrary. */
        FLIP,
        /** The file ends earlier. */
        CUT,
        /** The file is not there. */
        MISSING
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @param text three parts with a colon between them
     * @return the damage
     * @throws IllegalArgumentException if it is no such text
     */
    public static Damage parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a damage reads like FLIP:/store/journal:1234, not " + text);
        }
        return new Damage(Kind.valueOf(parts[0]), parts[1], Long.parseLong(parts[2]));
    }

    Content applyTo(Content content) {
        return switch (kind) {
            case FLIP -> {
                byte[] flipped = {(byte) (content.at(position / 8) ^ 1 << position % 8)};
                yield content.write(position / 8, flipped);
            }
            case CUT -> content.resize(position);
            case MISSING -> throw new IllegalStateException("a missing file has no content");
        };
    }

    @Override
    public String toString() {
        return kind + ":" + file + ":" + position;
    }
}
