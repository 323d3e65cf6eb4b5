package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What the formation has to say to an operator. */
final class FormationReport {

    private static final String OBSERVES = " Its votes do not count; it learns and answers local reads as an observer.";

    private FormationReport() {}

    /** Why this store's votes do not count, and how the cluster goes on. */
    static String stranger(Self self, Membership formed, @Nullable StartId countedInstead) {
        Endpoint endpoint = self.endpoint();
        Incarnation counted = formed.voters().get(self.node());
        if (counted == null) {
            return self.node() + " is not among the members with which the cluster formed, " + formed.endpoints() + "."
                    + OBSERVES + goesOn(formed) + ".";
        }
        if (!counted.equals(endpoint.incarnation())) {
            return "the cluster formed with the store " + counted + " of " + self.node() + ", but this node's store is "
                    + endpoint.incarnation() + ": the memory it voted with is gone." + OBSERVES + goesOn(formed)
                    + ", so keep the others running; to vote again, start the node with its former store.";
        }
        return "of this node's store " + endpoint + " start " + countedInstead + " is counted, and this is start "
                + self.startId() + ": this copy was restored from a backup, or another process runs on another copy, or"
                + " it has lost its last writes, so it does not remember all that was voted with it." + OBSERVES
                + goesOn(formed) + ", so keep the others running; " + self.node() + " votes again if it is started with"
                + " the copy that start " + countedInstead + " ran on. This copy stays an observer for good.";
    }

    private static String goesOn(Membership formed) {
        return " The cluster goes on as long as a quorum of " + formed.endpoints() + " can be reached";
    }

    /** Whom a formation under way waits for, and who counts by another rule. */
    static String waiting(
            Endpoint self, SortedSet<NodeId> members, @Nullable Membership bound, String rule, HeardHellos heard) {
        Set<NodeId> expected = bound == null ? members : bound.voters().keySet();
        List<NodeId> silent = new ArrayList<>();
        StringBuilder otherRules = new StringBuilder();
        for (NodeId member : expected) {
            HeardHellos.Heard other = heard.of(member);
            if (member.equals(self.node())) {
                continue;
            }
            if (other == null) {
                silent.add(member);
            } else if (!other.hello().quorums().equals(rule)) {
                otherRules
                        .append("; ")
                        .append(otherRule(other.endpoint(), other.hello().quorums(), rule));
            }
        }
        String waits = silent.isEmpty() ? "all have been heard" : "not yet heard from " + silent;
        String role = members.contains(self.node()) ? "" : "; " + self.node() + " itself will only observe";
        return "the cluster has not formed: every one of the members " + members + " is needed for that once, and "
                + waits + (bound == null ? "" : "; this node is bound to " + bound.endpoints()) + role + otherRules
                + ".";
    }

    /** A node that counts by another rule. */
    static String otherRule(Endpoint other, String theirs, String rule) {
        return other + " counts by another rule, \"" + theirs + "\", than this node, \"" + rule
                + "\", so they do not count each other's votes: give all nodes the same quorums(...) and members(...),"
                + " and restart those that differ";
    }

    /** A node of a cluster that formed otherwise. */
    static String otherVector(Endpoint other, Membership theirs, Membership formed) {
        return other + " belongs to a cluster of the same name that formed with " + theirs.endpoints()
                + ", while this node belongs to the one of " + formed.endpoints()
                + ". Give one of them another name, or an empty store";
    }

    /** Where the configuration contradicts the vector with which the cluster formed. */
    static @Nullable String mismatch(NodeId self, SortedSet<NodeId> members, Membership formed) {
        if (members.equals(formed.voters().keySet())) {
            return null;
        }
        return "the members configured on " + self + ", " + members + ", are not those with which the cluster formed, "
                + formed.voters().keySet() + ". The latter are in force; correct the configuration.";
    }
}
