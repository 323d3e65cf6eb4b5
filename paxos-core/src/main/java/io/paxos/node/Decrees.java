// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Named questions, to each of which one value is chosen, once and for ever, by single-decree Paxos (Lamport, "Paxos
 * Made Simple", 2001). Any node proposes and any node answers, without a leader.
 *
 * <p>Safe for any thread; no method blocks. Futures complete on the node's callback executor, each exactly once, with a
 * {@link PaxosException} if there is no result. They refuse, with {@link IllegalStateException}, to be waited for on the
 * node's own threads.
 *
 * @param <V> the values; all nodes must use the same codec for a name
 */
public final class Decrees<V> {

    private final CallDoor door;
    private final Codec<V> codec;
    private final Ticks ticks;
    private final Duration defaultDeadline;

    Decrees(CallDoor door, Codec<V> codec, Ticks ticks, Duration defaultDeadline) {
        this.door = door;
        this.codec = codec;
        this.ticks = ticks;
        this.defaultDeadline = defaultDeadline;
    }

    /**
     * Has a value chosen, within the node's default deadline. See {@link #agree(String, Object, Duration)}.
     *
     * @param name the decree
     * @param value what to propose if the choice is free
     * @return the chosen value: this one, or another that was proposed before or at the same time
     */
    public CompletableFuture<V> agree(String name, V value) {
        return agree(name, value, defaultDeadline);
    }

    /**
     * Has a value chosen. The answer is the same on every node, whatever each of them proposed.
     *
     * @param name the decree: non-empty, at most {@value DecreeName#MAX_BYTES} bytes of UTF-8
     * @param value what to propose if the choice is free
     * @param deadline how long to try
     * @return the chosen value: this one, or another that was proposed before or at the same time. Fails with
     *     {@link UnknownOutcomeException} if the deadline passed while the value was on its way, and with
     *     {@link RefusedException} if it never left
     * @throws IllegalArgumentException if the name is not valid, the value cannot be encoded, or the deadline is not
     *     longer than nothing
     */
    public CompletableFuture<V> agree(String name, V value, Duration deadline) {
        DecreeName decree = new DecreeName(name);
        Payload payload = Encoding.encode(codec, value);
        int limit = ticks.in("deadline", deadline);
        return door.send(
                NodeMeter.CallKind.AGREE,
                List.of(payload),
                request -> new Event.Agree(request, decree, payload, limit),
                outcome -> chosen(decree, outcome));
    }

    /**
     * Finds out whether a value has been chosen, within the node's default deadline. See
     * {@link #learn(String, Duration)}.
     *
     * @param name the decree
     * @return the chosen value, or empty
     */
    public CompletableFuture<Optional<V>> learn(String name) {
        return learn(name, defaultDeadline);
    }

    /**
     * Finds out whether a value has been chosen. Whatever was chosen before the call is found, also by a node that was
     * away; a value found half-way to being chosen is finished first (rule 15).
     *
     * @param name the decree
     * @param deadline how long to try
     * @return the chosen value, or empty if there was none when asked. Fails with {@link RefusedException}
     * @throws IllegalArgumentException if the name is not valid or the deadline is not longer than nothing
     */
    public CompletableFuture<Optional<V>> learn(String name, Duration deadline) {
        DecreeName decree = new DecreeName(name);
        int limit = ticks.in("deadline", deadline);
        return door.ask(
                NodeMeter.CallKind.LEARN,
                request -> new Event.Learn(request, decree, limit),
                outcome ->
                        outcome instanceof Outcome.Undecided ? Optional.empty() : Optional.of(chosen(decree, outcome)));
    }

    /**
     * Waits until a value has been chosen, within the node's default deadline. See {@link #await(String, Duration)}.
     *
     * @param name the decree
     * @return the chosen value
     */
    public CompletableFuture<V> await(String name) {
        return await(name, defaultDeadline);
    }

    /**
     * Waits until a value has been chosen, and proposes none.
     *
     * @param name the decree
     * @param deadline how long to wait
     * @return the chosen value. Fails with {@link RefusedException} when the deadline passes
     * @throws IllegalArgumentException if the name is not valid or the deadline is not longer than nothing
     */
    public CompletableFuture<V> await(String name, Duration deadline) {
        DecreeName decree = new DecreeName(name);
        int limit = ticks.in("deadline", deadline);
        return door.ask(request -> new Event.Await(request, decree, limit), outcome -> chosen(decree, outcome));
    }

    private V chosen(DecreeName name, Outcome outcome) {
        if (outcome instanceof Outcome.Chosen chosen) {
            return Encoding.decode(codec, chosen.value(), () -> "decree " + name + " is decided");
        }
        throw PaxosException.of(outcome);
    }

    @Override
    public String toString() {
        return "Decrees[" + Objects.toString(codec) + "]";
    }
}
