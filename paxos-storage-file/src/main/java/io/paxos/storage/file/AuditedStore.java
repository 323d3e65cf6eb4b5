// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one store says of what its node accepted and held to be decided, read from its journal from beginning to end.
 * Unlike what a node recovers, it keeps what was decided and is forgotten since, as far as the journal still has it.
 */
final class AuditedStore implements JournalScan.Sink, StoreRecord.Sink {

    /**
     * What a slot held.
     *
     * @param ballot the ballot it was accepted at; {@link Ballot#ZERO} if it was learned from a peer
     * @param value what it was
     * @param segment where that stands
     * @param offset where in the segment its batch begins
     */
    record Held(Ballot ballot, ValueDigest value, long segment, long offset) {
        @Override
        public String toString() {
            return value + (ballot.equals(Ballot.ZERO) ? " learned from a peer" : " accepted at " + ballot) + ", in "
                    + SegmentFile.name(segment) + " at " + offset;
        }
    }

    /** One log. */
    static final class Log {

        /** What each slot holds that was not known to be decided when it was written. */
        final NavigableMap<Long, Held> accepted = new TreeMap<>();

        /** What each slot holds that was decided, forgotten ones included. */
        final NavigableMap<Long, Held> decided = new TreeMap<>();

        private long decidedUpTo;
        private long compacted;
    }

    private final StoreDirectory directory;
    private final Consumer<String> disagreements;
    private final Map<GroupId, Log> logs = new TreeMap<>();
    private final Map<DecreeName, Proposal<Payload>> proposals = new HashMap<>();
    private final Map<RegisterName, Proposal<Payload>> registers = new HashMap<>();
    private final Map<GroupId, SnapshotInfo> snapshots = new TreeMap<>();
    private final StoreOwner owner;
    private final Incarnation incarnation;
    private DecidedNames decrees = new DecidedNames();
    private @Nullable Membership formed;
    private @Nullable String broken;
    private long segment;
    private long offset;

    private AuditedStore(StoreDirectory directory, Identity identity, Consumer<String> disagreements) {
        this.directory = directory;
        this.disagreements = disagreements;
        this.owner = identity.owner();
        this.incarnation = identity.incarnation();
    }

    /**
     * Reads a store as far as it can be read.
     *
     * @param disagreements hears where the store contradicts itself
     * @throws IOException if it cannot even be told whose it is
     */
    static AuditedStore read(StoreDirectory directory, Consumer<String> disagreements) throws IOException {
        Identity identity = Identity.read(directory);
        AuditedStore store = new AuditedStore(directory, identity, disagreements);
        try {
            StoreContent content = StoreContent.read(directory, identity, store);
            store.decrees = content.decided();
            for (GroupId group : content.index().logs().keySet()) {
                SnapshotInfo info = content.snapshots().info(group);
                if (info != null) {
                    store.snapshots.put(group, info);
                }
            }
        } catch (IOException e) {
            store.broken = String.valueOf(e.getMessage());
        }
        return store;
    }

    @Override
    public void header(long newSegment, long newOffset, BatchHeader header) {
        segment = newSegment;
        offset = newOffset;
    }

    @Override
    public void record(ByteBuffer record, long ignored) {
        StoreRecord.read(record, this);
    }

    @Override
    public void started(StoreRecord.Started started) {
        // How often a store was opened says nothing of what it holds.
    }

    @Override
    public void written(Write write) {
        if (write instanceof Write.AcceptWrite accept) {
            hold(accept.group(), accept.first(), accept.ballot(), accept.values());
        } else if (write instanceof Write.LearnWrite learn) {
            hold(learn.group(), learn.first(), Ballot.ZERO, learn.values());
        } else if (write instanceof Write.DecidedWrite mark) {
            decide(mark.group(), mark.decided());
        } else if (write instanceof Write.TrimWrite trim) {
            forget(trim.group(), trim.compacted());
        } else if (write instanceof Write.DecreeWrite decree && decree.accepted() != null) {
            propose("decree", decree.name(), decree.accepted(), proposals);
        } else if (write instanceof Write.RegisterWrite register && register.accepted() != null) {
            propose("register", register.name(), register.accepted(), registers);
        } else if (write instanceof Write.FormationWrite formation) {
            formed = formation.formed();
        }
    }

    private void hold(GroupId group, long first, Ballot ballot, List<Value> values) {
        Log log = log(group);
        for (int i = 0; i < values.size(); i++) {
            long slot = first + i;
            Held held = new Held(ballot, ValueDigest.of(group, values.get(i)), segment, offset);
            Held former = log.accepted.put(slot, held);
            if (former != null && contradict(former, held)) {
                disagreements.accept(this + ": slot " + slot + " of log " + group + " held " + former
                        + "; and then, at the same ballot, " + held);
            }
            // What still lives when its segment goes is written again, behind the mark that made it decided.
            if (slot <= log.decidedUpTo && slot > log.compacted) {
                decided(group, log, slot, held);
            }
        }
    }

    /** Whether two proposals of one ballot for one slot differ. */
    static boolean contradict(Held a, Held b) {
        return a.ballot().equals(b.ballot())
                && !a.ballot().equals(Ballot.ZERO)
                && !a.value().equals(b.value());
    }

    private void decide(GroupId group, long mark) {
        Log log = log(group);
        long before = Math.max(log.decidedUpTo, log.compacted);
        if (mark > before) {
            // Not each slot need be there: some are in segments that are gone, or copied to a later one.
            log.accepted.subMap(before, false, mark, true).forEach((slot, held) -> decided(group, log, slot, held));
            log.decidedUpTo = mark;
        }
    }

    private void decided(GroupId group, Log log, long slot, Held held) {
        Held former = log.decided.putIfAbsent(slot, held);
        if (former != null && !former.value().equals(held.value())) {
            disagreements.accept(this + ": slot " + slot + " of log " + group + " was decided as " + former
                    + "; and again as " + held);
        }
    }

    /** What a slot held that a snapshot stands for need not be what was decided. */
    private void forget(GroupId group, long upTo) {
        Log log = log(group);
        log.compacted = Math.max(log.compacted, upTo);
        log.decidedUpTo = Math.max(log.decidedUpTo, upTo);
    }

    private <N> void propose(String kind, N name, Proposal<Payload> proposal, Map<N, Proposal<Payload>> accepted) {
        Proposal<Payload> former = accepted.put(name, proposal);
        if (former != null && contradict(former, proposal)) {
            disagreements.accept(this + ": " + kind + " " + name + " held " + former.value() + " and then "
                    + proposal.value() + ", both at ballot " + proposal.ballot());
        }
    }

    /** Whether two proposals of one ballot for one decree, or for one register, differ. */
    static boolean contradict(Proposal<Payload> a, Proposal<Payload> b) {
        return a.ballot().equals(b.ballot()) && !a.value().equals(b.value());
    }

    private Log log(GroupId group) {
        return logs.computeIfAbsent(group, g -> new Log());
    }

    StoreOwner owner() {
        return owner;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    Map<GroupId, Log> logs() {
        return logs;
    }

    Map<DecreeName, Proposal<Payload>> proposals() {
        return proposals;
    }

    /** What was accepted last of each register: the encoded state, and at which ballot. */
    Map<RegisterName, Proposal<Payload>> registers() {
        return registers;
    }

    DecidedNames decrees() {
        return decrees;
    }

    Map<GroupId, SnapshotInfo> snapshots() {
        return snapshots;
    }

    /** The vector with which the cluster formed, as this node knows it. */
    @Nullable
    Membership formed() {
        return formed;
    }

    /** Why the store could not be read to its end, or null. */
    @Nullable
    String broken() {
        return broken;
    }

    @Override
    public String toString() {
        return owner.node() + " (" + directory.path() + ")";
    }
}
