// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.SnapshotVersion;
import io.paxos.examples.SortedTree;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state: values by key, and how often each has been written. It is kept in an immutable tree, so that a
 * snapshot is captured by holding on to the tree of that moment, however many keys there are.
 */
final class KvStore implements StateMachine<KvCommand, KvStore.Result> {

    /**
     * A value that is there.
     *
     * @param value its bytes
     * @param version how often the key has been written since it was absent, counted from 1
     */
    record Entry(Payload value, long version) {}

    /**
     * What became of a command.
     *
     * @param done whether the condition held
     * @param entry what is there now if something was written, what was there if something was deleted or the condition
     *     did not hold, or null if nothing was
     */
    record Result(boolean done, @Nullable Entry entry) {

        /** As bytes. */
        static final Codec<Result> CODEC = Codec.of(Result::encode, Result::decode);

        private static byte[] encode(Result result) {
            return Fields.write(out -> {
                out.writeBoolean(result.done);
                Fields.writePayload(out, result.entry == null ? null : result.entry.value());
                out.writeLong(result.entry == null ? 0 : result.entry.version());
            });
        }

        private static Result decode(byte[] bytes) {
            return Fields.read(bytes, in -> {
                boolean done = in.readBoolean();
                Payload value = Fields.readPayload(in);
                long version = in.readLong();
                return new Result(done, value == null ? null : new Entry(value, version));
            });
        }
    }

    private final BiConsumer<String, Payload> watch;
    private SortedTree<String, Entry> entries = SortedTree.empty(Comparator.naturalOrder());

    KvStore() {
        this((key, value) -> {});
    }

    /** A store that says what it holds: each value when it is written, and all that a snapshot brings. */
    KvStore(BiConsumer<String, Payload> watch) {
        this.watch = watch;
    }

    @Override
    public Result apply(ApplyContext context, KvCommand command) {
        Entry current = entries.get(command.key());
        if (!command.condition().holds(current == null ? null : current.value())) {
            return new Result(false, current);
        }
        if (command.value() == null) {
            entries = entries.without(command.key());
            return new Result(true, current);
        }
        Entry written = new Entry(command.value(), current == null ? 1 : current.version() + 1);
        entries = entries.with(command.key(), written);
        watch.accept(command.key(), command.value());
        return new Result(true, written);
    }

    /** What is there, or null. */
    @Nullable
    Entry get(String key) {
        return entries.get(key);
    }

    /** Keeps the tree as it is now; commands applied later make other trees. */
    @Override
    public Capture capture() {
        SortedTree<String, Entry> captured = entries;
        return out -> write(captured, new DataOutputStream(out));
    }

    private static void write(SortedTree<String, Entry> entries, DataOutputStream out) throws IOException {
        SnapshotVersion.write(out);
        out.writeInt(entries.size());
        for (Map.Entry<String, Entry> entry : entries) {
            out.writeUTF(entry.getKey());
            Fields.writePayload(out, entry.getValue().value());
            out.writeLong(entry.getValue().version());
        }
        out.flush();
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream in = new DataInputStream(snapshot);
        SnapshotVersion.check(in);
        int size = in.readInt();
        if (size < 0) {
            throw new IOException("a snapshot of " + size + " keys");
        }
        SortedTree<String, Entry> restored = SortedTree.empty(Comparator.naturalOrder());
        for (int i = 0; i < size; i++) {
            String key = in.readUTF();
            Payload value = Fields.readPayload(in);
            if (value == null) {
                throw new IOException("the key " + key + " has no value");
            }
            restored = restored.with(key, new Entry(value, in.readLong()));
        }
        entries = restored;
        entries.forEach(entry -> watch.accept(entry.getKey(), entry.getValue().value()));
    }
}
