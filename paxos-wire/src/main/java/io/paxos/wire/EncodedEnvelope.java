// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.CodedOutputStream;
import io.paxos.wire.proto.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * An envelope ready to be written, with its size known. It shares the bytes of the envelope's payloads; writing copies
 * them once, straight to where they are wanted. Immutable, for any thread.
 */
public final class EncodedEnvelope {

    private final Wire.Envelope message;
    private final int size;

    EncodedEnvelope(Wire.Envelope message) {
        this.message = message;
        this.size = 1 + message.getSerializedSize();
    }

    /**
     * How many bytes {@link #writeTo} writes.
     *
     * @return version and message together, in bytes
     */
    public int size() {
        return size;
    }

    /**
     * Writes version and message, and moves the position of the buffer behind them.
     *
     * @param target where to write; heap or direct
     * @throws IllegalArgumentException if fewer than {@link #size} bytes remain; nothing is written then
     */
    public void writeTo(ByteBuffer target) {
        if (target.remaining() < size) {
            throw new IllegalArgumentException(
                    "the envelope takes " + size + " bytes, but only " + target.remaining() + " remain");
        }
        target.put((byte) WireCodec.VERSION);
        write(CodedOutputStream.newInstance(target));
    }

    /**
     * Version and message as a new array.
     *
     * @return {@link #size} bytes
     */
    public byte[] toByteArray() {
        byte[] bytes = new byte[size];
        bytes[0] = (byte) WireCodec.VERSION;
        write(CodedOutputStream.newInstance(bytes, 1, size - 1));
        return bytes;
    }

    private void write(CodedOutputStream out) {
        try {
            message.writeTo(out);
            out.flush();
        } catch (IOException e) {
            // The room was counted beforehand and memory does not fail: this would be a defect of the library below.
            throw new UncheckedIOException(e);
        }
    }
}
