// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Turns values of the user's type into bytes and back. Every replica must decode the same bytes to equal values, and where
 * values are compared, as those of registers are, equal values must have equal bytes. Implementations are safe for any
 * thread, and use no reflection.
 *
 * <p>What comes of a codec that fails, by whatever exception, depends on when:
 *
 * <ul>
 *   <li>a command, or a value to be agreed upon, that cannot be encoded: the call throws {@link IllegalArgumentException},
 *       and nothing has been asked of anyone;
 *   <li>a command that cannot be decoded when its turn comes, or a result that cannot be encoded: as if
 *       {@link StateMachine#apply} had thrown, so the replica stops at that slot and names it;
 *   <li>a result, a decree or the value of a register that cannot be decoded by whoever asked: the future fails with
 *       {@code UnknownOutcomeException}, which says what is known. The effect is there all the same.
 * </ul>
 *
 * @param <T> the user's type
 */
public interface Codec<T> {

    /**
     * The bytes of a value.
     *
     * @param value the value
     * @return its encoded form
     * @throws IllegalArgumentException if the value has no encoded form
     */
    Payload encode(T value);

    /**
     * The value of some bytes.
     *
     * @param payload an encoded form
     * @return the value
     * @throws IllegalArgumentException if the bytes are not the encoded form of any value
     */
    T decode(Payload payload);

    /**
     * A codec out of two functions.
     *
     * @param encode value to bytes
     * @param decode bytes to value; throws {@link IllegalArgumentException} for bytes that are no value
     * @param <T> the user's type
     * @return the codec
     */
    static <T> Codec<T> of(Function<T, byte[]> encode, Function<byte[], T> decode) {
        return new Codec<>() {
            @Override
            public Payload encode(T value) {
                return Payload.copyOf(encode.apply(value));
            }

            @Override
            public T decode(Payload payload) {
                return decode.apply(payload.toByteArray());
            }
        };
    }

    /**
     * The codec of a record, field by field, each by a codec of its own:
     *
     * <pre>{@code
     * static final Codec<Transfer> CODEC = Codec.record(
     *         (transfer, fields) -> fields.put(Codec.utf8(), transfer.from())
     *                 .put(Codec.utf8(), transfer.to())
     *                 .put(Codec.int64(), transfer.cents()),
     *         fields -> new Transfer(fields.take(Codec.utf8()), fields.take(Codec.utf8()), fields.take(Codec.int64())));
     * }</pre>
     *
     * <p>A field is written as its length, four bytes, most significant first, and its bytes. Bytes that end within a field
     * are refused, and so are bytes that nobody takes: a record that gets another field asks {@link FieldReader#hasMore}.
     *
     * @param put puts the fields of a value
     * @param take takes them, in the same order, and makes the value; throws {@link IllegalArgumentException} for fields
     *     that make no value
     * @param <T> the record
     * @return the codec
     */
    static <T> Codec<T> record(BiConsumer<? super T, FieldWriter> put, Function<FieldReader, ? extends T> take) {
        return new RecordCodec<>(put, take);
    }

    /**
     * This codec for another type, whose values correspond to those of this one: a wrapper, or a text with a meaning, as in
     * {@code Codec.utf8().as(NodeId::of, NodeId::name)}.
     *
     * @param make makes a value of the other type; throws {@link IllegalArgumentException} if there is none
     * @param take what it was made of
     * @param <U> the other type
     * @return the codec
     */
    default <U> Codec<U> as(Function<? super T, ? extends U> make, Function<? super U, ? extends T> take) {
        Codec<T> inner = this;
        return new Codec<>() {
            @Override
            public Payload encode(U value) {
                return inner.encode(take.apply(value));
            }

            @Override
            public U decode(Payload payload) {
                return make.apply(inner.decode(payload));
            }
        };
    }

    /**
     * Values that may be absent: nothing at all for an absent one, else its bytes as the only field of a {@linkplain #record record}.
     *
     * @param codec of those that are there
     * @param <T> their type
     * @return the codec
     */
    static <T> Codec<Optional<T>> optional(Codec<T> codec) {
        return record(
                (value, fields) -> value.ifPresent(there -> fields.put(codec, there)),
                fields -> fields.hasMore() ? Optional.of(fields.take(codec)) : Optional.empty());
    }

    /**
     * Lists: one element behind the other, as the fields of a {@linkplain #record record}.
     *
     * @param codec of the elements
     * @param <T> their type
     * @return the codec; the lists that it makes cannot be changed
     */
    static <T> Codec<List<T>> list(Codec<T> codec) {
        return record((list, fields) -> list.forEach(element -> fields.put(codec, element)), fields -> {
            List<T> list = new ArrayList<>();
            while (fields.hasMore()) {
                list.add(fields.take(codec));
            }
            return List.copyOf(list);
        });
    }

    /**
     * The constants of an enum, by their names, so that their order may change: {@code Codec.constants(Kind.values())}.
     *
     * @param constants those that there are
     * @param <E> the enum
     * @return the codec; it refuses other names
     * @throws IllegalArgumentException if there are none
     */
    static <E extends Enum<E>> Codec<E> constants(E[] constants) {
        return new EnumCodec<>(List.of(constants));
    }

    /**
     * Text as UTF-8; bytes that are not UTF-8 are refused, and so is text with half a surrogate pair, which UTF-8
     * cannot carry.
     *
     * @return the codec
     */
    static Codec<String> utf8() {
        return new Codec<>() {
            @Override
            public Payload encode(String value) {
                if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
                    throw new IllegalArgumentException("text with half a surrogate pair has no UTF-8 form");
                }
                return Payload.utf8(value);
            }

            @Override
            public String decode(Payload payload) {
                try {
                    return StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(payload.asByteBuffer())
                            .toString();
                } catch (CharacterCodingException e) {
                    throw new IllegalArgumentException("not UTF-8: " + payload, e);
                }
            }
        };
    }

    /**
     * A {@code long} as eight bytes, most significant first.
     *
     * @return the codec
     */
    static Codec<Long> int64() {
        return new Codec<>() {
            @Override
            public Payload encode(Long value) {
                return Payload.wrap(
                        ByteBuffer.allocate(Long.BYTES).putLong(value).array());
            }

            @Override
            public Long decode(Payload payload) {
                if (payload.size() != Long.BYTES) {
                    throw new IllegalArgumentException("a long takes 8 bytes, not " + payload.size());
                }
                return payload.asByteBuffer().getLong();
            }
        };
    }

    /**
     * An {@code int} as four bytes, most significant first.
     *
     * @return the codec
     */
    static Codec<Integer> int32() {
        return new Codec<>() {
            @Override
            public Payload encode(Integer value) {
                return Payload.wrap(
                        ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
            }

            @Override
            public Integer decode(Payload payload) {
                if (payload.size() != Integer.BYTES) {
                    throw new IllegalArgumentException("an int takes 4 bytes, not " + payload.size());
                }
                return payload.asByteBuffer().getInt();
            }
        };
    }

    /**
     * A {@code boolean} as one byte, 0 or 1.
     *
     * @return the codec
     */
    static Codec<Boolean> bool() {
        return new Codec<>() {
            @Override
            public Payload encode(Boolean value) {
                return Payload.wrap(new byte[] {(byte) (value ? 1 : 0)});
            }

            @Override
            public Boolean decode(Payload payload) {
                byte only = payload.size() == 1 ? payload.asByteBuffer().get() : -1;
                if (only != 0 && only != 1) {
                    throw new IllegalArgumentException("a boolean is one byte, 0 or 1, not " + payload);
                }
                return only == 1;
            }
        };
    }

    /**
     * The bytes themselves, copied on the way in and on the way out.
     *
     * @return the codec
     */
    static Codec<byte[]> bytes() {
        return of(Function.identity(), Function.identity());
    }

    /**
     * Payloads as they are, without a copy.
     *
     * @return the codec
     */
    static Codec<Payload> payload() {
        return new Codec<>() {
            @Override
            public Payload encode(Payload value) {
                return value;
            }

            @Override
            public Payload decode(Payload payload) {
                return payload;
            }
        };
    }
}
