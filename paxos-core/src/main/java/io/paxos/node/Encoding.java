// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.util.Objects;
import java.util.function.Supplier;

/** Calls the user's codecs, and says what it means when one fails. */
final class Encoding {

    private Encoding() {}

    /** The bytes of what a caller gives, who hears at once if there are none. */
    static <T> Payload encode(Codec<T> codec, T value) {
        Objects.requireNonNull(value, "null cannot be encoded; Codec.optional carries what may be absent");
        try {
            return Objects.requireNonNull(codec.encode(value), "the codec returned null");
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("cannot be encoded: " + value + " (" + e + ")", e);
        }
    }

    /** The value of what came back; where the codec fails, the effect is there nevertheless. */
    static <T> T decode(Codec<T> codec, Payload payload, Supplier<String> fact) {
        try {
            return codec.decode(payload);
        } catch (RuntimeException e) {
            throw new UnknownOutcomeException(
                    fact.get() + ", but this codec cannot decode " + payload + "; use the same codec on every node", e);
        }
    }
}
