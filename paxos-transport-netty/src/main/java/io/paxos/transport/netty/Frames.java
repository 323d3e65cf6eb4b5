// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * What travels on a connection: frames of a length, which counts what follows it, one byte that says the kind, and a
 * body. An envelope larger than {@link #MAX_PART} travels in several frames, so that others may go in between; the
 * greatest legal frame is therefore small, whatever the limit for envelopes is.
 */
final class Frames {

    /** The most bytes of an envelope in one frame: what an urgent envelope may have to wait for. */
    static final int MAX_PART = 32 << 10;

    /** The longest frame before the end of the handshake, not counting the length. */
    static final int MAX_HANDSHAKE = 1024;

    /** The longest frame after the handshake, not counting the length. */
    static final int MAX_LENGTH = 1 + MAX_PART;

    static final int LENGTH_BYTES = 4;
    static final int HEADER_BYTES = LENGTH_BYTES + 1;

    /** What stands where a length should when someone begins to speak TLS: a record of a handshake, of version 3. */
    static final int TLS_HANDSHAKE = 0x1603;

    static final byte HANDSHAKE = 1;
    static final byte WELCOME = 2;
    static final byte REFUSED = 3;
    static final byte PING = 4;
    static final byte PONG = 5;

    private static final byte LAST_PART = 0x10;
    private static final byte PART = 0x20;

    private Frames() {}

    /** The kind of a frame that carries an envelope, or a part of one. */
    static byte kindOf(Lane lane, boolean last) {
        return (byte) ((last ? LAST_PART : PART) | lane.ordinal());
    }

    /** Whether a frame of this kind carries an envelope, or a part of one. */
    static boolean carriesEnvelope(byte kind) {
        int group = kind & 0xf0;
        return (group == LAST_PART || group == PART) && (kind & 0x0f) < Lane.COUNT;
    }

    static Lane laneOf(byte kind) {
        return Lane.of(kind & 0x0f);
    }

    static boolean isLast(byte kind) {
        return (kind & 0xf0) == LAST_PART;
    }

    static void writeHeader(ByteBuf out, byte kind, int bodyBytes) {
        out.writeInt(1 + bodyBytes).writeByte(kind);
    }

    static ByteBuf empty(ByteBufAllocator allocator, byte kind) {
        ByteBuf frame = allocator.ioBuffer(HEADER_BYTES, HEADER_BYTES);
        writeHeader(frame, kind, 0);
        return frame;
    }

    static ByteBuf handshake(ByteBufAllocator allocator, byte kind, Handshake handshake) {
        ByteBuf frame = allocator.ioBuffer(HEADER_BYTES + MAX_HANDSHAKE);
        frame.writerIndex(HEADER_BYTES);
        handshake.write(frame);
        frame.setInt(0, frame.writerIndex() - LENGTH_BYTES).setByte(LENGTH_BYTES, kind);
        return frame;
    }

    static ByteBuf refused(ByteBufAllocator allocator, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_HANDSHAKE - 1);
        ByteBuf frame = allocator.ioBuffer(HEADER_BYTES + length);
        writeHeader(frame, REFUSED, length);
        return frame.writeBytes(text, 0, length);
    }

    /** Text that a stranger chose, fit for a log: short, and on one line. */
    static String printable(CharSequence text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 300); i++) {
            char c = text.charAt(i);
            safe.append(
                    switch (Character.getType(c)) {
                        // What ends a line, turns the direction of what follows, or is not seen.
                        case Character.CONTROL,
                                Character.FORMAT,
                                Character.LINE_SEPARATOR,
                                Character.PARAGRAPH_SEPARATOR -> '?';
                        default -> c;
                    });
        }
        return safe.toString();
    }
}
