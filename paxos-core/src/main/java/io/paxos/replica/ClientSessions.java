package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which commands have been executed, and with what result, so that a command that is decided twice is
 * executed once (rule 11; Ongaro 2014, §6.3). A session begins with an entry of the log and its id is that slot. It
 * keeps a floor, below which everything is answered, and the results above it. When there are too many sessions, the
 * one whose last command lies farthest back in the log goes; so expiry depends on the log alone.
 */
final class ClientSessions {

    /** Each start of a node opens one; far more than a cluster that restarts all day would fill. */
    static final int MAX_SESSIONS = 4096;

    private final Map<Long, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Opener, Long> byOpener = new HashMap<>();

    /** Opens a session at a slot, unless that start of that node has one already; returns the id of the one it has. */
    long open(long slot, Value.OpenSession open) {
        Opener opener = new Opener(open.opener(), open.start());
        Long existing = byOpener.get(opener);
        if (existing != null) {
            sessions.get(existing);
            return existing;
        }
        byOpener.put(opener, slot);
        sessions.put(slot, new Session(opener));
        if (sessions.size() > MAX_SESSIONS) {
            Map.Entry<Long, Session> eldest = sessions.entrySet().iterator().next();
            sessions.remove(eldest.getKey());
            byOpener.remove(eldest.getValue().opener);
        }
        return slot;
    }

    /** The session a command belongs to, which becomes the most recently used; null if there is none. */
    @Nullable
    Session use(long session) {
        return sessions.get(session);
    }

    /** Writes all sessions, the one used least recently first, so that equal tables give equal bytes. */
    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(sessions.size());
        for (Map.Entry<Long, Session> entry : sessions.entrySet()) {
            Session session = entry.getValue();
            out.writeLong(entry.getKey());
            out.writeUTF(session.opener.node.name());
            out.writeLong(session.opener.start);
            out.writeLong(session.floor);
            out.writeInt(session.results.size());
            for (Map.Entry<Long, Executed> result : session.results.entrySet()) {
                out.writeLong(result.getKey());
                out.writeLong(result.getValue().slot());
                out.writeInt(result.getValue().result().size());
                out.write(result.getValue().result().unwrap());
            }
        }
    }

    /** Reads what {@link #writeTo} wrote, into a table that is empty. */
    void readFrom(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_SESSIONS) {
            throw new IOException("a snapshot holds at most " + MAX_SESSIONS + " sessions, not " + count);
        }
        for (int i = 0; i < count; i++) {
            long id = in.readLong();
            Session session = new Session(new Opener(new NodeId(in.readUTF()), in.readLong()));
            session.floor = in.readLong();
            int results = in.readInt();
            for (int j = 0; j < results; j++) {
                long sequence = in.readLong();
                long slot = in.readLong();
                int length = in.readInt();
                byte[] bytes = in.readNBytes(length);
                if (bytes.length != length) {
                    throw new IOException("the snapshot ends within the result of slot " + slot);
                }
                session.results.put(sequence, new Executed(slot, Payload.wrap(bytes)));
            }
            byOpener.put(session.opener, id);
            sessions.put(id, session);
        }
    }

    /**
     * What this table tells one start of one node: the session it has, and the results of its commands. Looking does not
     * count as use, for each replica looks for another one's.
     */
    List<Completion> completionsOf(NodeId node, long start) {
        for (Map.Entry<Long, Session> entry : sessions.entrySet()) {
            if (entry.getValue().isOf(node, start)) {
                return completions(entry.getKey(), entry.getValue());
            }
        }
        return List.of();
    }

    private static List<Completion> completions(long id, Session session) {
        List<Completion> completions = new ArrayList<>();
        completions.add(new Completion(
                id,
                new Value.OpenSession(session.opener.node, session.opener.start, LogTime.ZERO),
                Completion.Status.APPLIED,
                Payload.EMPTY));
        session.results.forEach((sequence, executed) -> completions.add(new Completion(
                executed.slot(),
                new Value.Command(new CommandId(id, sequence), session.floor, LogTime.ZERO, Payload.EMPTY),
                Completion.Status.REPEATED,
                executed.result())));
        return completions;
    }

    private record Opener(NodeId node, long start) {}

    /** The result of a command and where it was executed. */
    record Executed(long slot, Payload result) {}

    /** What is remembered of one session. */
    static final class Session {
        private final Opener opener;
        private final SortedMap<Long, Executed> results = new TreeMap<>();
        private long floor = 1;

        Session(Opener opener) {
            this.opener = opener;
        }

        boolean isOf(NodeId node, long start) {
            return opener.node.equals(node) && opener.start == start;
        }

        void raiseFloor(long newFloor) {
            if (newFloor > floor) {
                floor = newFloor;
                results.headMap(newFloor).clear();
            }
        }

        boolean isBelowFloor(long sequence) {
            return sequence < floor;
        }

        @Nullable
        Executed result(long sequence) {
            return results.get(sequence);
        }

        void record(long sequence, Executed executed) {
            results.put(sequence, executed);
        }
    }
}
