// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.wire.FieldReader.Unusual;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A name that is nearly always the one that was read before: then it is neither decoded nor checked again.
 *
 * @param <T> what it names
 */
final class KnownName<T> {

    private final Function<String, T> maker;
    private byte[] bytes = {};
    private @Nullable T named;

    /** @param maker checks a name, and throws {@link IllegalArgumentException} where it is none */
    KnownName(Function<String, T> maker) {
        this.maker = maker;
    }

    T read(FieldReader in) throws Unusual {
        T known = named;
        if (known != null && in.isNext(bytes)) {
            return known;
        }
        byte[] other = in.bytes();
        // A name has no characters but those that take one byte; where another one comes, the check fails.
        T made = maker.apply(new String(other, StandardCharsets.ISO_8859_1));
        bytes = other;
        named = made;
        return made;
    }
}
