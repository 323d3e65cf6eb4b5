// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Envelope;
import io.paxos.model.Payload;
import io.paxos.testkit.fuzz.Allowance;
import java.nio.ByteBuffer;

/**
 * Fuzzes the decoder of envelopes and, with whatever comes out of it, a whole node. The input is a row of steps of one
 * byte that says what happens and, for a message, two that say how long it is.
 */
public final class NodeFuzz {

    static final int AS_IT_IS = 0;
    static final int FROM_A_PEER = 1;
    static final int TICKS = 2;
    static final int SUBMIT = 3;
    static final int AGREE = 4;

    /** A node, its log and its queues, small as they are here, come to some hundred kilobytes. */
    private static final Allowance ALLOWANCE = new Allowance(16 << 20, 1024);

    /** What a step is, is the rest of its byte by this; the quotient says which sender, how many ticks, or how long. */
    static final int KINDS = 5;

    private static final int MOST_TICKS = 64;

    private NodeFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        ALLOWANCE.hold(input.length, () -> run(ByteBuffer.wrap(input)));
    }

    private static void run(ByteBuffer input) {
        FuzzedNode node = new FuzzedNode();
        int ticks = MOST_TICKS;
        while (input.hasRemaining()) {
            int step = Byte.toUnsignedInt(input.get());
            int detail = step / KINDS;
            switch (step % KINDS) {
                case AS_IT_IS, FROM_A_PEER -> {
                    Envelope envelope = decode(message(input));
                    if (envelope != null && step % KINDS == AS_IT_IS) {
                        node.receive(envelope);
                    } else if (envelope != null) {
                        node.receive(detail, envelope.message());
                    }
                }
                case TICKS -> {
                    node.tick(Math.min(detail, ticks));
                    ticks -= Math.min(detail, ticks);
                }
                case SUBMIT -> node.submit(Payload.utf8("x".repeat(detail)));
                default -> node.agree(Payload.utf8("x".repeat(detail)));
            }
        }
    }

    private static ByteBuffer message(ByteBuffer input) {
        int length = input.remaining() < 2 ? 0 : Short.toUnsignedInt(input.getShort());
        int from = input.position();
        int taken = Math.min(length, input.remaining());
        input.position(from + taken);
        return input.slice(from, taken);
    }

    private static Envelope decode(ByteBuffer bytes) {
        ReadersAgree.check(bytes);
        try {
            Envelope envelope = WireCodec.decode(bytes);
            if (!WireCodec.decode(ByteBuffer.wrap(WireCodec.encode(envelope))).equals(envelope)) {
                throw new AssertionError("decoded, and encoded otherwise: " + envelope);
            }
            return envelope;
        } catch (WireFormatException e) {
            return null;
        }
    }
}
