// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads fields of Protocol Buffers messages as this release writes them, straight out of an array. At anything else it
 * gives up, with {@link Unusual}: whether that is damage, or another way to write the same, is for the generated classes
 * to say. Not safe for use by several threads.
 */
final class FieldReader {

    /** The bytes are not as this release writes them. */
    static final class Unusual extends Exception {

        private static final long serialVersionUID = 1;

        /** Thrown to be caught at once, so nobody looks at where it was thrown. */
        static final Unusual FORM = new Unusual();

        private Unusual() {
            super("not in the form that this release writes", null, false, false);
        }
    }

    /** A longer array is not kept. */
    private static final int KEPT = 1 << 19;

    private static final byte[] NONE = {};

    private byte[] own = NONE;
    private byte[] bytes = NONE;
    private int at;
    private int limit;

    /** Begins to read what a buffer holds; its position does not move. What is read next must be read at once. */
    void read(ByteBuffer source) {
        if (source.hasArray()) {
            bytes = source.array();
            at = source.arrayOffset() + source.position();
        } else {
            if (own.length < source.remaining()) {
                own = new byte[Math.max(source.remaining(), 2 * own.length)];
            }
            bytes = own;
            at = 0;
            source.get(source.position(), bytes, 0, source.remaining());
        }
        limit = at + source.remaining();
    }

    /** Forgets what was read. */
    void end() {
        bytes = NONE;
        if (own.length > KEPT) {
            own = NONE;
        }
    }

    boolean isAtEnd() {
        return at == limit;
    }

    /** The tag of the next field, or a length. */
    int small() throws Unusual {
        long value = number();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw Unusual.FORM;
        }
        return (int) value;
    }

    long number() throws Unusual {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw Unusual.FORM;
    }

    long signed() throws Unusual {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    long fixed() throws Unusual {
        require(Long.BYTES);
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            value |= (bytes[at++] & 0xffL) << shift;
        }
        return value;
    }

    /** The bytes of a field, copied. */
    byte[] bytes() throws Unusual {
        int length = length();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** A text in which each character takes one byte; any other is left to those who know whether it is one. */
    String plainText() throws Unusual {
        int length = length();
        for (int i = at; i < at + length; i++) {
            if (bytes[i] < 0) {
                throw Unusual.FORM;
            }
        }
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.ISO_8859_1);
    }

    /** Whether the bytes of the field that follows are these; only then it is passed over. */
    boolean isNext(byte[] expected) throws Unusual {
        int before = at;
        int length = length();
        if (Arrays.equals(bytes, at, at + length, expected, 0, expected.length)) {
            at += length;
            return true;
        }
        at = before;
        return false;
    }

    /** Goes into a field that has a length; nothing behind it can be read until {@link #leave}. */
    int enter() throws Unusual {
        int length = length();
        int outer = limit;
        limit = at + length;
        return outer;
    }

    /** Comes out of a field that has been read to its end. */
    void leave(int outer) throws Unusual {
        if (at != limit) {
            throw Unusual.FORM;
        }
        limit = outer;
    }

    /** Comes out of a field that is to be read in another way. */
    void leaveEarly(int outer) {
        limit = outer;
    }

    /** Where reading stands, to look ahead and come back. */
    int mark() {
        return at;
    }

    void backTo(int mark) {
        at = mark;
    }

    void skip(int length) throws Unusual {
        require(length);
        at += length;
    }

    private int length() throws Unusual {
        int length = small();
        require(length);
        return length;
    }

    private void require(int length) throws Unusual {
        if (limit - at < length) {
            throw Unusual.FORM;
        }
    }

    private byte octet() throws Unusual {
        if (at == limit) {
            throw Unusual.FORM;
        }
        return bytes[at++];
    }
}
