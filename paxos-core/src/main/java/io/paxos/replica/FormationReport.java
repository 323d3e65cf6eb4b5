// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the formation has to say to an operator. */
final class FormationReport {

    private static final String IN_LOGS =
            " In a log, its votes count if the membership of that log, in status().groups()," + " names this store.";

    private FormationReport() {}

    /** Where this store's votes do not count, how the cluster goes on, and how it votes again. */
    static String stranger(Self self, Membership formed, @Nullable StartId countedInstead) {
        NodeId node = self.node();
        Endpoint endpoint = self.endpoint();
        if (countedInstead != null) {
            return "of this node's store " + endpoint + " start " + countedInstead + " is counted, and this is start "
                    + self.startId()
                    + ": this copy was restored from a backup, or another process runs on another copy,"
                    + " or it has lost its last writes, so it does not remember all that was voted with it. Its votes"
                    + " count nowhere; it learns and answers local reads as an observer." + goesOn(formed)
                    + ", so keep the others running. " + node
                    + " votes again if it is started with the copy that start "
                    + countedInstead + " ran on; where that is gone, start it with an empty store, and"
                    + letIn(node) + ". This copy stays an observer for good.";
        }
        Incarnation counted = formed.voters().get(node);
        if (counted == null) {
            return node + " is not among the members with which the cluster formed, " + formed.endpoints()
                    + ". For decrees and registers it is an observer." + IN_LOGS + goesOn(formed) + ".";
        }
        return "the cluster formed with the store " + counted + " of " + node + ", but this node's store is "
                + endpoint.incarnation()
                + ": the memory it voted with is gone. For decrees and registers it is an observer."
                + IN_LOGS + goesOn(formed) + ", so keep the others running. To vote in logs again:" + letIn(node)
                + ". If its former store is found before that, start the node with it instead: then it votes again in"
                + " everything.";
    }

    private static String letIn(NodeId node) {
        return " on a node that votes, call membership().replace(\"" + node + "\", \"" + node
                + "\"), which the leaders do by themselves if PaxosNodeBuilder.readmitAfter is set";
    }

    private static String goesOn(Membership formed) {
        return " Decrees and registers go on as long as a quorum of " + formed.endpoints()
                + " can be reached, a log as long as a quorum of its voters can";
    }

    /** Whom a formation under way waits for, and who counts by another rule. */
    static String waiting(
            Endpoint self, SortedSet<NodeId> members, @Nullable Membership bound, String rule, HeardHellos heard) {
        Set<NodeId> expected = bound == null ? members : bound.voters().keySet();
        List<NodeId> silent = new ArrayList<>();
        StringBuilder otherRules = new StringBuilder();
        List<NodeId> formed = new ArrayList<>();
        for (NodeId member : expected) {
            HeardHellos.Heard other = heard.of(member);
            if (member.equals(self.node())) {
                continue;
            }
            if (other == null) {
                silent.add(member);
            } else if (other.hello().formed() != null) {
                formed.add(member);
            } else if (!other.hello().quorums().equals(rule)) {
                otherRules
                        .append("; ")
                        .append(otherRule(other.endpoint(), other.hello().quorums(), rule));
            }
        }
        String waits = silent.isEmpty() ? "all have been heard" : "not yet heard from " + silent;
        String told = formed.isEmpty()
                ? ""
                : "; " + formed + " formed with another store of " + self.node()
                        + "; this one will observe once half of the members have formed so";
        String role = members.contains(self.node()) ? "" : "; " + self.node() + " itself will only observe";
        return "the cluster has not formed: every one of the members " + members + " is needed for that once, and "
                + waits + (bound == null ? "" : "; this node is bound to " + bound.endpoints()) + told + role
                + otherRules
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

    /**
     * Where the configuration of a member contradicts the vector with which the cluster formed. Who joins or observes
     * names whom to ask, and no members; and who names those who vote in the logs now has followed their changes.
     *
     * @param voters the stores that vote in this node's logs
     */
    static @Nullable String mismatch(
            NodeId self, SortedSet<NodeId> members, Membership formed, Collection<Endpoint> voters) {
        SortedSet<NodeId> voting = new TreeSet<>();
        voters.forEach(voter -> voting.add(voter.node()));
        if (!members.contains(self) || members.equals(formed.voters().keySet()) || members.equals(voting)) {
            return null;
        }
        return "the members configured on " + self + ", " + members + ", are not those with which the cluster formed, "
                + formed.voters().keySet() + (voting.isEmpty() ? "" : ", nor those who vote in its logs, " + voting)
                + ". The configured ones have no effect: for decrees and registers those with which it formed are in"
                + " force, for each log its own membership, in status().groups(). If this node was meant for another"
                + " cluster, stop it; else configure the members with which it formed, and the notice goes away.";
    }
}
