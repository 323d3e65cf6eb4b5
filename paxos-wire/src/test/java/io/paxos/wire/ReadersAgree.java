// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Envelope;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is read and written directly must be what the generated classes read and write, whatever the bytes are. */
final class ReadersAgree {

    private ReadersAgree() {}

    /** Reads the bytes both ways, alone and behind another envelope, and writes what was read both ways. */
    static void check(ByteBuffer bytes) {
        check(bytes, new EnvelopeReader(), new EnvelopeWriter());
    }

    /** As {@link #check(ByteBuffer)}, with a reader and a writer that have been used before. */
    static void check(ByteBuffer bytes, EnvelopeReader reader, EnvelopeWriter writer) {
        Envelope expected = null;
        String refusal = null;
        try {
            expected = WireCodec.decode(bytes);
        } catch (WireFormatException e) {
            refusal = e.getMessage();
        }
        for (int time = 0; time < 2; time++) {
            Envelope read = read(reader, bytes, refusal);
            if (read == null ? expected != null : !read.equals(expected)) {
                throw new AssertionError("read as " + read + " instead of " + expected + ", " + refusal);
            }
        }
        if (expected != null) {
            byte[] wanted = WireCodec.encode(expected);
            ByteBuffer written = ByteBuffer.allocate(writer.prepare(expected));
            writer.writeTo(written);
            if (!written.flip().equals(ByteBuffer.wrap(wanted))) {
                throw new AssertionError("written otherwise than by the generated classes: " + expected);
            }
        }
    }

    private static @Nullable Envelope read(EnvelopeReader reader, ByteBuffer bytes, @Nullable String refusal) {
        try {
            return reader.read(bytes);
        } catch (WireFormatException e) {
            if (!String.valueOf(e.getMessage()).equals(refusal)) {
                throw new AssertionError("refused otherwise: " + e.getMessage() + " instead of " + refusal, e);
            }
            return null;
        }
    }
}
