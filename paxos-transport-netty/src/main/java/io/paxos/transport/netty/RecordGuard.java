// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the records that come in before TLS does, and ends a connection on which something comes that is no TLS, that is
 * too long, that never leads to the end of the handshake, or that begins another one (renegotiation, as TLS 1.2 has
 * it). Keeps nothing of what it sees. On the loop.
 *
 * <p>In either version of TLS at most one record of the handshake follows in the clear type of its header on the first
 * change of ciphers: the end of the handshake in 1.2, the answer to a hello that was sent back in 1.3. A second one
 * therefore belongs to a handshake within the connection.
 */
final class RecordGuard extends ChannelInboundHandlerAdapter {

    /** What either end may take for its handshake: a chain of certificates makes up most of it. */
    static final int MAX_HANDSHAKE_BYTES = 64 << 10;

    /** In how many records that may come: each costs a call into TLS, however little it holds. */
    static final int MAX_HANDSHAKE_RECORDS = 256;

    /** The largest protected record there may be. */
    static final int MAX_RECORD = (16 << 10) + 2048;

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final int LAST_TYPE = 23;

    private long handshakeBytes;
    private int handshakeRecords;
    private boolean handshakeDone;
    private boolean rejected;
    private int headerBytes;
    private int type;
    private int length;
    private int bodyLeft;
    private boolean ciphersChanged;
    private int handshakesAfterChange;

    /** From now on the sum does not matter any more. */
    void handshakeDone() {
        handshakeDone = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        String objection = rejected ? null : objectionTo(bytes);
        if (objection != null) {
            rejected = true;
            context.fireUserEventTriggered(new Verdict.Rejected(objection));
        }
        if (rejected) {
            bytes.release();
        } else {
            context.fireChannelRead(message);
        }
    }

    private @Nullable String objectionTo(ByteBuf bytes) {
        if (!handshakeDone) {
            handshakeBytes += bytes.readableBytes();
            if (handshakeBytes > MAX_HANDSHAKE_BYTES) {
                return "more than " + MAX_HANDSHAKE_BYTES + " bytes before the end of the TLS handshake; it attacks, or"
                        + " its chain of certificates is too long";
            }
        }
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (bodyLeft > 0) {
                int skipped = Math.min(bodyLeft, bytes.writerIndex() - at);
                bodyLeft -= skipped;
                at += skipped;
            } else {
                String objection = header(bytes.getUnsignedByte(at++));
                if (objection != null) {
                    return objection;
                }
            }
        }
        return null;
    }

    /** The next byte of a header. */
    private @Nullable String header(int octet) {
        switch (headerBytes++) {
            case 0 -> type = octet;
            case 1 -> {
                return octet == 3 ? null : noTls();
            }
            case 3 -> length = octet << 8;
            case 4 -> {
                length |= octet;
                headerBytes = 0;
                bodyLeft = length;
                return record();
            }
            default -> {}
        }
        return type < CHANGE_CIPHER_SPEC || type > LAST_TYPE ? noTls() : null;
    }

    private String noTls() {
        return type == 0
                ? "it does not speak TLS, but perhaps the protocol of a node with plaintext; give both nodes"
                        + " mutualTls(...)"
                : "it does not speak TLS; point it at another port";
    }

    /** A header is complete. */
    private @Nullable String record() {
        if (length > MAX_RECORD) {
            return "a TLS record of " + length + " bytes where at most " + MAX_RECORD + " are allowed";
        }
        if (!handshakeDone && ++handshakeRecords > MAX_HANDSHAKE_RECORDS) {
            return "more than " + MAX_HANDSHAKE_RECORDS + " records before the end of the TLS handshake; it attacks";
        }
        if (type == CHANGE_CIPHER_SPEC) {
            ciphersChanged = true;
        } else if (type == HANDSHAKE && ciphersChanged && ++handshakesAfterChange > 1) {
            return "it asks for another handshake within the connection (renegotiation), which is not allowed";
        }
        return null;
    }
}
