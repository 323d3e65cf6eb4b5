package io.paxos.model;

import java.nio.charset.StandardCharsets;

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
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a decree name must not be empty");
        }
        if (name.length() > MAX_BYTES || utf8Length(name) > MAX_BYTES) {
            throw new IllegalArgumentException("a decree name may take at most " + MAX_BYTES
                    + " bytes of UTF-8, but one of " + name.length() + " characters was given, starting \""
                    + name.substring(0, Math.min(32, name.length())) + "\"");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c)) {
                throw new IllegalArgumentException(
                        "a decree name must not hold control characters, but position " + i + " is " + (int) c);
            }
            if (Character.isHighSurrogate(c) && i + 1 < name.length() && Character.isLowSurrogate(name.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        "a decree name must be well-formed Unicode, but position " + i + " is half a surrogate pair");
            }
        }
    }

    private static int utf8Length(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
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
