package io.paxos.replica;

import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What the formation has to say to an operator. */
final class FormationReport {

    private FormationReport() {}

    /** Why this store's votes do not count, and how the cluster goes on. */
    static String stranger(Endpoint self, Membership formed) {
        Incarnation counted = formed.voters().get(self.node());
        String why = counted == null
                ? self.node() + " is not among the members with which the cluster formed, " + formed.endpoints()
                : "the cluster formed with the store " + counted + " of " + self.node() + ", but this node's store is "
                        + self.incarnation() + ": the memory it voted with is gone";
        return why + ". Its votes do not count; it learns and answers local reads as an observer. The cluster goes on"
                + " as long as a quorum of " + formed.endpoints() + " can be reached"
                + (counted == null ? "." : "; to vote again, start the node with its former store.");
    }

    /** Whom a formation under way waits for. */
    static String waiting(Endpoint self, SortedSet<NodeId> members, @Nullable Membership bound, HeardHellos heard) {
        List<NodeId> silent = new ArrayList<>();
        for (NodeId member : bound == null ? members : bound.voters().keySet()) {
            if (!member.equals(self.node()) && heard.of(member) == null) {
                silent.add(member);
            }
        }
        String waits = silent.isEmpty() ? "all have been heard" : "not yet heard from " + silent;
        String role = members.contains(self.node()) ? "" : "; " + self.node() + " itself will only observe";
        return "the cluster has not formed: every one of the members " + members + " is needed for that once, and "
                + waits + (bound == null ? "" : "; this node is bound to " + bound.endpoints()) + role + ".";
    }

    /** Where the configuration, or another node, contradicts the vector with which the cluster formed. */
    static @Nullable String mismatch(NodeId self, SortedSet<NodeId> members, Membership formed, HeardHellos heard) {
        for (HeardHellos.Heard other : heard.all()) {
            Membership theirs = other.hello().formed();
            if (theirs != null && !theirs.equals(formed)) {
                return other.endpoint() + " belongs to a cluster of the same name that formed with "
                        + theirs.endpoints() + ", while this node belongs to the one of " + formed.endpoints()
                        + ". Give one of them another name, or an empty store.";
            }
        }
        if (members.equals(formed.voters().keySet())) {
            return null;
        }
        return "the members configured on " + self + ", " + members + ", are not those with which the cluster formed, "
                + formed.voters().keySet() + ". The latter are in force; correct the configuration.";
    }
}
