// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Founds a new cluster on the stores that are left of an old one, or on backups of them. Paxos has no answer to the loss
 * of a quorum, for what was chosen may have been lost with it; so this is no recovery of the cluster, but a decision of
 * people who have read the {@linkplain #plan() plan}, in which stands what may be missing.
 *
 * <p>The stores are read and never changed. The new ones are of a cluster of another name, with new incarnations and a
 * vector of them with which that cluster has formed already (rule 6); so a node of the old cluster that comes back is a
 * stranger in every respect, and its votes count nowhere. They all begin with the same content: what was certainly
 * decided, and behind it, of what the stores hold, what may have been. Slots, sessions and the log's time go on; ballots
 * begin far above those promised, so that they stay good as fencing tokens; memberships of logs begin again with version 0.
 *
 * <p>Not safe for use by several threads.
 */
public final class Rescue {

    private static final int MOST_NAMED = 100;

    private final List<SurvivingStore> stores;
    private final Map<SurvivingStore, String> voteless = new HashMap<>();
    private final ClusterName cluster;
    private final Membership formed;
    private final Function<Set<NodeId>, QuorumSystem> quorums;
    private final List<SurvivingLog> logs = new ArrayList<>();
    private final Map<DecreeName, Payload> decided = new TreeMap<>(Comparator.comparing(DecreeName::toString));

    private Rescue(List<SurvivingStore> stores, Function<Set<NodeId>, QuorumSystem> quorums) throws IOException {
        this.stores = stores;
        this.quorums = quorums;
        this.cluster = stores.get(0).owner().cluster();
        this.formed = commonFormation();
        for (SurvivingStore store : stores) {
            String why = store.votesMissing(stores);
            if (why != null) {
                voteless.put(store, why);
            }
        }
        Set<GroupId> groups = new TreeSet<>();
        for (SurvivingStore store : stores) {
            groups.addAll(store.index().logs().keySet());
            addDecided(store);
        }
        for (GroupId group : groups) {
            logs.add(new SurvivingLog(group, formed, stores, store -> !voteless.containsKey(store), quorums));
        }
    }

    /**
     * Reads what is left of a cluster.
     *
     * @param directories stores of its nodes or backups of them, at least one; the more, the less can be missing. Nothing
     *     shows that a store is a copy made by other means while its node ran: name one only after its file
     *     {@code IDENTITY} has been renamed to {@code BACKUP}, or it counts as one that holds every vote.
     * @param quorums the rule by which the cluster counts, such as {@code MajorityQuorums::of}
     * @return what can be had of it
     * @throws IOException if a directory holds neither, or one that is damaged; the message says which and why
     * @throws IllegalArgumentException if there are none, if they are not of one cluster, or two of one store
     */
    public static Rescue of(List<Path> directories, Function<Set<NodeId>, QuorumSystem> quorums) throws IOException {
        if (directories.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing can be rescued without a store; name the directories of those" + " nodes that are left");
        }
        List<SurvivingStore> stores = new ArrayList<>();
        for (Path directory : directories) {
            SurvivingStore store = SurvivingStore.read(directory);
            for (SurvivingStore other : stores) {
                requireTogether(store, other);
            }
            stores.add(store);
        }
        return new Rescue(stores, quorums);
    }

    private void addDecided(SurvivingStore store) throws IOException {
        for (Map.Entry<DecreeName, Payload> decree : store.decided().entrySet()) {
            Payload other = decided.putIfAbsent(decree.getKey(), decree.getValue());
            if (other != null && !other.equals(decree.getValue())) {
                throw new IOException(
                        "decree " + decree.getKey() + " is decided as " + decree.getValue() + " in " + store
                                + ", and as " + other + " in another of " + stores + ", which must never be: see what"
                                + " JournalAudit says of them, and leave out the one that is wrong");
            }
        }
    }

    private static void requireTogether(SurvivingStore store, SurvivingStore other) {
        if (!store.owner().cluster().equals(other.owner().cluster())) {
            throw new IllegalArgumentException(
                    store + " is of cluster " + store.owner().cluster() + ", and " + other + " of cluster "
                            + other.owner().cluster() + "; name only those of one");
        }
        if (store.endpoint().equals(other.endpoint())) {
            throw new IllegalArgumentException(
                    store + " and " + other + " are copies of one store; name the one that was written to last");
        }
    }

    private Membership commonFormation() throws IOException {
        Membership known = null;
        for (SurvivingStore store : stores) {
            Membership theirs = store.formed();
            if (known != null && theirs != null && !theirs.equals(known)) {
                throw new IOException("the stores are of clusters that formed apart, " + known + " and, in " + store
                        + ", " + theirs + "; what they hold need not agree, so name only those of one");
            }
            known = known == null ? theirs : known;
        }
        if (known == null) {
            throw new IOException(
                    "none of " + stores + " knows that the cluster ever formed, so nothing was ever chosen"
                            + " that they could hold; begin with empty directories instead");
        }
        return known;
    }

    /**
     * Says what there is, and what may be missing.
     *
     * @return the plan
     */
    public RescuePlan plan() {
        QuorumSystem system = quorums.apply(formed.voters().keySet());
        Set<NodeId> here = new HashSet<>();
        List<RescuePlan.Store> told = new ArrayList<>();
        for (SurvivingStore store : stores) {
            String why = voteless.get(store);
            if (why == null && formed.counts(store.endpoint())) {
                here.add(store.endpoint().node());
            }
            told.add(new RescuePlan.Store(
                    store.path(), store.endpoint(), store.starts(), store.isBackup(), store.isInUse(), why));
        }
        Set<NodeId> gone = new HashSet<>(formed.voters().keySet());
        gone.removeAll(here);
        boolean mayMiss = system.isPhase2Quorum(gone);
        boolean isQuorumLeft = system.isPhase1Quorum(here)
                && system.isPhase2Quorum(here)
                && logs.stream().allMatch(SurvivingLog::hasQuorum);
        return new RescuePlan(
                cluster,
                formed,
                isQuorumLeft,
                told,
                logs.stream().map(SurvivingLog::finding).toList(),
                decrees(mayMiss),
                registers(mayMiss));
    }

    private RescuePlan.Leaderless decrees(boolean mayMiss) {
        SortedSet<String> blank = new TreeSet<>();
        long held = 0;
        for (Write.DecreeWrite decree : undecidedDecrees()) {
            if (decree.accepted() == null) {
                blank.add(decree.name().toString());
            } else {
                held++;
            }
        }
        return new RescuePlan.Leaderless(decided.size(), held, first(blank), blank.size(), mayMiss);
    }

    private RescuePlan.Leaderless registers(boolean mayMiss) {
        SortedSet<String> blank = new TreeSet<>();
        long held = 0;
        for (Write.RegisterWrite register : latestRegisters()) {
            Proposal<Payload> accepted = register.accepted();
            held += accepted == null ? 0 : 1;
            if (accepted == null || register.promised().compareTo(accepted.ballot()) > 0) {
                blank.add(register.name().toString());
            }
        }
        return new RescuePlan.Leaderless(0, held, first(blank), blank.size(), mayMiss);
    }

    private static List<String> first(SortedSet<String> names) {
        return names.stream().limit(MOST_NAMED).toList();
    }

    /** Of each decree that no store knows to be decided: the highest promise, and the proposal of the highest ballot. */
    List<Write.DecreeWrite> undecidedDecrees() {
        Map<DecreeName, Write.DecreeWrite> found = new HashMap<>();
        for (SurvivingStore store : stores) {
            store.index()
                    .decrees()
                    .forEach((name, mine) -> found.merge(
                            name,
                            mine,
                            (a, b) -> new Write.DecreeWrite(
                                    name, Ballot.max(a.promised(), b.promised()), higher(a.accepted(), b.accepted()))));
        }
        found.keySet().removeAll(decided.keySet());
        return List.copyOf(found.values());
    }

    /** Of each register: the highest promise, and the state of the highest ballot. */
    List<Write.RegisterWrite> latestRegisters() {
        Map<RegisterName, Write.RegisterWrite> found = new HashMap<>();
        for (SurvivingStore store : stores) {
            store.index()
                    .registers()
                    .forEach((name, mine) -> found.merge(
                            name,
                            mine,
                            (a, b) -> new Write.RegisterWrite(
                                    name, Ballot.max(a.promised(), b.promised()), higher(a.accepted(), b.accepted()))));
        }
        return List.copyOf(found.values());
    }

    private static @Nullable Proposal<Payload> higher(@Nullable Proposal<Payload> a, @Nullable Proposal<Payload> b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.ballot().compareTo(b.ballot()) >= 0 ? a : b;
    }

    Map<DecreeName, Payload> decided() {
        return decided;
    }

    List<SurvivingLog> logs() {
        return logs;
    }

    /**
     * Founds the new cluster: writes a store for each of its nodes, in a directory of its name. Each is to be brought to
     * where that node runs, and the nodes are to be started with them, as members of a cluster of that name. Should it
     * fail, nothing counts, and what was begun lies in a directory whose name ends in {@code .unfinished}.
     *
     * @param into where to put the directories: a path where nothing is yet
     * @param newCluster the name of the new cluster, another one than the old one had
     * @param members the nodes of the new cluster; they may bear the names of old ones
     * @param options how the stores are kept
     * @throws IOException if something cannot be read or written, or a store that was read is in use by a node, or has been
     *     at any time since it was read
     * @throws IllegalArgumentException if the cluster is named as the old one, or has no members
     * @throws IllegalStateException if the stores are a quorum, so that the old cluster can go on by itself
     */
    public void found(Path into, ClusterName newCluster, Set<NodeId> members, FileStorageOptions options)
            throws IOException {
        if (newCluster.equals(cluster)) {
            throw new IllegalArgumentException("the new cluster must not be named " + cluster
                    + " as the old one is: nodes of the old one that come back would talk to it; name it otherwise");
        }
        if (members.isEmpty()) {
            throw new IllegalArgumentException("a cluster needs at least one member; name those of the new one");
        }
        if (plan().isQuorumLeft()) {
            throw new IllegalStateException(stores + " are a quorum of cluster " + cluster + ", which needs no rescue:"
                    + " start these nodes as they are, and replace those that are lost. If one of the directories is a"
                    + " copy, made while its node ran, or a volume put back, do not start it, for it has forgotten votes:"
                    + " rename its file " + Identity.NAME + " to " + StoreBackup.NAME + " and read the stores again");
        }
        for (SurvivingStore store : stores) {
            if (store.mayHaveChanged()) {
                throw new IOException(
                        store + " is in use by a node, or was since it was read, and may hold other votes and"
                                + " decisions by now; stop that node, then read the store again");
            }
        }
        new NewCluster(this, newCluster, new TreeSet<>(members), options).writeTo(into);
    }
}
