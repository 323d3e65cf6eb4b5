// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** How commands and results of this example are written down: field after field. */
final class Fields {

    private static final int NONE = -1;

    private Fields() {}

    /** Writes fields. */
    @FunctionalInterface
    interface Writing {
        void to(DataOutput out) throws IOException;
    }

    /** Reads fields. */
    @FunctionalInterface
    interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    static byte[] write(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writing.to(new DataOutputStream(bytes));
        } catch (IOException e) {
            // Memory does not fail: what does is a text too long for its field, which the caller has to prevent.
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static <T> T read(byte[] bytes, Reading<T> reading) {
        try {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            T value = reading.from(in);
            if (in.available() > 0) {
                throw new IllegalArgumentException(in.available() + " bytes are left over");
            }
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("truncated or malformed: " + e.getMessage(), e);
        }
    }

    static void writePayload(DataOutput out, @Nullable Payload payload) throws IOException {
        if (payload == null) {
            out.writeInt(NONE);
        } else {
            out.writeInt(payload.size());
            out.write(payload.toByteArray());
        }
    }

    static @Nullable Payload readPayload(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size == NONE) {
            return null;
        }
        if (size < 0) {
            throw new IOException("a value of " + size + " bytes");
        }
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("a value of " + size + " bytes where " + bytes.length + " are left");
        }
        return Payload.wrap(bytes);
    }
}
