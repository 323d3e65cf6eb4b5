// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Completion;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.replica.SessionResults.Executed;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which commands have been executed, and with what result, so that a command that is decided twice is
 * executed once (rule 11; Ongaro 2014, §6.3). A session begins with an entry of the log and its id is that slot. It
 * keeps a floor, below which everything is answered, and the results above it. When there are too many sessions, the
 * one whose last command lies farthest back in the log goes; when all results together take too much, the lowest ones
 * of that session go first, and its floor rises above them. So expiry depends on the log alone.
 */
final class ClientSessions {

    /** Each start of a node opens one; far more than a cluster that restarts all day would fill. */
    static final int MAX_SESSIONS = 4096;

    /** So much may all results take together, in bytes; on every replica the same, for as long as the log exists. */
    static final long MAX_RESULT_BYTES = 256L << 20;

    private final int most;
    private final long mostBytes;
    private long bytes;
    private final Map<Long, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Opener, Long> byOpener = new HashMap<>();
    /** The most recently used one, which most commands belong to; null if that is not known. */
    private @Nullable Session latest;

    /** An empty table for so many sessions at most. */
    ClientSessions(int most) {
        this(most, MAX_RESULT_BYTES);
    }

    /** An empty table for so many sessions at most, whose results take no more than so many bytes. */
    ClientSessions(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    /** An empty table of the same size. */
    ClientSessions emptied() {
        return new ClientSessions(most, mostBytes);
    }

    /** Opens a session at a slot, unless that start of that node has one already; returns the id of the one it has. */
    long open(long slot, Value.OpenSession open) {
        Opener opener = new Opener(open.opener(), open.start());
        Long existing = byOpener.get(opener);
        latest = null;
        if (existing != null) {
            sessions.get(existing);
            return existing;
        }
        byOpener.put(opener, slot);
        sessions.put(slot, new Session(slot, opener));
        if (sessions.size() > most) {
            Map.Entry<Long, Session> eldest = sessions.entrySet().iterator().next();
            sessions.remove(eldest.getKey());
            byOpener.remove(eldest.getValue().opener);
            bytes -= eldest.getValue().results.bytes();
        }
        return slot;
    }

    /** The session a command belongs to, which becomes the most recently used; null if there is none. */
    @Nullable
    Session use(long session) {
        if (latest == null || latest.id != session) {
            latest = sessions.get(session);
        }
        return latest;
    }

    /** Remembers the result of a command. */
    void remember(Session session, long sequence, long slot, Payload result) {
        long before = session.results.bytes();
        session.results.put(sequence, slot, result);
        bytes += session.results.bytes() - before;
        forgetTooMuch();
    }

    /** Remembers that a command is never executed. Fences count as results do, since anybody may send many. */
    void fence(Session session, long sequence, long slot) {
        long before = session.results.bytes();
        session.results.fence(sequence, slot);
        bytes += session.results.bytes() - before;
        forgetTooMuch();
    }

    /** Forgets what is answered. */
    void raiseFloor(Session session, long floor) {
        long before = session.results.bytes();
        session.results.raiseFloor(floor);
        bytes += session.results.bytes() - before;
    }

    private void forgetTooMuch() {
        for (Session session : sessions.values()) {
            while (bytes > mostBytes && session.results.bytes() > 0) {
                raiseFloor(session, session.results.lowest() + 1);
            }
            if (bytes <= mostBytes) {
                return;
            }
        }
    }

    /** Whether any command of any session was fenced off that is remembered. */
    boolean hasFences() {
        return sessions.values().stream().anyMatch(session -> session.results.hasFences());
    }

    /** Writes all sessions, the one used least recently first, so that equal tables give equal bytes. */
    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(sessions.size());
        for (Map.Entry<Long, Session> entry : sessions.entrySet()) {
            Session session = entry.getValue();
            out.writeLong(entry.getKey());
            out.writeUTF(session.opener.node.name());
            out.writeLong(session.opener.start);
            out.writeLong(session.results.floor());
            out.writeInt(session.results.size());
            for (Map.Entry<Long, Executed> result : session.results.inOrder().entrySet()) {
                out.writeLong(result.getKey());
                out.writeLong(result.getValue().slot());
                out.writeInt(result.getValue().result().size());
                out.write(result.getValue().result().unwrap());
            }
        }
    }

    /**
     * Reads what {@link #writeTo} wrote, into a table that is empty.
     *
     * @param upTo the last slot executed: sessions and results of later ones cannot be
     */
    void readFrom(DataInputStream in, long upTo) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new IOException("a snapshot holds at most " + most + " sessions, not " + count);
        }
        for (int i = 0; i < count; i++) {
            long id = readSlot(in, upTo);
            Session session = readSession(in, id, upTo);
            if (sessions.put(id, session) != null || byOpener.put(session.opener, id) != null) {
                throw new IOException("session " + id + " of " + session.opener + " cannot be in a snapshot twice");
            }
            bytes += session.results.bytes();
        }
    }

    private static Session readSession(DataInputStream in, long id, long upTo) throws IOException {
        Session session = new Session(id, new Opener(new NodeId(in.readUTF()), in.readLong()));
        long floor = in.readLong();
        if (floor < 1) {
            throw new IOException("session " + id + " cannot have the floor " + floor
                    + ": commands are counted from 1, and floors with them");
        }
        int results = in.readInt();
        if (results < 0) {
            throw new IOException("session " + id + " cannot have " + results + " results");
        }
        session.results.raiseFloor(floor);
        long below = floor - 1;
        for (int j = 0; j < results; j++) {
            long sequence = in.readLong();
            if (sequence <= below) {
                throw new IOException("session " + id + " with the floor " + floor + " cannot have a result of command "
                        + sequence + " in this place");
            }
            Executed executed = readExecuted(in, upTo);
            session.results.put(sequence, executed.slot(), executed.result());
            below = sequence;
        }
        return session;
    }

    private static long readSlot(DataInputStream in, long upTo) throws IOException {
        long slot = in.readLong();
        requireSlot(slot, upTo);
        return slot;
    }

    private static void requireSlot(long slot, long upTo) throws IOException {
        if (slot < 1 || slot > upTo) {
            throw new IOException("a snapshot up to slot " + upTo + " cannot tell of slot " + slot);
        }
    }

    private static Executed readExecuted(DataInputStream in, long upTo) throws IOException {
        long slot = in.readLong();
        requireSlot(Math.abs(slot), upTo);
        int length = in.readInt();
        // A length is only a claim: memory is taken for bytes that are there.
        byte[] bytes = in.readNBytes(Math.max(0, length));
        if (bytes.length != length) {
            throw new IOException(
                    "the snapshot ends within the result of slot " + slot + ", which has " + length + " bytes");
        }
        return new Executed(slot, Payload.wrap(bytes));
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
        session.results
                .inOrder()
                .forEach((sequence, executed) -> completions.add(new Completion(
                        Math.abs(executed.slot()),
                        new Value.Command(
                                new CommandId(id, sequence), session.results.floor(), LogTime.ZERO, Payload.EMPTY),
                        executed.isFence() ? Completion.Status.FENCED : Completion.Status.REPEATED,
                        executed.result())));
        return completions;
    }

    private record Opener(NodeId node, long start) {}

    /** What is remembered of one session. */
    static final class Session {
        private final long id;
        private final Opener opener;
        private final SessionResults results = new SessionResults();

        Session(long id, Opener opener) {
            this.id = id;
            this.opener = opener;
        }

        boolean isOf(NodeId node, long start) {
            return opener.start == start && opener.node.equals(node);
        }

        SessionResults results() {
            return results;
        }
    }
}
