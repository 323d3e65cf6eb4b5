// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * To which vector of stores a node has bound itself, which ones it has renounced, and with which one the cluster has
 * formed (rule 6): what is durable of the {@link Formation}, and every conclusion that changes it. Not safe for use by
 * several threads.
 */
final class Binding {

    /** Beyond so many, renounced vectors to which nobody known is bound any more are forgotten. */
    private static final int RENOUNCED_KEPT = 32;

    private final Self self;
    private final SortedSet<NodeId> members;
    private final Function<Set<NodeId>, String> rule;
    private final PeerStarts starts;
    private final HeardHellos heard;
    private final List<Membership> renounced;
    private @Nullable Membership bound;
    private @Nullable Membership formed;
    private EpochMark mark;

    /** What the store holds, and whom and what to go by. */
    Binding(
            Self self,
            SortedSet<NodeId> members,
            Function<Set<NodeId>, String> rule,
            PeerStarts starts,
            HeardHellos heard,
            Write.FormationWrite recovered) {
        this.self = self;
        this.members = members;
        this.rule = rule;
        this.starts = starts;
        this.heard = heard;
        this.bound = recovered.bound();
        this.formed = recovered.formed();
        this.renounced = new ArrayList<>(recovered.renounced());
        this.mark = recovered.mark();
    }

    @Nullable
    Membership bound() {
        return bound;
    }

    @Nullable
    Membership formed() {
        return formed;
    }

    List<Membership> renounced() {
        return renounced;
    }

    /** All of it, as it has to be durable before anybody is told. */
    Write.FormationWrite write() {
        return new Write.FormationWrite(bound, formed, renounced, mark);
    }

    /** How far this node has come through the epochs, which is kept in the same record: it is read before any vote. */
    void mark(EpochMark reached) {
        mark = reached;
    }

    /** Draws every conclusion that what has been heard allows; says whether the durable state changes by it. */
    boolean settle() {
        if (formed != null) {
            return false;
        }
        if (adopt()) {
            return true;
        }
        boolean changed = renounceStale();
        changed |= bind();
        changed |= infer();
        return changed;
    }

    private boolean adopt() {
        for (HeardHellos.Heard other : heard.all()) {
            Membership told = other.hello().formed();
            if (told != null
                    && (told.counts(other.endpoint()) || !told.voters().containsKey(self.node()))
                    && (!isOutlivedHere(told) || heard.isFormedForGood(told, self.node()))) {
                // Whoever says so need not be in it where this node's name is not: a vector without this name never
                // needs this node, and its members may all have been replaced since. Also where this store is not in
                // it: what it learns from now on belongs to that cluster, so it must never vote in another one.
                formed = told;
                return true;
            }
        }
        return false;
    }

    private boolean renounceStale() {
        boolean changed = false;
        if (bound != null && (!bound.counts(self.endpoint()) || heard.isOutlived(bound, 0))) {
            // Whoever was bound to had been heard before; what is heard instead now came later.
            changed = renounce(bound);
        }
        for (HeardHellos.Heard other : heard.all()) {
            Membership theirs = other.hello().bound();
            if (theirs != null && (isOutlivedHere(theirs) || heard.isOutlived(theirs, other.boundSince()))) {
                changed |= renounce(theirs);
            }
        }
        return changed;
    }

    private boolean isOutlivedHere(Membership vector) {
        Incarnation counted = vector.voters().get(self.node());
        return counted != null && !counted.equals(self.endpoint().incarnation());
    }

    private boolean renounce(Membership vector) {
        if (renounced.contains(vector)) {
            return false;
        }
        renounced.add(vector);
        if (renounced.size() > RENOUNCED_KEPT) {
            // A vector with a lost store in it is never heard as current again, so it cannot be bound to again either;
            // and should someone turn out to be bound to it, it is renounced anew.
            renounced.removeIf(old -> !old.equals(vector) && !isBoundTo(old));
        }
        return true;
    }

    private boolean isBoundTo(Membership vector) {
        return vector.equals(bound)
                || heard.all().stream()
                        .anyMatch(other -> vector.equals(other.hello().bound()));
    }

    private @Nullable Incarnation current(NodeId node) {
        return node.equals(self.node()) ? self.endpoint().incarnation() : heard.current(node);
    }

    private boolean bind() {
        // An old copy of a store has forgotten to what it was bound.
        if (!members.contains(self.node()) || starts.countedInstead() != null || !isFree()) {
            return false;
        }
        TreeMap<NodeId, Incarnation> vector = new TreeMap<>();
        for (NodeId member : members) {
            Incarnation current = current(member);
            if (current == null) {
                return false;
            }
            vector.put(member, current);
        }
        Membership candidate = new Membership(vector);
        if (renounced.contains(candidate)) {
            return false;
        }
        bound = candidate;
        return true;
    }

    /** Whether this node may bind: it never did, or everyone has given up the vector it is bound to. */
    private boolean isFree() {
        Membership old = bound;
        if (old == null) {
            return true;
        }
        if (!renounced.contains(old)) {
            return false;
        }
        for (Endpoint voter : old.endpoints()) {
            if (!voter.node().equals(self.node()) && !hasGivenUp(voter, old)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasGivenUp(Endpoint voter, Membership vector) {
        HeardHellos.Heard other = heard.of(voter.node());
        return other != null
                && (!other.endpoint().equals(voter) || other.hello().renounced().contains(vector));
    }

    private boolean infer() {
        Membership vector = bound;
        if (vector == null || renounced.contains(vector) || !vector.counts(self.endpoint())) {
            return false;
        }
        for (Endpoint voter : vector.endpoints()) {
            if (!voter.node().equals(self.node()) && !isBound(voter, vector)) {
                return false;
            }
        }
        formed = vector;
        return true;
    }

    /** A member that counts by another rule is not counted as bound: what it would form is not the same cluster. */
    private boolean isBound(Endpoint voter, Membership vector) {
        HeardHellos.Heard other = heard.of(voter.node());
        return other != null
                && other.endpoint().equals(voter)
                && vector.equals(other.hello().bound())
                && rule.apply(vector.voters().keySet()).equals(other.hello().quorums())
                && !other.hello().renounced().contains(vector);
    }
}
