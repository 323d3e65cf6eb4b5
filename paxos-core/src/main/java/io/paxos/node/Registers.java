// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Values under names, each of which can be read, set, compared and changed from any node, without a leader and without a
 * log (Rystsov, "CASPaxos", 2018). Each register is linearizable on its own; there is no order between registers. A value
 * that was never set, or was deleted, is absent.
 *
 * <p>The calls of one node about one register are carried out one after the other, in the order in which they were made;
 * reads that follow each other share a round. A change is made once or not at all, whatever messages and nodes are lost
 * on the way. Values are compared as their codec encodes them.
 *
 * <p>Safe for any thread; no method blocks. Futures complete on the node's callback executor, each exactly once, with a
 * {@link PaxosException} if there is no result: {@link RefusedException} if the call certainly has no effect,
 * {@link UnknownOutcomeException} if it may have had one or may have it yet, so that the register has to be read before
 * the call is repeated. They refuse, with {@link IllegalStateException}, to be waited for on the node's own threads.
 *
 * @param <V> the values; all nodes must use the same codec for a name
 */
public final class Registers<V> {

    private final CallDoor door;
    private final Codec<V> codec;
    private final Ticks ticks;
    private final Duration defaultDeadline;

    Registers(CallDoor door, Codec<V> codec, Ticks ticks, Duration defaultDeadline) {
        this.door = door;
        this.codec = codec;
        this.ticks = ticks;
        this.defaultDeadline = defaultDeadline;
    }

    /**
     * Reads a register, within the node's default deadline. See {@link #get(String, Duration)}.
     *
     * @param name the register
     * @return its value, or empty
     */
    public CompletableFuture<Optional<V>> get(String name) {
        return get(name, defaultDeadline);
    }

    /**
     * Reads a register: one round trip to a quorum where its members agree. Where a change is half made, it is finished
     * first.
     *
     * @param name the register: non-empty, at most {@value RegisterName#MAX_BYTES} bytes of UTF-8
     * @param deadline how long to try
     * @return the value at a moment between call and answer, or empty if it is absent. Fails with {@link RefusedException}
     * @throws IllegalArgumentException if the name is not valid or the deadline is not longer than nothing
     */
    public CompletableFuture<Optional<V>> get(String name, Duration deadline) {
        RegisterName register = new RegisterName(name);
        int limit = ticks.in("deadline", deadline);
        return door.ask(
                NodeMeter.CallKind.GET,
                request -> new Event.ReadRegister(request, register, limit),
                outcome -> value(register, outcome));
    }

    /**
     * Sets a register, within the node's default deadline. See {@link #set(String, Object, Duration)}.
     *
     * @param name the register
     * @param value the new value
     * @return completes when it is set
     */
    public CompletableFuture<Void> set(String name, V value) {
        return set(name, value, defaultDeadline);
    }

    /**
     * Sets a register, whatever it holds.
     *
     * @param name the register: non-empty, at most {@value RegisterName#MAX_BYTES} bytes of UTF-8
     * @param value the new value
     * @param deadline how long to try
     * @return completes when it is set. Fails with {@link UnknownOutcomeException} if the deadline passed while the change
     *     was on its way, and with {@link RefusedException} if it never left
     * @throws IllegalArgumentException if the name is not valid, the value cannot be encoded, or the deadline is not
     *     longer than nothing
     */
    public CompletableFuture<Void> set(String name, V value, Duration deadline) {
        return assign(name, Encoding.encode(codec, value), deadline);
    }

    /**
     * Takes the value of a register away, within the node's default deadline. See {@link #delete(String, Duration)}.
     *
     * @param name the register
     * @return completes when it is absent
     */
    public CompletableFuture<Void> delete(String name) {
        return delete(name, defaultDeadline);
    }

    /**
     * Takes the value of a register away, whatever it is. The name and what acceptors have promised for it stay, in about
     * a hundred bytes on every node: were they forgotten, a change that a node missed could come back.
     *
     * @param name the register: non-empty, at most {@value RegisterName#MAX_BYTES} bytes of UTF-8
     * @param deadline how long to try
     * @return completes when it is absent. Fails as {@link #set(String, Object, Duration)} does
     * @throws IllegalArgumentException if the name is not valid or the deadline is not longer than nothing
     */
    public CompletableFuture<Void> delete(String name, Duration deadline) {
        return assign(name, null, deadline);
    }

    private CompletableFuture<Void> assign(String name, @Nullable Payload next, Duration deadline) {
        RegisterName register = new RegisterName(name);
        int limit = ticks.in("deadline", deadline);
        RegisterChange change = new RegisterChange.Assign(next);
        return door.send(
                NodeMeter.CallKind.CHANGE,
                present(next, null),
                request -> new Event.ChangeRegister(request, register, change, limit),
                Registers::done);
    }

    /**
     * Changes a register if it holds what is expected, within the node's default deadline. See
     * {@link #compareAndSet(String, Object, Object, Duration)}.
     *
     * @param name the register
     * @param expected what it must hold, or null if it must be absent
     * @param next what it shall hold, or null to delete it
     * @return whether it was changed
     */
    public CompletableFuture<Boolean> compareAndSet(String name, @Nullable V expected, @Nullable V next) {
        return compareAndSet(name, expected, next, defaultDeadline);
    }

    /**
     * Changes a register if it holds what is expected.
     *
     * @param name the register: non-empty, at most {@value RegisterName#MAX_BYTES} bytes of UTF-8
     * @param expected what it must hold, compared as the codec encodes it; null if it must be absent
     * @param next what it shall hold, or null to delete it
     * @param deadline how long to try
     * @return true if it was changed; false if it held something else, and this call has no effect, now or later. Fails as
     *     {@link #set(String, Object, Duration)} does
     * @throws IllegalArgumentException if the name is not valid, a value cannot be encoded, or the deadline is not longer
     *     than nothing
     */
    public CompletableFuture<Boolean> compareAndSet(
            String name, @Nullable V expected, @Nullable V next, Duration deadline) {
        RegisterName register = new RegisterName(name);
        Payload there = expected == null ? null : Encoding.encode(codec, expected);
        Payload then = next == null ? null : Encoding.encode(codec, next);
        int limit = ticks.in("deadline", deadline);
        RegisterChange change = new RegisterChange.CompareAndSet(there, then);
        return door.send(
                NodeMeter.CallKind.CHANGE,
                present(there, then),
                request -> new Event.ChangeRegister(request, register, change, limit),
                Registers::isChanged);
    }

    /**
     * Changes a register by a function, within the node's default deadline. See
     * {@link #update(String, UnaryOperator, Duration)}.
     *
     * @param name the register
     * @param change makes the new value of the old one
     * @return the new value, or empty
     */
    public CompletableFuture<Optional<V>> update(String name, UnaryOperator<Optional<V>> change) {
        return update(name, change, defaultDeadline);
    }

    /**
     * Changes a register by a function. The function runs on the node's callback executor; it may run several times, never
     * twice at once, each time on the value that the register has then, and one result at most takes effect: it should
     * do nothing but compute. While it runs the other calls of this node about this register wait, and nothing else does; a
     * call about this register that it makes and waits for would never be answered before the deadline.
     *
     * @param name the register: non-empty, at most {@value RegisterName#MAX_BYTES} bytes of UTF-8
     * @param change makes the new value of the old one, where empty is absent; what it throws leaves the register as it is
     *     and fails the future
     * @param deadline how long to try
     * @return the new value, or empty. Fails with what the function threw, or as {@link #set(String, Object, Duration)}
     *     does
     * @throws IllegalArgumentException if the name is not valid or the deadline is not longer than nothing
     */
    public CompletableFuture<Optional<V>> update(String name, UnaryOperator<Optional<V>> change, Duration deadline) {
        Objects.requireNonNull(change, "change");
        RegisterName register = new RegisterName(name);
        int limit = ticks.in("deadline", deadline);
        return door.compute(
                found -> {
                    Optional<V> next = Objects.requireNonNull(
                            change.apply(decoded(register, found)),
                            "the function returned null; return Optional.empty()");
                    return next.isEmpty() ? null : Encoding.encode(codec, next.get());
                },
                request -> new Event.ChangeRegister(request, register, new RegisterChange.Compute(), limit),
                outcome -> value(register, outcome));
    }

    private static List<Payload> present(@Nullable Payload first, @Nullable Payload second) {
        List<Payload> values = new ArrayList<>(2);
        if (first != null) {
            values.add(first);
        }
        if (second != null) {
            values.add(second);
        }
        return values;
    }

    private Optional<V> value(RegisterName name, Outcome outcome) {
        if (outcome instanceof Outcome.Held held) {
            return decoded(name, held.value());
        }
        if (outcome instanceof Outcome.Changed changed) {
            return decoded(name, changed.value());
        }
        throw PaxosException.of(outcome);
    }

    private Optional<V> decoded(RegisterName name, @Nullable Payload value) {
        return value == null
                ? Optional.empty()
                : Optional.of(Encoding.decode(codec, value, () -> "register " + name + " holds a value"));
    }

    private static boolean isChanged(Outcome outcome) {
        if (outcome instanceof Outcome.Changed) {
            return true;
        }
        if (outcome instanceof Outcome.Held) {
            return false;
        }
        throw PaxosException.of(outcome);
    }

    private static @Nullable Void done(Outcome outcome) {
        if (outcome instanceof Outcome.Changed) {
            return null;
        }
        throw PaxosException.of(outcome);
    }

    @Override
    public String toString() {
        return "Registers[" + Objects.toString(codec) + "]";
    }
}
