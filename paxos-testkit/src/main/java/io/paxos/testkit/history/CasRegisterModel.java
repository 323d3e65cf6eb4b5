// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.Optional;

/**
 * A register whose value can be exchanged if it is the expected one. It is empty at first.
 *
 * @param <V> the values: immutable, with {@code equals} and {@code hashCode}
 */
public final class CasRegisterModel<V>
        implements Model<Optional<V>, CasRegisterModel.Call<V>, CasRegisterModel.Answer<V>> {

    /**
     * What can be asked.
     *
     * @param <V> the values
     */
    public sealed interface Call<V> {}

    /**
     * Puts a value in the place of what is there; answered with {@link Done}.
     *
     * @param value the value
     * @param <V> the values
     */
    public record Write<V>(V value) implements Call<V> {}

    /**
     * Asks for the value; answered with {@link Value}.
     *
     * @param <V> the values
     */
    public record Read<V>() implements Call<V> {}

    /**
     * Puts a value in the place of the expected one, and only of that; answered with {@link Done}.
     *
     * @param expected what must be there, empty if nothing must
     * @param value the new value
     * @param <V> the values
     */
    public record CompareAndSet<V>(Optional<V> expected, V value) implements Call<V> {}

    /**
     * What is answered.
     *
     * @param <V> the values
     */
    public sealed interface Answer<V> {}

    /**
     * To a write.
     *
     * @param written whether it was done
     * @param <V> the values
     */
    public record Done<V>(boolean written) implements Answer<V> {}

    /**
     * To a read.
     *
     * @param value what is there
     * @param <V> the values
     */
    public record Value<V>(Optional<V> value) implements Answer<V> {}

    /** A register that is empty at first. */
    public CasRegisterModel() {}

    @Override
    public Optional<V> initial() {
        return Optional.empty();
    }

    @Override
    public Step<Optional<V>, Answer<V>> apply(Optional<V> state, Call<V> input) {
        if (input instanceof Write<V> write) {
            return new Step<>(Optional.of(write.value()), new Done<>(true));
        }
        if (input instanceof CompareAndSet<V> exchange) {
            return exchange.expected().equals(state)
                    ? new Step<>(Optional.of(exchange.value()), new Done<>(true))
                    : new Step<>(state, new Done<>(false));
        }
        return new Step<>(state, new Value<>(state));
    }

    @Override
    public boolean isRead(Call<V> input) {
        return input instanceof Read<V>;
    }
}
