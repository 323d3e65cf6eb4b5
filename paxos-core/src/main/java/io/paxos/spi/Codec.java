package io.paxos.spi;

import io.paxos.model.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Turns values of the user's type into bytes and back. Every replica must decode the same bytes to equal values.
 * Implementations are safe for any thread.
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
