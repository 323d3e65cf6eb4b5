// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Step;

/** What one key of the store does when one client at a time uses it, written another way than {@link KvStore}. */
final class KvModel implements Model<KvModel.Held, KvModel.Call, KvModel.Held> {

    /**
     * What a key holds; also what every answer tells of it, where a write that was done tells only the version.
     *
     * @param value empty if there is none
     * @param version how often the key has been written
     */
    record Held(String value, long version) {

        private static final Held NOTHING = new Held("", 0);
    }

    /** What clients ask. */
    sealed interface Call {

        /** The key. */
        String key();
    }

    /** The value. */
    record Get(String key) implements Call {}

    /** To write. */
    record Put(String key, String value) implements Call {}

    /** To write if the value is the expected one. */
    record PutIf(String key, String expected, String value) implements Call {}

    /** What an answer to a write that was done tells. */
    static Held written(long version) {
        return new Held("", version);
    }

    @Override
    public Held initial() {
        return Held.NOTHING;
    }

    @Override
    public Step<Held, Held> apply(Held state, Call input) {
        if (input instanceof Put put) {
            return write(state, put.value());
        }
        if (input instanceof PutIf put && state.version() > 0 && state.value().equals(put.expected())) {
            return write(state, put.value());
        }
        return new Step<>(state, state);
    }

    private static Step<Held, Held> write(Held state, String value) {
        return new Step<>(new Held(value, state.version() + 1), written(state.version() + 1));
    }

    @Override
    public boolean isRead(Call input) {
        return input instanceof Get;
    }

    @Override
    public Object part(Call input) {
        return input.key();
    }
}
