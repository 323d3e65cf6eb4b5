// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.runbooks;

import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values by their keys, written down as {@code key=value}. */
final class Notebook implements StateMachine<String, Long> {

    private final TreeMap<String, String> notes = new TreeMap<>();
    private final String illegible;
    private long digest;

    Notebook() {
        this("");
    }

    /** One that writes something else down where others write this down, as on broken hardware. */
    Notebook(String illegible) {
        this.illegible = illegible;
    }

    @Override
    public Long apply(ApplyContext context, String note) {
        int at = note.indexOf('=');
        write(note.substring(0, at), note.equals(illegible) ? "?" : note.substring(at + 1));
        return (long) notes.size();
    }

    private void write(String key, String value) {
        String before = notes.put(key, value);
        digest += (before == null ? 0 : -hash(key, before)) + hash(key, value);
    }

    private static long hash(String key, String value) {
        return 31L * key.hashCode() * value.hashCode();
    }

    @Override
    public long digest() {
        return digest;
    }

    @Nullable
    String get(String key) {
        return notes.get(key);
    }

    Map<String, String> all() {
        return Map.copyOf(notes);
    }

    @Override
    public Capture capture() {
        Map<String, String> now = new TreeMap<>(notes);
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(now.size());
            for (Map.Entry<String, String> note : now.entrySet()) {
                data.writeUTF(note.getKey());
                data.writeUTF(note.getValue());
            }
            data.flush();
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        notes.clear();
        digest = 0;
        DataInputStream data = new DataInputStream(snapshot);
        for (int left = data.readInt(); left > 0; left--) {
            String key = data.readUTF();
            write(key, data.readUTF());
        }
    }
}
