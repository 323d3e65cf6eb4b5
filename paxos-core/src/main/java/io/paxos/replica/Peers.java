// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.log.Regime;
import io.paxos.log.Regimes;
import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who else there is, as one log sees it: the voters, down to the incarnation, and those who only observe. Voters are all
 * those of any configuration that governs a slot that is not decided yet; while the membership changes these are
 * several. What a vote counts for is not decided here but slot by slot.
 */
final class Peers {

    private final Self self;
    private final StartId start;
    private final Fingerprint fingerprint;
    private final BooleanSupplier mayVote;
    private final Regimes regimes;
    private final Supplier<Collection<Endpoint>> askers;
    private final Supplier<Collection<Endpoint>> acquaintances;
    private final Abilities abilities;
    private long edition = -1;
    private List<Endpoint> voters = List.of();
    private List<Endpoint> otherVoters = List.of();
    private Map<NodeId, Endpoint> byNode = Map.of();
    private List<Endpoint> observersAmong = List.of();
    private List<Endpoint> observers = List.of();
    private @Nullable Regime votedIn;
    private boolean selfVotesNow;

    /**
     * The peers in one log of a formed cluster.
     *
     * @param fingerprint what the nodes of this cluster have in common
     * @param regimes who governs which slot of the log
     * @param askers the nodes that want to learn, voters or not
     * @param mayVote false once another start of this node's store is counted; it never changes back
     */
    Peers(
            Self self,
            Fingerprint fingerprint,
            Regimes regimes,
            Supplier<Collection<Endpoint>> askers,
            BooleanSupplier mayVote) {
        this(self, fingerprint, regimes, askers, List::of, mayVote, Abilities.ALIKE);
    }

    /**
     * The peers in one log of a formed cluster, of which some are known though they may not vote.
     *
     * @param acquaintances the nodes that have answered this one's greeting since its start, voters or not
     * @param abilities what they have said they support
     */
    Peers(
            Self self,
            Fingerprint fingerprint,
            Regimes regimes,
            Supplier<Collection<Endpoint>> askers,
            Supplier<Collection<Endpoint>> acquaintances,
            BooleanSupplier mayVote,
            Abilities abilities) {
        this.abilities = abilities;
        this.acquaintances = acquaintances;
        this.self = self;
        this.start = self.startId();
        this.fingerprint = fingerprint;
        this.regimes = regimes;
        this.askers = askers;
        this.mayVote = mayVote;
    }

    /** The peers in a log whose membership is the one with which the cluster formed, under one rule. */
    Peers(
            Self self,
            Membership membership,
            QuorumSystem quorums,
            Supplier<Collection<Endpoint>> askers,
            BooleanSupplier mayVote) {
        this(
                self,
                Fingerprint.of(membership, quorums.description()),
                new Regimes(Configuration.initial(membership), MachineConfig.DEFAULT_ALPHA, names -> quorums),
                askers,
                mayVote);
    }

    Endpoint self() {
        return self.endpoint();
    }

    /** What the others have said they support. */
    Abilities abilities() {
        return abilities;
    }

    /** Who governs which slot. */
    Regimes regimes() {
        return regimes;
    }

    /** Who governs the first slot that is not decided here. */
    Regime current() {
        return regimes.current();
    }

    /** Whether this is a voter of some configuration that governs slots to come; what it says is let in then. */
    boolean counts(Endpoint from) {
        for (Regime regime : regimes.governing()) {
            if (regime.counts(from)) {
                return !from.equals(self.endpoint()) || mayVote();
            }
        }
        return false;
    }

    /**
     * Whether this node may promise and accept. Whoever counts checks whose votes they are (rule 2): the one who asks may
     * know a configuration that this node does not know yet. Only a store that is not counted any more stays silent.
     */
    boolean mayVote() {
        return mayVote.getAsBoolean();
    }

    /** Whether this node is a voter, now or in slots to come. */
    boolean selfVotes() {
        return mayVote() && counts(self.endpoint());
    }

    /** Whether this node may lead: it is known who votes in the next slot, and this node does. */
    boolean mayLead() {
        if (!mayVote() || !regimes.isKnown()) {
            return false;
        }
        Regime current = current();
        if (current != votedIn) {
            votedIn = current;
            selfVotesNow = current.counts(self.endpoint());
        }
        return selfVotesNow;
    }

    /** Whether an office handed over to this store would last: it votes in every slot to come of which that is known. */
    boolean mayLeadOn(Endpoint node) {
        return regimes.isKnown() && regimes.governing().stream().allMatch(regime -> regime.counts(node));
    }

    /** An envelope that says by what this node counts, and which start of its store speaks if that is counted. */
    Envelope envelope(Endpoint to, Message message) {
        StartId speaker = mayVote() ? start : StartId.NONE;
        return new Envelope(self.cluster(), self.endpoint(), to, speaker, fingerprint, message);
    }

    private void refresh() {
        if (edition == regimes.edition()) {
            return;
        }
        Set<Endpoint> all = new LinkedHashSet<>();
        Map<NodeId, Endpoint> latest = new HashMap<>();
        for (Regime regime : regimes.governing()) {
            all.addAll(regime.voters());
            regime.voters().forEach(voter -> latest.put(voter.node(), voter));
        }
        voters = List.copyOf(all);
        all.removeIf(voter -> voter.node().equals(self.node()));
        otherVoters = List.copyOf(all);
        byNode = latest;
        observersAmong = List.of();
        observers = List.of();
        edition = regimes.edition();
    }

    /** All voters, this node included if it is one. */
    List<Endpoint> voters() {
        refresh();
        return voters;
    }

    List<Endpoint> otherVoters() {
        refresh();
        return otherVoters;
    }

    /**
     * Whom to ask what has been decided. A node that does not vote may have missed changes, and all those that voted
     * before them may be gone; so it also asks whomever it has met.
     */
    List<Endpoint> informants() {
        List<Endpoint> found = otherVoters();
        if (selfVotes()) {
            return found;
        }
        Set<Endpoint> all = new LinkedHashSet<>(found);
        all.addAll(acquaintances.get());
        all.remove(self.endpoint());
        return List.copyOf(all);
    }

    /** Those who want to learn and do not vote. */
    List<Endpoint> observers() {
        List<Endpoint> all = List.copyOf(askers.get());
        if (all.isEmpty()) {
            return all;
        }
        refresh();
        if (!all.equals(observersAmong)) {
            List<Endpoint> found = new ArrayList<>(all);
            found.removeAll(voters);
            observersAmong = all;
            observers = List.copyOf(found);
        }
        return observers;
    }

    /** The store that a node was last heard with, as far as is known here: of a voter that says nothing new, the counted. */
    @Nullable
    Endpoint whereabouts(NodeId node) {
        if (node.equals(self.node())) {
            return self.endpoint();
        }
        for (Endpoint asker : askers.get()) {
            if (asker.node().equals(node)) {
                return asker;
            }
        }
        return voter(node);
    }

    @Nullable
    Endpoint voter(NodeId node) {
        refresh();
        return byNode.get(node);
    }
}
