// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.Optional;

/**
 * A map. Every call is about one key, and answered with the value that this key had before it, except that a put is
 * answered with nothing. Each key is a part of its own.
 *
 * @param <K> the keys: immutable, with {@code equals} and {@code hashCode}
 * @param <V> the values: so too
 */
public final class MapModel<K, V> implements Model<Optional<V>, MapModel.Call<K, V>, Optional<V>> {

    /**
     * What can be asked.
     *
     * @param <K> the keys
     * @param <V> the values
     */
    public sealed interface Call<K, V> {

        /**
         * What it is about.
         *
         * @return the key
         */
        K key();
    }

    /**
     * Asks for a value.
     *
     * @param key whose
     * @param <K> the keys
     * @param <V> the values
     */
    public record Get<K, V>(K key) implements Call<K, V> {}

    /**
     * Gives a key a value.
     *
     * @param key the key
     * @param value its new value
     * @param <K> the keys
     * @param <V> the values
     */
    public record Put<K, V>(K key, V value) implements Call<K, V> {}

    /**
     * Gives a key a value if it has the expected one; what was there tells whether it did.
     *
     * @param key the key
     * @param expected what it must have, empty if it must have none
     * @param value its new value
     * @param <K> the keys
     * @param <V> the values
     */
    public record Replace<K, V>(K key, Optional<V> expected, V value) implements Call<K, V> {}

    /**
     * Takes a key's value away.
     *
     * @param key the key
     * @param <K> the keys
     * @param <V> the values
     */
    public record Remove<K, V>(K key) implements Call<K, V> {}

    /** A map that is empty at first. */
    public MapModel() {}

    @Override
    public Optional<V> initial() {
        return Optional.empty();
    }

    @Override
    public Step<Optional<V>, Optional<V>> apply(Optional<V> state, Call<K, V> input) {
        if (input instanceof Put<K, V> put) {
            return new Step<>(Optional.of(put.value()), Optional.empty());
        }
        if (input instanceof Replace<K, V> replace) {
            return new Step<>(replace.expected().equals(state) ? Optional.of(replace.value()) : state, state);
        }
        return new Step<>(input instanceof Remove<K, V> ? Optional.empty() : state, state);
    }

    @Override
    public Object part(Call<K, V> input) {
        return input.key();
    }

    @Override
    public boolean isRead(Call<K, V> input) {
        return input instanceof Get<K, V>;
    }
}
