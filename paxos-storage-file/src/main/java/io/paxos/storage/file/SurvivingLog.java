// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.log.Regime;
import io.paxos.log.Regimes;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.SnapshotHead;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One log, as several stores hold it: the decided slots of the store that knows most of them, and behind these, slot by
 * slot, the proposal of the highest ballot that any store has accepted.
 */
final class SurvivingLog {

    private final GroupId group;
    private final SurvivingStore best;
    private final long snapshot;
    private final long decided;
    private final SortedMap<Long, Proposal<Value>> undecided = new TreeMap<>();
    private final Regimes regimes;
    private final Predicate<SurvivingStore> holdsAllVotes;
    private final List<SurvivingStore> stores;
    private Ballot promised = Ballot.ZERO;

    /**
     * Looks at a log.
     *
     * @param stores those that survived, at least one of which has the log
     * @param holdsAllVotes whether what a store does not hold was not voted for by its node
     * @throws IOException if a snapshot cannot be read, a decided slot is missing, or two stores know different values of
     *     one to be decided
     */
    SurvivingLog(
            GroupId group,
            Membership formed,
            List<SurvivingStore> stores,
            Predicate<SurvivingStore> holdsAllVotes,
            Function<Set<NodeId>, QuorumSystem> quorums)
            throws IOException {
        this.group = group;
        this.stores = stores;
        this.holdsAllVotes = holdsAllVotes;
        this.best = best();
        this.snapshot = best.snapshotSlot(group);
        this.decided = best.decided(group);
        this.regimes = new Regimes(Configuration.initial(formed), MachineConfig.DEFAULT_ALPHA, quorums);
        for (int i = 1; i < stores.size(); i++) {
            for (SurvivingStore other : stores.subList(0, i)) {
                requireAgreement(stores.get(i), other);
            }
        }
        for (SurvivingStore store : stores) {
            LiveLog log = store.index().logs().get(group);
            promised = Ballot.max(promised, log == null ? Ballot.ZERO : log.promised());
            merge(store);
        }
        if (snapshot > 0) {
            SnapshotHead head = best.head(group);
            regimes.restore(head.slot(), head.changes());
        }
        for (long slot = snapshot + 1; slot <= decided; slot++) {
            noteChange(slot, value(slot));
        }
        regimes.advance(decided);
        // Nobody can tell whether these were chosen, so those whom they would make voters may have voted.
        undecided.forEach((slot, proposal) -> noteChange(slot, proposal.value()));
    }

    private SurvivingStore best() {
        SurvivingStore found = stores.get(0);
        for (SurvivingStore store : stores) {
            if (store.decided(group) > found.decided(group)) {
                found = store;
            }
        }
        return found;
    }

    /** What a store knows to be decided and still holds: what is held below a snapshot need not have been chosen. */
    private SortedMap<Long, Proposal<Value>> chosen(SurvivingStore store) {
        LiveLog log = store.index().logs().get(group);
        return store.slots(group).headMap(log == null ? 0 : log.decided() + 1);
    }

    private void requireAgreement(SurvivingStore store, SurvivingStore other) throws IOException {
        SortedMap<Long, Proposal<Value>> theirs = chosen(other);
        for (Map.Entry<Long, Proposal<Value>> mine : chosen(store).entrySet()) {
            Proposal<Value> held = theirs.get(mine.getKey());
            if (held != null && !held.value().equals(mine.getValue().value())) {
                throw new IOException("slot " + mine.getKey() + " of log " + group + " is decided as "
                        + mine.getValue().value() + " in " + store + ", and as " + held.value() + " in " + other
                        + ", which must never be: see what JournalAudit says of them, and leave out the one that is"
                        + " wrong");
            }
        }
    }

    private void merge(SurvivingStore store) {
        for (Map.Entry<Long, Proposal<Value>> entry :
                store.slots(group).tailMap(decided + 1).entrySet()) {
            Proposal<Value> held = undecided.get(entry.getKey());
            if (held == null || entry.getValue().ballot().compareTo(held.ballot()) > 0) {
                undecided.put(entry.getKey(), entry.getValue());
            }
        }
    }

    private void noteChange(long slot, Value value) {
        if (value instanceof Value.Reconfigure change) {
            regimes.decide(slot, change);
        }
    }

    private Value value(long slot) {
        Proposal<Value> held = best.slots(group).get(slot);
        return Objects.requireNonNull(
                        held,
                        () -> "slot " + slot + " of log " + group + " is decided in " + best
                                + " but not there; verify the store")
                .value();
    }

    GroupId group() {
        return group;
    }

    Ballot promised() {
        return promised;
    }

    /** The snapshot that stands for the first slots, or null if there is none. */
    SnapshotContent.@Nullable In snapshot() throws IOException {
        return snapshot == 0 ? null : best.snapshot(group);
    }

    /** The last slot that the snapshot stands for; 0 if there is none. */
    long snapshotSlot() {
        return snapshot;
    }

    /** The last slot of which anything is known. */
    long last() {
        return undecided.isEmpty() ? decided : undecided.lastKey();
    }

    /**
     * What a cluster that begins with this log has in a slot behind the snapshot. A change of membership was one of the
     * old cluster; the new one has another.
     */
    Value valueOfNew(long slot) {
        Proposal<Value> proposal = undecided.get(slot);
        Value value = slot <= decided ? value(slot) : proposal == null ? Value.NO_OP : proposal.value();
        return value instanceof Value.Reconfigure ? Value.NO_OP : value;
    }

    /** Whether the stores could go on with this log by themselves. */
    boolean hasQuorum() {
        return regimes.governing().stream().allMatch(regime -> {
            Set<NodeId> here = here(regime);
            return regime.quorums().isPhase1Quorum(here) && regime.quorums().isPhase2Quorum(here);
        });
    }

    private Set<NodeId> here(Regime regime) {
        Set<NodeId> here = new HashSet<>();
        for (SurvivingStore store : stores) {
            if (regime.counts(store.endpoint()) && holdsAllVotes.test(store)) {
                here.add(store.endpoint().node());
            }
        }
        return here;
    }

    private long missingFrom() {
        for (Regime regime : regimes.governing()) {
            Set<NodeId> gone = new HashSet<>(regime.quorums().members());
            gone.removeAll(here(regime));
            if (regime.quorums().isPhase2Quorum(gone)) {
                return Math.max(decided + 1, regime.from());
            }
        }
        return RescuePlan.Log.NOTHING_MISSING;
    }

    RescuePlan.Log finding() {
        List<SlotRange> held = new ArrayList<>();
        List<SlotRange> empty = new ArrayList<>();
        long from = decided + 1;
        for (long slot = from; slot <= last(); slot++) {
            boolean isHeld = undecided.containsKey(slot);
            if (slot == last() || undecided.containsKey(slot + 1) != isHeld) {
                (isHeld ? held : empty).add(new SlotRange(from, slot + 1));
                from = slot + 1;
            }
        }
        return new RescuePlan.Log(
                group,
                best.path(),
                snapshot,
                decided,
                held,
                empty,
                promised,
                regimes.governing().stream().map(Regime::configuration).toList(),
                missingFrom());
    }
}
