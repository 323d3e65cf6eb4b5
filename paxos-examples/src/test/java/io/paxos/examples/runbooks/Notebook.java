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

    @Override
    public Long apply(ApplyContext context, String note) {
        int at = note.indexOf('=');
        notes.put(note.substring(0, at), note.substring(at + 1));
        return (long) notes.size();
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
        DataInputStream data = new DataInputStream(snapshot);
        for (int left = data.readInt(); left > 0; left--) {
            String key = data.readUTF();
            notes.put(key, data.readUTF());
        }
    }
}
