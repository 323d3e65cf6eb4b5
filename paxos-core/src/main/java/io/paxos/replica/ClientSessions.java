package io.paxos.replica;

import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
