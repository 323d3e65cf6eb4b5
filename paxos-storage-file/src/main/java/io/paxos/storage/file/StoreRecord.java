// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.spi.Write;
import io.paxos.wire.EncodedWrite;
import io.paxos.wire.WireFormatException;
import io.paxos.wire.WriteCodec;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One record of the journal: its type, its version and its content, of which the batch gives the length. */
sealed interface StoreRecord {

    /** How many bytes {@link #writeTo} writes. */
    int size();

    /** Writes type, version and content, and moves the position behind them. */
    void writeTo(ByteBuffer target);

    /** What the node wrote. */
    record Written(Write write, EncodedWrite encoded) implements StoreRecord {

        static Written of(Write write) {
            return new Written(write, WriteCodec.prepare(write));
        }

        @Override
        public int size() {
            return encoded.size();
        }

        @Override
        public void writeTo(ByteBuffer target) {
            encoded.writeTo(target);
        }
    }

    /**
     * The store was opened.
     *
     * @param start counts how often
     * @param forced whether writes are forced from here on
     * @param stranger whether what was promised before no longer counts
     * @param timeMillis when, in milliseconds since 1970-01-01T00:00Z, for people
     * @param bootId which run of the machine it was
     */
    record Started(long start, boolean forced, boolean stranger, long timeMillis, String bootId)
            implements StoreRecord {

        private static final int TYPE = WriteCodec.FIRST_FREE_TYPE;
        private static final int VERSION = 1;
        private static final int FORCED = 1;
        private static final int STRANGER = 2;
        private static final int FIXED_BYTES = 2 + 2 * Long.BYTES + 1;

        /** The same start, told again: it makes nobody a stranger anew. */
        Started again() {
            return new Started(start, forced, false, timeMillis, bootId);
        }

        @Override
        public int size() {
            return FIXED_BYTES + bootId.getBytes(StandardCharsets.UTF_8).length;
        }

        @Override
        public void writeTo(ByteBuffer target) {
            target.put((byte) TYPE)
                    .put((byte) VERSION)
                    .putLong(start)
                    .putLong(timeMillis)
                    .put((byte) ((forced ? FORCED : 0) | (stranger ? STRANGER : 0)))
                    .put(bootId.getBytes(StandardCharsets.UTF_8));
        }

        private static Started read(ByteBuffer source) {
            int version = Byte.toUnsignedInt(source.get());
            if (version != VERSION) {
                throw new WireFormatException("the record of a start has version " + version
                        + ", but this release reads version " + VERSION
                        + "; open the store with a release that reads it");
            }
            long start = source.getLong();
            if (start < 1 || start == Long.MAX_VALUE) {
                throw new WireFormatException(
                        "a store is opened for the first time or later, but not for time " + start);
            }
            long time = source.getLong();
            int flags = source.get();
            byte[] boot = new byte[source.remaining()];
            source.get(boot);
            return new Started(
                    start,
                    (flags & FORCED) != 0,
                    (flags & STRANGER) != 0,
                    time,
                    new String(boot, StandardCharsets.UTF_8));
        }
    }

    /** Takes in what is read. */
    interface Sink {

        /** What the node wrote. */
        void written(Write write);

        /** The store was opened. */
        void started(Started started);
    }

    /**
     * Reads a record.
     *
     * @param bytes type, version and content, from position to limit
     * @param sink is given what it is
     * @throws WireFormatException if it is of a type or version that is not known here, or malformed
     */
    static void read(ByteBuffer bytes, Sink sink) {
        if (bytes.hasRemaining() && Byte.toUnsignedInt(bytes.get(bytes.position())) == Started.TYPE) {
            try {
                sink.started(Started.read(bytes.position(bytes.position() + 1)));
            } catch (BufferUnderflowException e) {
                throw new WireFormatException("the record of a start is cut short", e);
            }
        } else {
            sink.written(WriteCodec.decode(bytes));
        }
    }
}
