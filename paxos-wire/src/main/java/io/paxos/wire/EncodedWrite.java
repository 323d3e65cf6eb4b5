// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A write of a store ready to be written, with its size known. It shares the bytes of the write's payloads; writing
 * copies them once, straight to where they are wanted. Immutable, for any thread.
 */
public final class EncodedWrite {

    private static final int HEAD_BYTES = 2;

    private final int type;
    private final MessageLite message;
    private final int size;

    EncodedWrite(int type, MessageLite message) {
        this.type = type;
        this.message = message;
        this.size = Math.addExact(HEAD_BYTES, message.getSerializedSize());
    }

    /**
     * How many bytes {@link #writeTo} writes.
     *
     * @return type, version and message together, in bytes
     */
    public int size() {
        return size;
    }

    /**
     * Writes type, version and message, and moves the position of the buffer behind them.
     *
     * @param target where to write; heap or direct
     * @throws IllegalArgumentException if fewer than {@link #size} bytes remain; nothing is written then
     */
    public void writeTo(ByteBuffer target) {
        if (target.remaining() < size) {
            throw new IllegalArgumentException(
                    "the write takes " + size + " bytes, but only " + target.remaining() + " remain");
        }
        target.put((byte) type).put((byte) WriteCodec.VERSION);
        CodedOutputStream out = CodedOutputStream.newInstance(target);
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            // The room was counted beforehand and memory does not fail: this would be a defect of the library below.
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Type, version and message as a new array.
     *
     * @return {@link #size} bytes
     */
    public byte[] toByteArray() {
        byte[] bytes = new byte[size];
        writeTo(ByteBuffer.wrap(bytes));
        return bytes;
    }
}
