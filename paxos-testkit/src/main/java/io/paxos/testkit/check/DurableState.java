// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one store holds: the sum of the writes that are durable, as {@link RecoveredState} spells out. Written apart from
 * the product's own in-memory storage, so that a mistake in the one shows against the other.
 */
public final class DurableState {

    private final int index;
    private final Incarnation incarnation;
    private Write.FormationWrite formation = RecoveredState.NOT_FORMED;
    private final Map<GroupId, Log> logs = new TreeMap<>();
    private final Map<DecreeName, Write.DecreeWrite> decrees = new TreeMap<>();
    private final Map<DecreeName, Payload> decided = new TreeMap<>();
    private final Map<RegisterName, Write.RegisterWrite> registers = new TreeMap<>();
    private final Map<Endpoint, Long> peerStarts = new HashMap<>();
    private final Map<GroupId, StoredSnapshot> snapshots = new TreeMap<>();
    private long starts;
    private boolean oldCopy;

    /**
     * A store that has just been created.
     *
     * @param index counts the stores of a run, from 0
     * @param incarnation its identity
     */
    public DurableState(int index, Incarnation incarnation) {
        this.index = index;
        this.incarnation = incarnation;
    }

    /**
     * A copy of all it holds now, with its identity and the number of its starts: what is put back from a backup, or
     * started beside the original. Its votes are those of another store, so it has a number of its own.
     *
     * @param copyIndex counts the stores of a run
     * @return the copy
     */
    public DurableState copy(int copyIndex) {
        DurableState copy = new DurableState(copyIndex, incarnation);
        copy.oldCopy = true;
        copy.formation = formation;
        logs.forEach((group, log) -> copy.logs.put(group, log.copy()));
        copy.decrees.putAll(decrees);
        copy.decided.putAll(decided);
        copy.registers.putAll(registers);
        copy.peerStarts.putAll(peerStarts);
        snapshots.forEach((group, held) -> copy.snapshots.put(group, held.copy()));
        copy.starts = starts;
        return copy;
    }

    /**
     * Whether this is a copy of another store of the run, so that its votes must count nowhere.
     *
     * @return true if {@link #copy} made it
     */
    public boolean isOldCopy() {
        return oldCopy;
    }

    /**
     * How often it was opened.
     *
     * @return the number of the latest start, 0 if there was none
     */
    public long starts() {
        return starts;
    }

    /**
     * What it holds of the starts of a store.
     *
     * @param peer another node and its store, or this one
     * @return the latest start written down, or {@link StartId#NONE}
     */
    public StartId startOf(Endpoint peer) {
        return new StartId(peerStarts.getOrDefault(peer, 0L));
    }

    /** Hands every proposal that it has accepted to the observer. */
    void forEachAccepted(Accepted log, AcceptedFor<DecreeName> decree, AcceptedFor<RegisterName> register) {
        logs.forEach((group, held) -> held.slots.forEach((slot, proposal) -> {
            if (!proposal.ballot().isZero()) {
                log.in(group, slot, proposal);
            }
        }));
        decrees.forEach((name, held) -> {
            if (held.accepted() != null) {
                decree.in(name, held.accepted());
            }
        });
        registers.forEach((name, held) -> {
            if (held.accepted() != null) {
                register.in(name, held.accepted());
            }
        });
    }

    /** Hears of a proposal accepted in a slot. */
    interface Accepted {
        void in(GroupId group, long slot, Proposal<Value> proposal);
    }

    /** Hears of a proposal accepted for a decree or a register. */
    interface AcceptedFor<N> {
        void in(N name, Proposal<Payload> proposal);
    }

    /**
     * A snapshot has become durable. The store hands out the newest.
     *
     * @param group the log
     * @param snapshot which one
     */
    public void snapshot(GroupId group, StoredSnapshot snapshot) {
        snapshots.merge(
                group,
                snapshot,
                (old, fresh) -> fresh.info().slot() >= old.info().slot() ? fresh : old);
    }

    /**
     * The newest durable snapshot of a log.
     *
     * @param group the log
     * @return the snapshot, or null if there is none
     */
    public @Nullable StoredSnapshot snapshot(GroupId group) {
        return snapshots.get(group);
    }

    /**
     * Whether something in this store cannot be read any more.
     *
     * @return true if the newest snapshot of a log is damaged
     */
    public boolean isDamaged() {
        return snapshots.values().stream().anyMatch(StoredSnapshot::isDamaged);
    }

    /**
     * How far the durable snapshots of a log reach.
     *
     * @param group the log
     * @return the last slot that the newest one stands for, 0 if there is none
     */
    public long snapshotSlot(GroupId group) {
        StoredSnapshot newest = snapshots.get(group);
        return newest == null ? 0 : newest.info().slot();
    }

    /**
     * Adds a write.
     *
     * @param write a write that is durable now
     */
    public void apply(Write write) {
        if (write instanceof Write.FormationWrite w) {
            formation = w;
        } else if (write instanceof Write.PromiseWrite w) {
            writable(w.group()).promised = w.promised();
        } else if (write instanceof Write.AcceptWrite w) {
            Log log = writable(w.group());
            log.promised = Ballot.max(log.promised, w.ballot());
            log.put(w.first(), w.ballot(), w.values());
        } else if (write instanceof Write.LearnWrite w) {
            writable(w.group()).put(w.first(), Ballot.ZERO, w.values());
        } else if (write instanceof Write.DecidedWrite w) {
            writable(w.group()).decided = w.decided();
        } else if (write instanceof Write.DecreeWrite w) {
            decrees.put(w.name(), w);
        } else if (write instanceof Write.DecreeDecidedWrite w) {
            decrees.remove(w.name());
            decided.put(w.name(), w.value());
        } else if (write instanceof Write.RegisterWrite w) {
            registers.put(w.name(), w);
        } else if (write instanceof Write.TrimWrite w) {
            writable(w.group()).trim(w.compacted());
        } else if (write instanceof Write.PeerStartWrite w) {
            peerStarts.put(w.peer(), w.start());
        } else {
            throw new IllegalArgumentException("a kind of write that this store does not know: " + write);
        }
    }

    private Log writable(GroupId group) {
        return logs.computeIfAbsent(group, g -> new Log());
    }

    /**
     * What a node that opens this store is given.
     *
     * @return a copy
     */
    public RecoveredState recover() {
        Map<GroupId, RecoveredState.Log> copies = new TreeMap<>();
        logs.forEach((group, log) -> copies.put(
                group,
                new RecoveredState.Log(
                        log.promised, new TreeMap<>(log.slots), log.decided, log.compacted, snapshotInfo(group))));
        starts++;
        return new RecoveredState(
                incarnation,
                starts,
                formation,
                peerStarts,
                copies,
                new TreeMap<>(decrees),
                new HashMap<>(decided),
                new TreeMap<>(registers));
    }

    private @Nullable SnapshotInfo snapshotInfo(GroupId group) {
        StoredSnapshot newest = snapshots.get(group);
        return newest == null ? null : newest.info();
    }

    /**
     * Which store of the run this is.
     *
     * @return its number, from 0
     */
    public int index() {
        return index;
    }

    /**
     * The identity of the store.
     *
     * @return the incarnation
     */
    public Incarnation incarnation() {
        return incarnation;
    }

    /**
     * Where the node stands in forming the cluster.
     *
     * @return the latest formation written
     */
    public Write.FormationWrite formation() {
        return formation;
    }

    /**
     * The state of one log.
     *
     * @param group the log
     * @return its state, empty if it was never written to
     */
    public Log log(GroupId group) {
        Log log = logs.get(group);
        return log == null ? new Log() : log;
    }

    /**
     * The acceptor of an undecided decree.
     *
     * @param name the decree
     * @return the latest write for it, or null if there is none or it is decided
     */
    public Write.@Nullable DecreeWrite decree(DecreeName name) {
        return decrees.get(name);
    }

    /**
     * The acceptor of a register.
     *
     * @param name the register
     * @return the latest write for it, or null if there is none
     */
    public Write.@Nullable RegisterWrite register(RegisterName name) {
        return registers.get(name);
    }

    /**
     * The decision of a decree.
     *
     * @param name the decree
     * @return the value, or null if none is known here
     */
    public @Nullable Payload decided(DecreeName name) {
        return decided.get(name);
    }

    /** The durable state of one log. */
    public static final class Log {

        private Ballot promised = Ballot.ZERO;
        private final TreeMap<Long, Proposal<Value>> slots = new TreeMap<>();
        private long decided;
        private long compacted;

        private Log copy() {
            Log copy = new Log();
            copy.promised = promised;
            copy.slots.putAll(slots);
            copy.decided = decided;
            copy.compacted = compacted;
            return copy;
        }

        private void trim(long upTo) {
            compacted = Math.max(compacted, upTo);
            decided = Math.max(decided, upTo);
            slots.headMap(upTo, true).clear();
        }

        private void put(long first, Ballot ballot, List<Value> values) {
            long slot = first;
            for (Value value : values) {
                if (slot > compacted) {
                    slots.put(slot, new Proposal<>(ballot, value));
                }
                slot++;
            }
        }

        /**
         * The highest ballot promised.
         *
         * @return the ballot
         */
        public Ballot promised() {
            return promised;
        }

        /**
         * The proposals held, by slot.
         *
         * @return the live map, not to be changed
         */
        public TreeMap<Long, Proposal<Value>> slots() {
            return slots;
        }

        /**
         * Every slot up to here is decided.
         *
         * @return the mark
         */
        public long decided() {
            return decided;
        }

        /**
         * Every slot up to here is forgotten.
         *
         * @return the mark
         */
        public long compacted() {
            return compacted;
        }
    }
}
