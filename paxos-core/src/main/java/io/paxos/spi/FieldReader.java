// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Payload;
import java.nio.ByteBuffer;

/**
 * Where the codec of a record takes its fields from, in the order in which they were put; see {@link Codec#record}. Used by
 * one thread, and not after the function that it was given to has returned.
 */
public final class FieldReader {

    private final ByteBuffer bytes;
    private int taken;

    FieldReader(Payload payload) {
        this.bytes = payload.asByteBuffer();
    }

    /**
     * Takes the next field.
     *
     * @param codec turns its bytes into a value
     * @param <F> the type of the field
     * @return the field
     * @throws IllegalArgumentException if there is none, if the bytes end within it, or if they are not the encoded form of
     *     any value
     */
    public <F> F take(Codec<F> codec) {
        taken++;
        if (bytes.remaining() < Integer.BYTES) {
            throw new IllegalArgumentException("there is no field " + taken + ": " + bytes.remaining()
                    + " bytes are left, and its length takes " + Integer.BYTES);
        }
        int size = bytes.getInt();
        if (size < 0 || size > bytes.remaining()) {
            throw new IllegalArgumentException(
                    "field " + taken + " should have " + size + " bytes, but " + bytes.remaining() + " are left");
        }
        byte[] field = new byte[size];
        bytes.get(field);
        return codec.decode(Payload.wrap(field));
    }

    /**
     * Whether there is a field that has not been taken: for records that got more fields since some were written.
     *
     * @return true if bytes are left
     */
    public boolean hasMore() {
        return bytes.hasRemaining();
    }

    void end() {
        if (bytes.hasRemaining()) {
            throw new IllegalArgumentException(bytes.remaining() + " bytes are left behind field " + taken
                    + "; they were written by another codec or a later version of this one");
        }
    }
}
