// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes fields of Protocol Buffers messages, in the form that the generated classes give them, into an array that is
 * used again and again. What the generated classes leave out, because it is the default, is left out here as well. Not
 * safe for use by several threads.
 */
final class FieldWriter {

    /** A longer array is not kept. */
    private static final int KEPT = 1 << 19;

    private static final int FIRST = 1 << 10;

    /** A tag or a number takes no more. */
    private static final int LONGEST_NUMBER = 10;

    private byte[] bytes = new byte[FIRST];
    private int end;

    FieldWriter clear() {
        if (bytes.length > KEPT) {
            bytes = new byte[FIRST];
        }
        end = 0;
        return this;
    }

    int size() {
        return end;
    }

    /** Begins a field of a length that is known; its content is written next. */
    void begin(int field, int length) {
        makeRoom(2 * LONGEST_NUMBER);
        putNumber(tag(field, LENGTH));
        putNumber(length);
    }

    void number(int field, long value) {
        if (value != 0) {
            makeRoom(2 * LONGEST_NUMBER);
            putNumber(tag(field, NUMBER));
            putNumber(value);
        }
    }

    void signed(int field, long value) {
        number(field, zigzag(value));
    }

    void fixed(int field, long value) {
        if (value != 0) {
            makeRoom(LONGEST_NUMBER + Long.BYTES);
            putNumber(tag(field, EIGHT_BYTES));
            for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
                bytes[end++] = (byte) (value >>> shift);
            }
        }
    }

    /** A name, which is made of characters that take one byte each. */
    void name(int field, String name) {
        begin(field, name.length());
        makeRoom(name.length());
        for (int i = 0; i < name.length(); i++) {
            bytes[end++] = (byte) name.charAt(i);
        }
    }

    void bytes(int field, byte[] value) {
        if (value.length != 0) {
            begin(field, value.length);
            makeRoom(value.length);
            System.arraycopy(value, 0, bytes, end, value.length);
            end += value.length;
        }
    }

    /** What another has written, as it is. */
    void append(FieldWriter other) {
        makeRoom(other.end);
        System.arraycopy(other.bytes, 0, bytes, end, other.end);
        end += other.end;
    }

    void copyTo(ByteBuffer target) {
        target.put(bytes, 0, end);
    }

    private void putNumber(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[end++] = (byte) rest;
    }

    private void makeRoom(int more) {
        if (bytes.length - end < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(end, more), 2 * bytes.length));
        }
    }

    /** The wire types of Protocol Buffers. */
    static final int NUMBER = 0;

    static final int EIGHT_BYTES = 1;
    static final int LENGTH = 2;

    static int tag(int field, int type) {
        return field << 3 | type;
    }

    private static long zigzag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    static int sizeOfNumber(long value) {
        // Seven bits in each byte, and one byte for zero.
        return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    static int sizeOfNumber(int field, long value) {
        return value == 0 ? 0 : sizeOfNumber(tag(field, NUMBER)) + sizeOfNumber(value);
    }

    static int sizeOfSigned(int field, long value) {
        return sizeOfNumber(field, zigzag(value));
    }

    static int sizeOfFixed(int field, long value) {
        return value == 0 ? 0 : sizeOfNumber(tag(field, EIGHT_BYTES)) + Long.BYTES;
    }

    /** The size of a field of a length, with its tag and the length itself. */
    static int sizeOfField(int field, int length) {
        return sizeOfNumber(tag(field, LENGTH)) + sizeOfNumber(length) + length;
    }
}
