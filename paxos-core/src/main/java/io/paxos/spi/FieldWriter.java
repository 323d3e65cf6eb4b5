// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Payload;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the codec of a record puts its fields, one behind the other; see {@link Codec#record}. Used by one thread, and not
 * after the function that it was given to has returned.
 */
public final class FieldWriter {

    private final List<Payload> fields = new ArrayList<>();

    FieldWriter() {}

    /**
     * Puts a field behind those that are there.
     *
     * @param codec turns it into bytes
     * @param value the field
     * @param <F> the type of the field
     * @return this writer
     * @throws IllegalArgumentException if the value has no encoded form
     */
    public <F> FieldWriter put(Codec<F> codec, F value) {
        fields.add(codec.encode(value));
        return this;
    }

    /** All fields, each as four bytes that say how long it is, most significant first, and its bytes. */
    Payload written() {
        long size = 0;
        for (Payload field : fields) {
            size += Integer.BYTES + field.size();
        }
        if (size > Integer.MAX_VALUE - Long.BYTES) {
            throw new IllegalArgumentException(
                    "the fields take " + size + " bytes together, which is more than an array holds; split the record");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) size);
        for (Payload field : fields) {
            bytes.putInt(field.size()).put(field.asByteBuffer());
        }
        return Payload.wrap(bytes.array());
    }
}
