// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import io.paxos.examples.SnapshotVersion;
import io.paxos.examples.SortedTree;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * The state behind a {@link ReplicatedMap}: encoded values by encoded key. It knows no types, so that no codec can stop a
 * replica; and it compares bytes, so that no {@code equals} or {@code compareTo} can make replicas differ. It is kept in an
 * immutable tree: a snapshot of a map of any size is captured by holding on to the tree of that moment.
 */
public final class MapState implements StateMachine<MapState.Command, Optional<Payload>> {

    /** Keys in the order of their bytes, unsigned, and the shorter first where one begins with the other. */
    private static final Comparator<Payload> BY_BYTES = (one, other) -> {
        int differs = one.asByteBuffer().mismatch(other.asByteBuffer());
        return differs < 0 || differs == Math.min(one.size(), other.size())
                ? Integer.compare(one.size(), other.size())
                : Integer.compare(unsigned(one, differs), unsigned(other, differs));
    };

    private static int unsigned(Payload bytes, int at) {
        return Byte.toUnsignedInt(bytes.asByteBuffer().get(at));
    }

    /** On what a command depends. */
    public enum Condition {
        /** On nothing. */
        ALWAYS,
        /** The key has the expected value, or none if none is expected. */
        IF_EXPECTED
    }

    /**
     * Gives a key a value or takes it away. The answer is the value that the key had before, from which whoever asked knows
     * whether the condition held.
     *
     * @param key the key
     * @param condition on what it depends
     * @param expected what the key must have if it depends on that
     * @param value what it gets, or empty to have none any more
     */
    public record Command(Payload key, Condition condition, Optional<Payload> expected, Optional<Payload> value) {

        private static final Codec<Condition> CONDITION = Codec.constants(Condition.values());
        private static final Codec<Optional<Payload>> VALUE = Codec.optional(Codec.payload());

        /** Field by field. */
        public static final Codec<Command> CODEC = Codec.record(
                (command, fields) -> fields.put(Codec.payload(), command.key)
                        .put(CONDITION, command.condition)
                        .put(VALUE, command.expected)
                        .put(VALUE, command.value),
                fields -> new Command(
                        fields.take(Codec.payload()), fields.take(CONDITION), fields.take(VALUE), fields.take(VALUE)));
    }

    private SortedTree<Payload, Payload> entries = SortedTree.empty(BY_BYTES);

    @Override
    public Optional<Payload> apply(ApplyContext context, Command command) {
        Optional<Payload> before = get(command.key());
        if (command.condition() == Condition.ALWAYS || command.expected().equals(before)) {
            entries = command.value()
                    .map(value -> entries.with(command.key(), value))
                    .orElseGet(() -> entries.without(command.key()));
        }
        return before;
    }

    /**
     * The value of a key.
     *
     * @param key the key
     * @return its value, or empty
     */
    public Optional<Payload> get(Payload key) {
        return Optional.ofNullable(entries.get(key));
    }

    /**
     * Everything in it, as it is now.
     *
     * @return entries in the order of the bytes of their keys; it does not change
     */
    public SortedTree<Payload, Payload> entries() {
        return entries;
    }

    @Override
    public Capture capture() {
        SortedTree<Payload, Payload> captured = entries;
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            SnapshotVersion.write(data);
            data.writeInt(captured.size());
            for (Map.Entry<Payload, Payload> entry : captured) {
                write(data, entry.getKey());
                write(data, entry.getValue());
            }
            data.flush();
        };
    }

    private static void write(DataOutputStream data, Payload bytes) throws IOException {
        data.writeInt(bytes.size());
        data.write(bytes.toByteArray());
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        SnapshotVersion.check(data);
        SortedTree<Payload, Payload> restored = SortedTree.empty(BY_BYTES);
        for (int left = data.readInt(); left > 0; left--) {
            restored = restored.with(read(data), read(data));
        }
        entries = restored;
    }

    private static Payload read(DataInputStream data) throws IOException {
        int size = data.readInt();
        byte[] bytes = size < 0 ? new byte[0] : data.readNBytes(size);
        if (bytes.length != size) {
            throw new EOFException("a snapshot that should go on with " + size + " bytes, but has " + bytes.length);
        }
        return Payload.wrap(bytes);
    }
}
