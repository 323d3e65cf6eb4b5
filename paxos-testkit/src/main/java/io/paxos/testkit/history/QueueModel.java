// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A queue, first in, first out, empty at first. To take from it is answered with the value taken, to put into it with
 * nothing. The order of puts at a time shows only when their values are taken, so many of them at a time are a lot of work
 * for the checker.
 *
 * @param <V> the values: immutable, with {@code equals} and {@code hashCode}
 */
public final class QueueModel<V> implements Model<List<V>, QueueModel.Call<V>, Optional<V>> {

    /**
     * What can be asked.
     *
     * @param <V> the values
     */
    public sealed interface Call<V> {}

    /**
     * Puts a value at the end.
     *
     * @param value the value
     * @param <V> the values
     */
    public record Put<V>(V value) implements Call<V> {}

    /**
     * Takes the first value, if there is one.
     *
     * @param <V> the values
     */
    public record Take<V>() implements Call<V> {}

    /** A queue that is empty at first. */
    public QueueModel() {}

    @Override
    public List<V> initial() {
        return List.of();
    }

    @Override
    public Step<List<V>, Optional<V>> apply(List<V> state, Call<V> input) {
        if (input instanceof Put<V> put) {
            List<V> longer = new ArrayList<>(state);
            longer.add(put.value());
            return new Step<>(List.copyOf(longer), Optional.empty());
        }
        return state.isEmpty()
                ? new Step<>(state, Optional.empty())
                : new Step<>(List.copyOf(state.subList(1, state.size())), Optional.of(state.get(0)));
    }
}
