// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.MembershipChange;
import io.paxos.model.NodeId;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Works out which configuration a change leads to, by the names it is given and the stores those nodes have now. */
final class Amendment {

    private final Configuration latest;
    private final Function<NodeId, @Nullable Endpoint> whereabouts;
    private @Nullable Configuration next;

    /**
     * Nothing changed yet.
     *
     * @param latest what is amended
     * @param whereabouts the store that a node was last heard with, or null
     */
    Amendment(Configuration latest, Function<NodeId, @Nullable Endpoint> whereabouts) {
        this.latest = latest;
        this.whereabouts = whereabouts;
    }

    /** Works the change out, or says what is wrong with it. */
    Outcome.@Nullable Refused apply(MembershipChange change) {
        TreeMap<NodeId, Incarnation> voters = new TreeMap<>();
        voters.putAll(latest.voters().voters());
        TreeSet<NodeId> observers = new TreeSet<>(latest.observers());
        for (NodeId leaving : change.remove()) {
            if (!latest.includes(leaving)) {
                return refusal(
                        Outcome.Reason.UNKNOWN_NODE,
                        "node " + leaving + " is to leave, but does not belong to " + latest);
            }
            voters.remove(leaving);
            observers.remove(leaving);
        }
        for (NodeId observer : change.observe()) {
            voters.remove(observer);
            observers.add(observer);
        }
        for (NodeId voter : change.vote()) {
            Endpoint heard = whereabouts.apply(voter);
            if (heard == null) {
                return refusal(
                        Outcome.Reason.UNKNOWN_NODE,
                        "node " + voter
                                + " is to vote, but this node has not heard of it; start it so that it joins the"
                                + " cluster, and try again when it has reached this node");
            }
            voters.put(voter, heard.incarnation());
            observers.remove(voter);
        }
        if (voters.isEmpty()) {
            return refusal(Outcome.Reason.NO_QUORUM, "nobody would be left to vote; leave at least one voter");
        }
        next = new Configuration(latest.version() + 1, new Membership(voters), observers);
        return null;
    }

    private static Outcome.Refused refusal(Outcome.Reason reason, String detail) {
        return new Outcome.Refused(reason, detail);
    }

    /** What the change leads to. */
    Configuration next() {
        return Objects.requireNonNull(next, "the change was refused");
    }
}
