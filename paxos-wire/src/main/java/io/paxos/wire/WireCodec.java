// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.paxos.message.Envelope;
import io.paxos.wire.proto.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Envelopes to bytes and back: all that a transport over bytes needs besides {@code paxos-core}.
 *
 * <p>The first byte is the version of the format, the rest one Protocol Buffers message, {@code Envelope} of
 * {@code wire.proto}. Nothing marks the end, so a transport over a stream puts a length in front, and checks it against
 * a limit of its own before it sets memory aside for that many bytes.
 *
 * <p>Decoding trusts nothing. Whatever the bytes are, the outcome is an envelope or a {@link WireFormatException}, and
 * the memory taken on the way is in proportion to the number of bytes given: no length or count found in them is
 * believed before as many bytes are there. Fields that this version does not know are skipped and not kept; a message
 * of a kind that it does not know is refused.
 *
 * <p>All methods are stateless and may be called from any thread.
 */
public final class WireCodec {

    /** The version of the format that this class writes, and the only one that it reads. */
    public static final int VERSION = 1;

    /** Messages nest nine deep; a little room is left for fields that a later version adds. */
    private static final int MAX_DEPTH = 16;

    private static final Parser<Wire.Envelope> PARSER = DiscardUnknownFieldsParser.wrap(Wire.Envelope.parser());

    private WireCodec() {}

    /**
     * Prepares an envelope for writing: its size is known afterwards, and it can be written without another pass over
     * its parts. The bytes of payloads are not copied yet.
     *
     * @param envelope what to encode
     * @return its encoded form, to be written once or more often
     */
    public static EncodedEnvelope prepare(Envelope envelope) {
        return new EncodedEnvelope(EnvelopeMapping.toWire(envelope));
    }

    /**
     * The encoded form of an envelope as a new array.
     *
     * @param envelope what to encode
     * @return version and message
     */
    public static byte[] encode(Envelope envelope) {
        return prepare(envelope).toByteArray();
    }

    /**
     * The envelope that all the remaining bytes of a buffer make up. Payloads are copied once, out of the buffer, so
     * the buffer may be reused as soon as this returns; it must not change before. The library below has no decoder
     * for buffers without an accessible array: a direct or read-only buffer is copied as a whole first.
     *
     * @param bytes version and message, from position to limit; heap or direct, also read-only. Neither position nor
     *     limit is changed.
     * @return the envelope
     * @throws WireFormatException if the bytes are of another version, truncated, malformed, or stand for no valid
     *     envelope
     */
    public static Envelope decode(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            throw new WireFormatException("no bytes where an envelope should be");
        }
        int version = Byte.toUnsignedInt(bytes.get(bytes.position()));
        if (version != VERSION) {
            throw new WireFormatException("the envelope has wire version " + version + ", but this node speaks version "
                    + VERSION + "; run releases next to another that share a version");
        }
        ByteBuffer body = bytes.slice(bytes.position() + 1, bytes.remaining() - 1);
        try {
            return EnvelopeMapping.fromWire(parse(body));
        } catch (InvalidProtocolBufferException e) {
            throw new WireFormatException("not a valid envelope: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new WireFormatException("could not be read as an envelope: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new WireFormatException("the envelope holds a value that cannot be: " + e.getMessage(), e);
        }
    }

    /** The parsed message shares the bytes of the buffer: what is kept of it is copied when it is mapped. */
    private static Wire.Envelope parse(ByteBuffer body) throws IOException {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(body).newCodedInput();
        input.enableAliasing(true);
        input.setRecursionLimit(MAX_DEPTH);
        Wire.Envelope parsed = PARSER.parseFrom(input);
        input.checkLastTagWas(0);
        return parsed;
    }
}
