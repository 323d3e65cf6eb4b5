// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.paxos.spi.Write;
import io.paxos.wire.proto.Store;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes of a store to bytes and back, for storages that keep bytes.
 *
 * <p>The first byte is the type of the record, the second the version of its format, the rest one Protocol Buffers
 * message of {@code store.proto}. Nothing marks the end and nothing guards the bytes against damage: a storage puts a
 * length in front and a checksum beside them.
 *
 * <p>Unlike an envelope, a record is understood whole or not at all: a type, a version or a field that this release does
 * not know is refused, since a node that overlooks part of what it has promised may break the promise. So is a record
 * that this release would not have written in just these bytes.
 *
 * <p>All methods are stateless and may be called from any thread.
 */
public final class WriteCodec {

    /** The version of the format that this class writes, and the only one that it reads. */
    public static final int VERSION = 1;

    /** Types from here to 255 are never given to a write: a storage may use them for records of its own. */
    public static final int FIRST_FREE_TYPE = 128;

    private static final int HEAD_BYTES = 2;
    private static final int MAX_DEPTH = 16;

    private static final int PROMISE = 1;
    private static final int ACCEPT = 2;
    private static final int LEARN = 3;
    private static final int DECIDED = 4;
    private static final int TRIM = 5;
    private static final int FORMATION = 6;
    private static final int PEER_START = 7;
    private static final int DECREE = 8;
    private static final int DECREE_DECIDED = 9;
    private static final int REGISTER = 10;

    private WriteCodec() {}

    /**
     * Prepares a write for writing: its size is known afterwards. The bytes of payloads are not copied yet.
     *
     * @param write what to encode
     * @return its encoded form, to be written once or more often
     * @throws IllegalArgumentException if it holds a number of a slot that could not be read again
     */
    public static EncodedWrite prepare(Write write) {
        if (write instanceof Write.AcceptWrite accept) {
            return new EncodedWrite(ACCEPT, WriteMapping.toWire(accept));
        }
        if (write instanceof Write.DecidedWrite mark) {
            return new EncodedWrite(DECIDED, WriteMapping.toWire(mark));
        }
        if (write instanceof Write.PromiseWrite promise) {
            return new EncodedWrite(PROMISE, WriteMapping.toWire(promise));
        }
        if (write instanceof Write.LearnWrite learn) {
            return new EncodedWrite(LEARN, WriteMapping.toWire(learn));
        }
        if (write instanceof Write.TrimWrite trim) {
            return new EncodedWrite(TRIM, WriteMapping.toWire(trim));
        }
        if (write instanceof Write.DecreeWrite decree) {
            return new EncodedWrite(DECREE, WriteMapping.toWire(decree));
        }
        if (write instanceof Write.DecreeDecidedWrite decision) {
            return new EncodedWrite(DECREE_DECIDED, WriteMapping.toWire(decision));
        }
        if (write instanceof Write.RegisterWrite register) {
            return new EncodedWrite(REGISTER, WriteMapping.toWire(register));
        }
        if (write instanceof Write.FormationWrite formation) {
            return new EncodedWrite(FORMATION, WriteMapping.toWire(formation));
        }
        if (write instanceof Write.PeerStartWrite peer) {
            return new EncodedWrite(PEER_START, WriteMapping.toWire(peer));
        }
        throw new IllegalArgumentException("no record for the write " + write);
    }

    /**
     * The encoded form of a write as a new array.
     *
     * @param write what to encode
     * @return type, version and message
     * @throws IllegalArgumentException as for {@link #prepare}
     */
    public static byte[] encode(Write write) {
        return prepare(write).toByteArray();
    }

    /**
     * Whether a record holds the decision of a decree, so that these can be told from others without reading them whole.
     *
     * @param bytes type, version and message, from position to limit. Neither is changed.
     * @return true for a {@link Write.DecreeDecidedWrite}
     */
    public static boolean decides(ByteBuffer bytes) {
        return bytes.hasRemaining() && bytes.get(bytes.position()) == DECREE_DECIDED;
    }

    /**
     * The write that all the remaining bytes of a buffer make up. Payloads are copied, so the buffer may be reused as
     * soon as this returns.
     *
     * @param bytes type, version and message, from position to limit. Neither position nor limit is changed.
     * @return the write
     * @throws WireFormatException if the bytes are of another type or version, truncated, malformed, or stand for no
     *     valid write
     */
    public static Write decode(ByteBuffer bytes) {
        if (bytes.remaining() < HEAD_BYTES) {
            throw new WireFormatException(bytes.remaining() + " bytes are too few for a record");
        }
        int type = Byte.toUnsignedInt(bytes.get(bytes.position()));
        int version = Byte.toUnsignedInt(bytes.get(bytes.position() + 1));
        if (version != VERSION) {
            throw new WireFormatException("the record, of type " + type + ", has version " + version
                    + ", but this release reads version " + VERSION + "; open the store with a release that reads it");
        }
        ByteBuffer body = bytes.slice(bytes.position() + HEAD_BYTES, bytes.remaining() - HEAD_BYTES);
        try {
            return switch (type) {
                case PROMISE -> WriteMapping.fromWire(parse(Store.PromiseWrite.parser(), body));
                case ACCEPT -> WriteMapping.fromWire(parse(Store.AcceptWrite.parser(), body));
                case LEARN -> WriteMapping.fromWire(parse(Store.LearnWrite.parser(), body));
                case DECIDED -> WriteMapping.fromWire(parse(Store.DecidedWrite.parser(), body));
                case TRIM -> WriteMapping.fromWire(parse(Store.TrimWrite.parser(), body));
                case FORMATION -> WriteMapping.fromWire(parse(Store.FormationWrite.parser(), body));
                case PEER_START -> WriteMapping.fromWire(parse(Store.PeerStartWrite.parser(), body));
                case DECREE -> WriteMapping.fromWire(parse(Store.DecreeWrite.parser(), body));
                case DECREE_DECIDED -> WriteMapping.fromWire(parse(Store.DecreeDecidedWrite.parser(), body));
                case REGISTER -> WriteMapping.fromWire(parse(Store.RegisterWrite.parser(), body));
                default ->
                    throw new WireFormatException("a record of type " + type
                            + ", which this release does not know; open the store with the release that wrote it");
            };
        } catch (InvalidProtocolBufferException e) {
            throw new WireFormatException("not a valid record of type " + type + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new WireFormatException("could not be read as a record of type " + type + ": " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new WireFormatException(
                    "the record of type " + type + " holds a value that cannot be: " + e.getMessage(), e);
        }
    }

    /** The parsed message shares the bytes of the buffer: what is kept of it is copied when it is mapped. */
    private static <M extends Message> M parse(Parser<M> parser, ByteBuffer body) throws IOException {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(body).newCodedInput();
        input.enableAliasing(true);
        input.setRecursionLimit(MAX_DEPTH);
        M parsed = DiscardUnknownFieldsParser.wrap(parser).parseFrom(input);
        input.checkLastTagWas(0);
        // What was skipped as unknown is missing when the message is written again.
        if (parsed.getSerializedSize() != body.remaining()) {
            throw new WireFormatException("of a record of " + body.remaining() + " bytes this release understands "
                    + parsed.getSerializedSize() + "; open the store with the release that wrote it");
        }
        return parsed;
    }
}
