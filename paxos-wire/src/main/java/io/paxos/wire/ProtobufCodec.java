// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Commands, results and values that are protobuf messages of the user's own: {@code ProtobufCodec.of(Order.parser())}. It
 * uses no reflection. A module that uses it requires {@code com.google.protobuf} itself, as its generated classes do. Safe for any
 * thread.
 *
 * <p>The same message is written as the same bytes by one version of the protobuf library: the entries of maps are sorted.
 * Between versions that is not promised by protobuf, so where bytes are compared, as the values of registers are, upgrade it
 * on all nodes before they compare what others wrote.
 *
 * @param <M> the messages
 */
public final class ProtobufCodec<M extends MessageLite> implements Codec<M> {

    private final Parser<M> parser;

    private ProtobufCodec(Parser<M> parser) {
        this.parser = parser;
    }

    /**
     * A codec for messages of one type.
     *
     * @param parser reads them, as the static method {@code parser()} of the generated class gives it
     * @param <M> the type
     * @return the codec
     */
    public static <M extends MessageLite> ProtobufCodec<M> of(Parser<M> parser) {
        return new ProtobufCodec<>(parser);
    }

    /**
     * The bytes of a message.
     *
     * @throws IllegalArgumentException if required fields are missing
     */
    @Override
    public Payload encode(M message) {
        if (!message.isInitialized()) {
            throw new IllegalArgumentException("fields are missing that "
                    + message.getClass().getSimpleName() + " requires; set them before you hand it over");
        }
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            // The array is as long as the message said it would be; a message that changes meanwhile is none.
            throw new UncheckedIOException("a message that is longer than it said", e);
        }
        out.checkNoSpaceLeft();
        return Payload.wrap(bytes);
    }

    /**
     * The message of some bytes. Fields that this version of the message does not know are kept, and written again.
     *
     * @throws IllegalArgumentException if the bytes are not a message, end within one, or lack required fields. That bytes
     *     are those of a message of <em>another</em> type cannot always be told from them
     */
    @Override
    public M decode(Payload payload) {
        try {
            return parser.parseFrom(payload.asByteBuffer());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(
                    "not a message of the expected type: " + payload + " (" + e.getMessage() + ")", e);
        }
    }
}
