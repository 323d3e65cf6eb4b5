// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.StoreOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads the journals of the nodes of a cluster beside one another and says whether any two nodes ever disagreed, as far as
 * the journals still tell: on the value decided for a slot or for a decree, or on the value of one proposal (rule 1), of a
 * register as well. A
 * slot that was decided and is forgotten counts too, as long as a segment holds it.
 *
 * <p>Nothing is changed, and no lock is taken; the end of a journal in use may be missed. What is read is kept in memory as
 * digests, some 200 bytes for each slot of each journal.
 */
public final class JournalAudit {

    /** Whoever has one disagreement may have a million; these suffice to begin with. */
    private static final int MOST_TOLD = 100;

    private final List<AuditedStore> stores = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long disagreements;
    private long slots;
    private long slotsCompared;
    private long decrees;
    private long decreesCompared;

    private JournalAudit() {}

    /**
     * What an audit came to.
     *
     * @param stores how many stores were read
     * @param isComplete whether all of them could be read to their ends
     * @param slots how many decided slots there are in any of them
     * @param slotsCompared how many of these at least two stores hold
     * @param decrees how many decided decrees there are in any of them
     * @param decreesCompared how many of these at least two stores hold
     * @param disagreements how many contradictions were found
     * @param told the first hundred of them, in words: which stores, what each holds, and where
     * @param notes what else an operator should know, such as a store that could only be read in part
     */
    public record Report(
            int stores,
            boolean isComplete,
            long slots,
            long slotsCompared,
            long decrees,
            long decreesCompared,
            long disagreements,
            List<String> told,
            List<String> notes) {
        /** Copies the lists. */
        public Report {
            told = List.copyOf(told);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Audits the stores of a cluster.
     *
     * @param directories the directories of its nodes, at least two; the more of them, the more can be compared
     * @return what was found
     * @throws IOException if a directory holds no store, or it cannot be told whose
     * @throws IllegalArgumentException if there are fewer than two, or if they are not of one cluster
     */
    public static Report run(List<Path> directories) throws IOException {
        if (directories.size() < 2) {
            throw new IllegalArgumentException(
                    "an audit compares two stores or more, not " + directories + "; name a directory of each node");
        }
        JournalAudit audit = new JournalAudit();
        for (Path directory : directories) {
            audit.read(directory);
        }
        audit.requireOneCluster();
        audit.compareLogs();
        audit.compareDecrees();
        audit.compareRegisters();
        audit.compareSnapshots();
        audit.compareFormations();
        return new Report(
                audit.stores.size(),
                audit.stores.stream().allMatch(store -> store.broken() == null),
                audit.slots,
                audit.slotsCompared,
                audit.decrees,
                audit.decreesCompared,
                audit.disagreements,
                audit.told,
                audit.notes);
    }

    private void read(Path path) throws IOException {
        StoreDirectory directory = new StoreDirectory(path);
        if (!Files.isRegularFile(directory.file(Identity.NAME))) {
            throw new IOException(path + " holds no file " + Identity.NAME + ", so it is not the store of a node");
        }
        AuditedStore store = AuditedStore.read(directory, this::disagree);
        stores.add(store);
        if (store.broken() != null) {
            notes.add(store + " could be read in part only: " + store.broken());
        }
        if (StoreLock.isTaken(directory)) {
            notes.add(store + " is in use; what its node writes meanwhile may be missing");
        }
    }

    private void disagree(String text) {
        disagreements++;
        if (told.size() < MOST_TOLD) {
            told.add(text);
        }
    }

    private void requireOneCluster() {
        StoreOwner first = stores.get(0).owner();
        for (AuditedStore store : stores) {
            if (!store.owner().cluster().equals(first.cluster())) {
                throw new IllegalArgumentException(store + " is of cluster "
                        + store.owner().cluster() + ", and " + stores.get(0) + " of cluster " + first.cluster()
                        + "; only nodes of one cluster can disagree");
            }
        }
    }

    private void compareLogs() {
        Map<GroupId, List<AuditedStore>> logs = new TreeMap<>();
        for (AuditedStore store : stores) {
            store.logs().keySet().forEach(group -> logs.computeIfAbsent(group, g -> new ArrayList<>())
                    .add(store));
        }
        logs.forEach((group, holders) -> {
            compareDecided(group, holders);
            compareProposals(group, holders);
        });
    }

    private static AuditedStore.Log log(AuditedStore store, GroupId group) {
        return store.logs().getOrDefault(group, new AuditedStore.Log());
    }

    private void compareDecided(GroupId group, List<AuditedStore> holders) {
        Map<Long, AuditedStore> first = new HashMap<>();
        Map<Long, Boolean> compared = new HashMap<>();
        for (AuditedStore store : holders) {
            log(store, group).decided.forEach((slot, held) -> {
                AuditedStore other = first.putIfAbsent(slot, store);
                if (other == null) {
                    slots++;
                } else {
                    if (compared.put(slot, true) == null) {
                        slotsCompared++;
                    }
                    AuditedStore.Held theirs = log(other, group).decided.getOrDefault(slot, held);
                    if (!theirs.value().equals(held.value())) {
                        disagree("slot " + slot + " of log " + group + " is decided as " + theirs + " by " + other
                                + ", and as " + held + " by " + store);
                    }
                }
            });
        }
    }

    private void compareProposals(GroupId group, List<AuditedStore> holders) {
        for (int i = 0; i < holders.size(); i++) {
            Map<Long, AuditedStore.Held> mine = log(holders.get(i), group).accepted;
            for (AuditedStore other : holders.subList(i + 1, holders.size())) {
                AuditedStore one = holders.get(i);
                log(other, group).accepted.forEach((slot, theirs) -> {
                    AuditedStore.Held held = mine.get(slot);
                    if (held != null && AuditedStore.contradict(held, theirs)) {
                        disagree("slot " + slot + " of log " + group + ", one ballot and two values: " + held + " by "
                                + one + ", " + theirs + " by " + other);
                    }
                });
            }
        }
    }

    private void compareDecrees() {
        for (int i = 0; i < stores.size(); i++) {
            AuditedStore store = stores.get(i);
            List<AuditedStore> before = stores.subList(0, i);
            List<AuditedStore> behind = stores.subList(i + 1, stores.size());
            store.decrees().forEach((name, value) -> {
                if (before.stream().noneMatch(other -> other.decrees().contains(name))) {
                    decrees++;
                    if (behind.stream().anyMatch(other -> other.decrees().contains(name))) {
                        decreesCompared++;
                    }
                }
                behind.forEach(other -> compareDecided(name, value, store, other));
            });
            behind.forEach(other -> compareProposed("decree", store, store.proposals(), other, other.proposals()));
        }
    }

    /** A register is decided anew with each change, so that two stores differ means nothing unless the ballot is one. */
    private void compareRegisters() {
        for (int i = 0; i < stores.size(); i++) {
            AuditedStore store = stores.get(i);
            stores.subList(i + 1, stores.size())
                    .forEach(other -> compareProposed("register", store, store.registers(), other, other.registers()));
        }
    }

    private void compareDecided(DecreeName name, Payload value, AuditedStore store, AuditedStore other) {
        Payload theirs = other.decrees().get(name);
        if (theirs != null && !theirs.equals(value)) {
            disagree("decree " + name + " is decided as " + value + " by " + store + ", and as " + theirs + " by "
                    + other);
        }
    }

    private <N> void compareProposed(
            String kind,
            AuditedStore store,
            Map<N, Proposal<Payload>> accepted,
            AuditedStore other,
            Map<N, Proposal<Payload>> acceptedThere) {
        accepted.forEach((name, mine) -> {
            Proposal<Payload> theirs = acceptedThere.get(name);
            if (theirs != null && AuditedStore.contradict(mine, theirs)) {
                disagree(kind + " " + name + ", one ballot and two values: " + mine + " by " + store + ", " + theirs
                        + " by " + other);
            }
        });
    }

    /** Two snapshots of one slot with other bytes: the state machines differ, or do not write the same state the same. */
    private void compareSnapshots() {
        for (int i = 0; i < stores.size(); i++) {
            AuditedStore store = stores.get(i);
            for (AuditedStore other : stores.subList(i + 1, stores.size())) {
                store.snapshots().forEach((group, mine) -> {
                    SnapshotInfo theirs = other.snapshots().get(group);
                    if (theirs != null && theirs.slot() == mine.slot() && !theirs.equals(mine)) {
                        notes.add(
                                "log " + group + ": " + store + " has " + mine + ", and " + other + " has " + theirs
                                        + "; unless the state machine may write one state in several ways, their states differ");
                    }
                });
            }
        }
    }

    private void compareFormations() {
        Map<Membership, AuditedStore> formed = new HashMap<>();
        Map<NodeId, AuditedStore> nodes = new TreeMap<>();
        for (AuditedStore store : stores) {
            nodes.put(store.owner().node(), store);
            if (store.formed() != null) {
                formed.putIfAbsent(store.formed(), store);
            }
        }
        if (formed.size() > 1) {
            List<String> vectors = new ArrayList<>();
            formed.forEach((vector, store) -> vectors.add(vector + " at " + store));
            notes.add(
                    "these stores belong to clusters that formed apart, so what they hold need not agree: " + vectors);
        }
        Consumer<NodeId> missing = node -> notes.add("the store of voter " + node + " is not among those read");
        formed.keySet().stream()
                .flatMap(vector -> vector.voters().keySet().stream())
                .distinct()
                .sorted()
                .filter(node -> !nodes.containsKey(node))
                .forEach(missing);
    }
}
