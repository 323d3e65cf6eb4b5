// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Value;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The feature level at which one log works (rule 9). It follows from the log alone: it rises where a {@link Value.RaiseLevel}
 * is decided, and never falls. A leader proposes to raise it as soon as every voter and everybody who observes has said, in
 * the latest start of it that is known, that it supports more; one that has not been heard holds it up like one that is too
 * old, for nobody can tell.
 */
final class Levels {

    private final GroupId group;
    private final NodeId self;
    private final MachineConfig config;
    private final Outbox outbox;
    private @Nullable Peers peers;
    private FeatureLevel inForce;
    private FeatureLevel told;
    private @Nullable Ballot proposedBy;
    private long proposedAt;

    Levels(GroupId group, NodeId self, MachineConfig config, Outbox outbox) {
        this(group, self, config, outbox, FeatureLevel.BASE);
    }

    /** @param told the highest level of this log that this start of the node has told of already */
    Levels(GroupId group, NodeId self, MachineConfig config, Outbox outbox, FeatureLevel told) {
        this.told = told;
        this.group = group;
        this.self = self;
        this.config = config;
        this.outbox = outbox;
        this.inForce = config.levels().first();
    }

    /** The cluster has formed: from now on it is known who must support what. */
    void form(Peers known) {
        peers = known;
    }

    FeatureLevel inForce() {
        return inForce;
    }

    /** A level is decided, or a snapshot says that it was. */
    void raise(FeatureLevel decided) {
        if (decided.compareTo(inForce) > 0) {
            inForce = decided;
            if (decided.compareTo(told) > 0) {
                told = decided;
                outbox.add(new Effect.LevelRaised(group, decided));
            }
        }
    }

    /** The highest level of this log that this start of the node has told of. */
    FeatureLevel told() {
        return told;
    }

    /** Why this replica cannot go on, or null: what is decided behind a level that it does not support it would get wrong. */
    @Nullable
    String verdict() {
        FeatureLevel highest = config.levels().highest();
        return inForce.compareTo(highest) <= 0
                ? null
                : "group " + group + " works at " + inForce + ", but " + self + " supports only up to " + highest
                        + ": start it with the version of the library that the other nodes run, or, if that is not it,"
                        + " with a higher featureLevel";
    }

    /** Whether values of this kind may be proposed. */
    boolean allow(Value value) {
        return inForce.allows(value);
    }

    /**
     * Nothing that some node may be unable to read must get among what is proposed.
     *
     * @throws IllegalStateException if a value needs a higher level than is in force
     */
    void require(Value value) {
        if (!allow(value) && !(value instanceof Value.RaiseLevel)) {
            throw new IllegalStateException(
                    value + " needs " + value.level() + ", but only " + inForce + " is in force in " + group);
        }
    }

    /** Whether this log could still rise, if the others support it. */
    boolean mayRise() {
        return inForce.compareTo(config.levels().highest()) < 0;
    }

    /** Whether there is nothing to be proposed, unless some node is heard with another level than before. */
    boolean isIdle() {
        return !mayRise()
                || (peers != null && peers.abilities().areObserversHeard() && common().compareTo(inForce) <= 0);
    }

    /**
     * What a leader is to propose now, so that the level rises; asked in every step.
     *
     * @param ballot the leader's ballot
     * @return the value, or null
     */
    @Nullable
    Value due(Ballot ballot, long now) {
        if (!mayRise() || (ballot.equals(proposedBy) && now - proposedAt < 2L * config.resendTicks())) {
            return null;
        }
        FeatureLevel common = common();
        if (common.compareTo(inForce) <= 0) {
            return null;
        }
        proposedBy = ballot;
        proposedAt = now;
        return new Value.RaiseLevel(common);
    }

    /** The highest level that everybody who belongs is known to support. */
    private FeatureLevel common() {
        FeatureLevel common = config.levels().highest();
        Peers known = peers;
        if (known == null || !known.regimes().isKnown() || !known.abilities().areObserversHeard()) {
            return inForce;
        }
        for (Endpoint node : belonging(known)) {
            FeatureLevel told = known.abilities().of(node);
            common = FeatureLevel.min(common, told == null ? FeatureLevel.BASE : told);
        }
        return unheardObservers(known).isEmpty() ? common : inForce;
    }

    /** All others who are sent what is proposed or decided: voters, and whoever learns. */
    private static Set<Endpoint> belonging(Peers known) {
        Set<Endpoint> all = new LinkedHashSet<>(known.otherVoters());
        all.addAll(known.observers());
        return all;
    }

    /** Observers by the configuration of whom nothing has been heard. */
    private Set<NodeId> unheardObservers(Peers known) {
        Set<NodeId> unheard =
                new TreeSet<>(known.regimes().latest().configuration().observers());
        unheard.removeIf(node -> node.equals(self) || known.whereabouts(node) != null);
        return unheard;
    }

    /**
     * Who is known to run too old a library for a level, this node included.
     *
     * @return the beginning of a sentence for whoever asked for what needs it, or null if nobody is known to be too old
     */
    @Nullable
    String tooOld(FeatureLevel needed) {
        Peers known = peers;
        if (needed.compareTo(config.levels().highest()) > 0) {
            return self + " supports only up to " + config.levels().highest();
        }
        return known == null ? null : tooOld(needed, belonging(known));
    }

    /** The same of certain nodes. */
    @Nullable
    String tooOld(FeatureLevel needed, Collection<Endpoint> nodes) {
        Peers known = peers;
        Set<String> old = new TreeSet<>();
        for (Endpoint node : nodes) {
            FeatureLevel told = known == null ? null : known.abilities().of(node);
            if (told != null && told.compareTo(needed) < 0) {
                old.add(node.node() + " supports only up to " + told);
            }
        }
        return old.isEmpty() ? null : String.join(", ", old);
    }

    /** Whose word is missing, in words. */
    String unheard() {
        Peers known = peers;
        Set<NodeId> unheard = new TreeSet<>();
        if (known != null) {
            unheard.addAll(unheardObservers(known));
            for (Endpoint node : belonging(known)) {
                if (known.abilities().of(node) == null) {
                    unheard.add(node.node());
                }
            }
        }
        return unheard.isEmpty()
                ? "no leader has raised it yet"
                : "not heard since they or this node started: " + unheard;
    }
}
