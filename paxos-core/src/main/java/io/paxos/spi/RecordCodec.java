// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import io.paxos.model.Payload;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A codec out of two functions that put and take fields. */
record RecordCodec<T>(BiConsumer<? super T, FieldWriter> put, Function<FieldReader, ? extends T> take)
        implements Codec<T> {

    @Override
    public Payload encode(T value) {
        FieldWriter fields = new FieldWriter();
        put.accept(value, fields);
        return fields.written();
    }

    @Override
    public T decode(Payload payload) {
        FieldReader fields = new FieldReader(payload);
        T value = take.apply(fields);
        fields.end();
        return value;
    }
}
