package io.paxos.node;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory: it lives as long as the object. A node that is restarted with the same object comes back with all
 * it had; a new object is a new store, so its node comes back as a stranger, whose votes no longer count (rule 7). When
 * the process ends, everything agreed is gone from this node; when all processes end, from the cluster.
 *
 * <p>Safe for any thread. A store serves one node at a time, and may be opened again after it was closed.
 */
public final class InMemoryStorage implements Storage {

    /** What is kept of one log. */
    private static final class Log {
        private Ballot promised = Ballot.ZERO;
        private final TreeMap<Long, Proposal<Value>> slots = new TreeMap<>();
        private long decided;
    }

    private final Incarnation incarnation;
    private final Map<GroupId, Log> groups = new HashMap<>();
    private final Map<DecreeName, Write.DecreeWrite> decrees = new HashMap<>();
    private final Map<DecreeName, Payload> decided = new HashMap<>();
    private Write.FormationWrite formation = RecoveredState.NOT_FORMED;
    private @Nullable StoreOwner owner;
    private boolean open;

    /** A new store, with an identity drawn at random. */
    public InMemoryStorage() {
        this(new Incarnation(new SecureRandom().nextLong() | 1));
    }

    /**
     * A new store with a given identity, for tests that must be repeatable. No two stores may have the same.
     *
     * @param incarnation the identity
     * @throws IllegalArgumentException if it is not a definite one
     */
    public InMemoryStorage(Incarnation incarnation) {
        if (incarnation.equals(Incarnation.ANY)) {
            throw new IllegalArgumentException("a store needs a definite incarnation, not " + incarnation);
        }
        this.incarnation = incarnation;
    }

    @Override
    public synchronized RecoveredState recover(StoreOwner newOwner) throws IOException {
        if (owner != null && !owner.equals(newOwner)) {
            throw new IOException("this store belongs to " + describe(owner) + " and cannot serve " + describe(newOwner)
                    + "; give each node a store of its own");
        }
        if (open) {
            throw new IOException("this store is in use by a running " + describe(newOwner)
                    + "; close that node first, or give this one a store of its own");
        }
        owner = newOwner;
        open = true;
        Map<GroupId, RecoveredState.Log> logs = new HashMap<>();
        groups.forEach((group, log) ->
                logs.put(group, new RecoveredState.Log(log.promised, new TreeMap<>(log.slots), log.decided)));
        return new RecoveredState(incarnation, formation, logs, decrees, new HashMap<>(decided));
    }

    @Override
    public synchronized void write(List<Write> batch) throws IOException {
        if (!open) {
            throw new IOException("this store is not open; a node opens it when it starts");
        }
        for (Write write : batch) {
            apply(write);
        }
    }

    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public synchronized void close() {
        open = false;
    }

    private void apply(Write write) {
        if (write instanceof Write.AcceptWrite accept) {
            Log log = log(accept.group());
            log.promised = Ballot.max(log.promised, accept.ballot());
            put(log, accept.first(), accept.ballot(), accept.values());
        } else if (write instanceof Write.DecidedWrite mark) {
            log(mark.group()).decided = mark.decided();
        } else if (write instanceof Write.PromiseWrite promise) {
            Log log = log(promise.group());
            log.promised = Ballot.max(log.promised, promise.promised());
        } else if (write instanceof Write.LearnWrite learn) {
            put(log(learn.group()), learn.first(), Ballot.ZERO, learn.values());
        } else if (write instanceof Write.DecreeWrite decree) {
            if (!decided.containsKey(decree.name())) {
                decrees.put(decree.name(), decree);
            }
        } else if (write instanceof Write.DecreeDecidedWrite decision) {
            decrees.remove(decision.name());
            decided.put(decision.name(), decision.value());
        } else if (write instanceof Write.FormationWrite newFormation) {
            formation = newFormation;
        }
    }

    private static void put(Log log, long first, Ballot ballot, List<Value> values) {
        long slot = first;
        for (Value value : values) {
            log.slots.put(slot++, new Proposal<>(ballot, value));
        }
    }

    private Log log(GroupId group) {
        return groups.computeIfAbsent(group, g -> new Log());
    }

    private static String describe(StoreOwner owner) {
        return "node " + owner.node() + " of cluster " + owner.cluster();
    }
}
