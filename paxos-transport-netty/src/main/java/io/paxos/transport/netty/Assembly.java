// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts an envelope that came in parts together again. Takes memory only for bytes that have come. */
final class Assembly {

    private static final byte[] NOTHING = new byte[0];

    /** A longer array is not kept for the next envelope. */
    private static final int KEPT = 1 << 19;

    private final int maxBytes;
    private byte[] bytes = NOTHING;
    private int size;

    /** @param maxBytes the largest envelope allowed */
    Assembly(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(ByteBuf part) throws BadFrame {
        int length = part.readableBytes();
        if (length > maxBytes - size) {
            throw new BadFrame("an envelope of more than " + maxBytes
                    + " bytes; raise maxFrameBytes on every node, or propose smaller values");
        }
        if (bytes.length - size < length) {
            int doubled = (int) Math.min(maxBytes, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, Math.max(doubled, size + length));
        }
        part.readBytes(bytes, size, length);
        size += length;
    }

    /** The whole, to be read before the next begins. */
    ByteBuffer take() {
        ByteBuffer whole = ByteBuffer.wrap(bytes, 0, size);
        if (bytes.length > KEPT) {
            bytes = NOTHING;
        }
        size = 0;
        return whole;
    }
}
