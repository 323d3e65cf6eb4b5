// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Immutable bytes with value equality: what a command, a result or a decree's value is to the algorithm. */
public final class Payload {

    /** No bytes at all. */
    public static final Payload EMPTY = new Payload(new byte[0]);

    private static final int PRINTED_BYTES = 24;

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A copy of the given bytes.
     *
     * @param bytes the content
     * @return a payload that does not change when the array does
     */
    public static Payload copyOf(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
    }

    /**
     * The given array itself, without a copy. The caller hands the array over and must never write to it again.
     *
     * @param bytes the content
     * @return a payload backed by that array
     */
    public static Payload wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes);
    }

    /**
     * The UTF-8 form of a text.
     *
     * @param text the content
     * @return its bytes
     */
    public static Payload utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The number of bytes.
     *
     * @return the size in bytes
     */
    public int size() {
        return bytes.length;
    }

    /**
     * A copy of the content.
     *
     * @return a new array
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * A read-only view of the content, without a copy.
     *
     * @return a new buffer over all bytes, position 0
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * The array behind this payload itself, without a copy: the counterpart of {@link #wrap}, for codecs over libraries
     * that read from arrays only. Whoever asks for it must never write to it, nor hand it to code that may.
     *
     * @return the array shared with this payload
     */
    public byte[] unwrap() {
        return bytes;
    }

    /**
     * The content read as UTF-8.
     *
     * @return the text
     */
    public String toUtf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Payload p && Arrays.equals(bytes, p.bytes));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The start of the content as text where it is printable, else its size and hash. */
    @Override
    public String toString() {
        if (bytes.length <= PRINTED_BYTES) {
            boolean printable = true;
            for (byte b : bytes) {
                printable &= b >= 0x20 && b < 0x7f;
            }
            if (printable) {
                return "'" + toUtf8() + "'";
            }
        }
        return bytes.length + "B:" + Integer.toHexString(hashCode());
    }
}
