// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Payload;
import java.util.List;

/** Constants by their names. */
record EnumCodec<E extends Enum<E>>(List<E> constants) implements Codec<E> {

    EnumCodec {
        if (constants.isEmpty()) {
            throw new IllegalArgumentException("a codec needs at least one constant; give it all of them, by values()");
        }
    }

    @Override
    public Payload encode(E value) {
        if (!constants.contains(value)) {
            throw new IllegalArgumentException(value + " is none of " + constants);
        }
        return Payload.utf8(value.name());
    }

    @Override
    public E decode(Payload payload) {
        String name = Codec.utf8().decode(payload);
        return constants.stream()
                .filter(constant -> constant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + name + "\" is none of " + constants));
    }
}
