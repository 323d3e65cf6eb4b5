// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.Configuration;
import io.paxos.model.DecidedChange;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which configuration governs which slot, as far as it can be known: up to α slots behind the last one decided here
 * (rule 10). It follows from the log alone. Where a snapshot has taken the place of the log, nothing is known until the
 * snapshot has said it (rule 9). Not safe for use by several threads.
 */
public final class Regimes {

    private final Changes changes;
    private final Function<Set<NodeId>, QuorumSystem> quorums;
    private final Regime initial;
    private List<Regime> governing;
    private long decided;
    private long nextBegins = Long.MAX_VALUE;
    private boolean known = true;
    private long edition;

    /**
     * A log in which nothing is decided.
     *
     * @param initial who votes from the first slot on
     * @param alpha how many slots behind the one that decides it a change begins to govern, at least 1
     * @param quorums makes the quorum system of given voters
     */
    public Regimes(Configuration initial, int alpha, Function<Set<NodeId>, QuorumSystem> quorums) {
        this.changes = new Changes(alpha, quorums);
        this.quorums = quorums;
        this.initial = regime(1, initial);
        this.governing = List.of(this.initial);
    }

    private Regime regime(long from, Configuration configuration) {
        return new Regime(from, configuration, quorumsOf(configuration));
    }

    /**
     * A change is decided, in a slot behind those decided before. To be followed by {@link #advance}.
     *
     * @param slot where
     * @param change the change
     */
    public void decide(long slot, Value.Reconfigure change) {
        if (changes.decide(slot, change)) {
            List<Regime> more = new ArrayList<>(governing);
            more.add(regime(slot + changes.alpha(), change.next()));
            governed(more);
        }
    }

    /**
     * More is decided, all changes in it have been told by {@link #decide}.
     *
     * @param upTo every slot up to here is decided
     * @throws IllegalStateException if more was decided before: who governs the slots between has been forgotten
     */
    public void advance(long upTo) {
        if (upTo < decided) {
            throw new IllegalStateException("slots up to " + decided + " were decided, and now only up to " + upTo);
        }
        decided = upTo;
        if (upTo + 1 >= nextBegins) {
            List<Regime> rest = new ArrayList<>(governing);
            while (rest.size() > 1 && rest.get(1).from() <= upTo + 1) {
                rest.remove(0);
            }
            changes.forget(upTo);
            governed(rest);
        }
    }

    private void governed(List<Regime> regimes) {
        governing = List.copyOf(regimes);
        nextBegins = regimes.size() > 1 ? regimes.get(1).from() : Long.MAX_VALUE;
        edition++;
    }

    /** A snapshot takes the place of slots that were never seen here: whatever they changed is not known. */
    public void lose() {
        known = false;
        edition++;
    }

    /**
     * What a snapshot says of the slots behind it.
     *
     * @param slot where it was taken: every slot up to here is decided
     * @param told the changes that matter for the slots behind it
     */
    public void restore(long slot, List<DecidedChange> told) {
        changes.replace(told);
        List<Regime> regimes = new ArrayList<>();
        if (told.isEmpty() || told.get(0).slot() + changes.alpha() > slot + 1) {
            regimes.add(initial);
        }
        told.forEach(change -> regimes.add(regime(change.slot() + changes.alpha(), change.configuration())));
        known = true;
        governed(regimes);
        advance(slot);
    }

    /**
     * Whether it is known who governs the slots behind those decided.
     *
     * @return false between the installation of a snapshot and what that says of it
     */
    public boolean isKnown() {
        return known;
    }

    /**
     * Who governs the slots from the first one that is not decided to the last one that anything can be known of.
     *
     * @return at least one, in the order of their slots
     */
    public List<Regime> governing() {
        return governing;
    }

    /**
     * Who governs the first slot that is not decided.
     *
     * @return the first of those governing
     */
    public Regime current() {
        return governing.get(0);
    }

    /**
     * The configuration that was decided last, whether it governs already or only slots to come.
     *
     * @return the last of those governing
     */
    public Regime latest() {
        return governing.get(governing.size() - 1);
    }

    /**
     * The last slot of which it can be known who governs it.
     *
     * @return α slots behind the last one decided
     */
    public long knownUpTo() {
        return decided + changes.alpha();
    }

    /**
     * Whether everyone who governs a slot that matters was among those who govern up to one: no configuration is known
     * here that begins to govern behind it.
     *
     * @param slot all who govern up to here have been asked
     * @return false if some others should be asked too, or that cannot be known
     */
    public boolean isSteadyFrom(long slot) {
        return known && latest().from() <= slot;
    }

    /**
     * α.
     *
     * @return how far behind the slot that decides it a change begins to govern, in slots
     */
    public int alpha() {
        return changes.alpha();
    }

    /**
     * Whether there are quorums of the voters of a configuration.
     *
     * @param configuration the configuration
     * @return true if a change to it could take effect
     */
    public boolean isTenable(Configuration configuration) {
        return changes.isTenable(configuration);
    }

    /**
     * How the voters of a configuration would count.
     *
     * @param configuration a {@linkplain #isTenable tenable} configuration
     * @return its quorums
     */
    public QuorumSystem quorumsOf(Configuration configuration) {
        return quorums.apply(configuration.voters().voters().keySet());
    }

    /**
     * Changes whenever {@link #governing} or {@link #isKnown} does, so that what was derived from them is derived anew.
     *
     * @return a number that grows
     */
    public long edition() {
        return edition;
    }
}
