// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import io.paxos.examples.recipes.MapState.Command;
import io.paxos.examples.recipes.MapState.Condition;
import io.paxos.model.Payload;
import io.paxos.node.Consistency;
import io.paxos.node.PaxosNode;
import io.paxos.node.Reading;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A map that is the same on every node. Every change is linearizable, and so is what is read unless less is asked for.
 * Keys and values are compared as their codecs encode them, so equal ones must have equal bytes; {@code equals} and
 * {@code hashCode} play no part. Neither keys nor values are null. Safe for any thread.
 *
 * <p>A change whose future fails with {@link io.paxos.node.UnknownOutcomeException} may have been made;
 * {@link io.paxos.node.RefusedException} says that it was not, and will not be.
 *
 * @param <K> the keys
 * @param <V> the values
 */
public final class ReplicatedMap<K, V> {

    private final ReplicatedLog<Command, Optional<Payload>, MapState> log;
    private final Codec<K> keys;
    private final Codec<V> values;

    private ReplicatedMap(ReplicatedLog<Command, Optional<Payload>, MapState> log, Codec<K> keys, Codec<V> values) {
        this.log = log;
        this.keys = keys;
        this.values = values;
    }

    /**
     * This node's replica of a map: to be called once on every node that is to hold it.
     *
     * @param node the node
     * @param name of the map, and of the log behind it
     * @param keys turns keys into bytes; the same on every node
     * @param values turns values into bytes; the same on every node
     * @param <K> the keys
     * @param <V> the values
     * @return the map
     * @throws IllegalArgumentException if the name is not one for a log
     * @throws IllegalStateException if the node has a log of that name already
     */
    public static <K, V> ReplicatedMap<K, V> on(PaxosNode node, String name, Codec<K> keys, Codec<V> values) {
        return new ReplicatedMap<>(
                node.replicate(name, new MapState(), Command.CODEC, Codec.optional(Codec.payload())), keys, values);
    }

    /**
     * Gives a key a value.
     *
     * @param key the key
     * @param value its value from now on
     * @return the value it had before
     * @throws IllegalArgumentException if one of the two cannot be encoded
     */
    public CompletableFuture<Optional<V>> put(K key, V value) {
        return change(key, Condition.ALWAYS, Optional.empty(), Optional.of(value));
    }

    /**
     * Gives a key a value if it has none.
     *
     * @param key the key
     * @param value its value from now on, if it has none
     * @return empty if it has got that value, else the one it has
     * @throws IllegalArgumentException if one of the two cannot be encoded
     */
    public CompletableFuture<Optional<V>> putIfAbsent(K key, V value) {
        return change(key, Condition.IF_EXPECTED, Optional.empty(), Optional.of(value));
    }

    /**
     * Gives a key another value, if it has the one that is expected.
     *
     * @param key the key
     * @param expected what it must have, compared as its codec encodes it
     * @param value its value from now on, if it has that one
     * @return whether it had
     * @throws IllegalArgumentException if one of the three cannot be encoded
     */
    public CompletableFuture<Boolean> replace(K key, V expected, V value) {
        return changeIf(key, expected, Optional.of(value));
    }

    /**
     * Takes a key's value away.
     *
     * @param key the key
     * @return the value it had
     * @throws IllegalArgumentException if the key cannot be encoded
     */
    public CompletableFuture<Optional<V>> remove(K key) {
        return change(key, Condition.ALWAYS, Optional.empty(), Optional.empty());
    }

    /**
     * Takes a key's value away, if it is the one that is expected.
     *
     * @param key the key
     * @param expected what it must have, compared as its codec encodes it
     * @return whether it had
     * @throws IllegalArgumentException if one of the two cannot be encoded
     */
    public CompletableFuture<Boolean> remove(K key, V expected) {
        return changeIf(key, expected, Optional.empty());
    }

    /**
     * The value of a key, with everything in it that was acknowledged to anyone before the call.
     *
     * @param key the key
     * @return its value, or empty
     * @throws IllegalArgumentException if the key cannot be encoded
     */
    public CompletableFuture<Optional<V>> get(K key) {
        return get(key, Consistency.linearizable()).thenApply(Reading::value);
    }

    /**
     * The value of a key, as current as asked for: {@code Consistency.local()} asks no other node.
     *
     * @param key the key
     * @param how what is guaranteed
     * @return its value, or empty, and up to which slot that is so
     * @throws IllegalArgumentException if the key cannot be encoded
     */
    public CompletableFuture<Reading<Optional<V>>> get(K key, Consistency how) {
        Payload encoded = keys.encode(key);
        return log.read(how, state -> state.get(encoded))
                .thenApply(reading -> new Reading<>(reading.value().map(values::decode), reading.token()));
    }

    /**
     * How many keys have a value.
     *
     * @param how what is guaranteed
     * @return their number, and up to which slot that is so
     */
    public CompletableFuture<Reading<Integer>> size(Consistency how) {
        return log.read(how, state -> state.entries().size());
    }

    /**
     * Everything in the map at one moment, while changes go on.
     *
     * @param how what is guaranteed
     * @return a map of its own, which cannot be changed, and up to which slot it is so. It goes through its keys in the order
     *     of their encoded bytes, unsigned, which is the same on every node: texts in UTF-8 by code points, numbers from 0
     *     on by size, and negative ones behind them
     */
    public CompletableFuture<Reading<Map<K, V>>> entries(Consistency how) {
        return log.read(how, MapState::entries).thenApply(reading -> {
            Map<K, V> all = new LinkedHashMap<>();
            reading.value().forEach(entry -> all.put(keys.decode(entry.getKey()), values.decode(entry.getValue())));
            return new Reading<>(Collections.unmodifiableMap(all), reading.token());
        });
    }

    private CompletableFuture<Optional<V>> change(K key, Condition condition, Optional<V> expected, Optional<V> value) {
        Command command =
                new Command(keys.encode(key), condition, expected.map(values::encode), value.map(values::encode));
        return log.submit(command).thenApply(before -> before.map(values::decode));
    }

    private CompletableFuture<Boolean> changeIf(K key, V expected, Optional<V> value) {
        Optional<Payload> there = Optional.of(values.encode(expected));
        Command command = new Command(keys.encode(key), Condition.IF_EXPECTED, there, value.map(values::encode));
        return log.submit(command).thenApply(there::equals);
    }
}
