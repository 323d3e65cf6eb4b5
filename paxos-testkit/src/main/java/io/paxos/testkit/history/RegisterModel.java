// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.Optional;

/**
 * A register: a place for one value, empty at first. A read is answered with the value, a write with nothing.
 *
 * @param <V> the values: immutable, with {@code equals} and {@code hashCode}
 */
public final class RegisterModel<V> implements Model<Optional<V>, RegisterModel.Call<V>, Optional<V>> {

    /**
     * What can be asked.
     *
     * @param <V> the values
     */
    public sealed interface Call<V> {}

    /**
     * Puts a value in the place of what is there.
     *
     * @param value the value
     * @param <V> the values
     */
    public record Write<V>(V value) implements Call<V> {}

    /**
     * Asks for the value.
     *
     * @param <V> the values
     */
    public record Read<V>() implements Call<V> {}

    /** A register that is empty at first. */
    public RegisterModel() {}

    @Override
    public Optional<V> initial() {
        return Optional.empty();
    }

    @Override
    public Step<Optional<V>, Optional<V>> apply(Optional<V> state, Call<V> input) {
        return input instanceof Write<V> write
                ? new Step<>(Optional.of(write.value()), Optional.empty())
                : new Step<>(state, state);
    }

    @Override
    public boolean isRead(Call<V> input) {
        return input instanceof Read<V>;
    }
}
