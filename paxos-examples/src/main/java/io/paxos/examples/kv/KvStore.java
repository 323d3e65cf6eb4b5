package io.paxos.examples.kv;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The replicated state: values by key, and how often each has been written. */
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

    private final Map<String, Entry> entries = new HashMap<>();

    @Override
    public Result apply(ApplyContext context, KvCommand command) {
        Entry current = entries.get(command.key());
        if (!command.condition().holds(current == null ? null : current.value())) {
            return new Result(false, current);
        }
        if (command.value() == null) {
            return new Result(true, entries.remove(command.key()));
        }
        Entry written = new Entry(command.value(), current == null ? 1 : current.version() + 1);
        entries.put(command.key(), written);
        return new Result(true, written);
    }

    /** What is there, or null. */
    @Nullable
    Entry get(String key) {
        return entries.get(key);
    }
}
