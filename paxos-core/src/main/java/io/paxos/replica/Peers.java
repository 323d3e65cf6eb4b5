package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.model.Endpoint;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who else there is: the voters, down to the incarnation, and those who only observe. */
final class Peers {

    private final Self self;
    private final Membership membership;
    private final QuorumSystem quorums;
    private final Supplier<Collection<Endpoint>> observers;
    private final List<Endpoint> voters;
    private final List<Endpoint> otherVoters;
    private final Map<NodeId, Endpoint> byNode;

    Peers(Self self, Membership membership, QuorumSystem quorums, Supplier<Collection<Endpoint>> observers) {
        this.self = self;
        this.membership = membership;
        this.quorums = quorums;
        this.observers = observers;
        this.voters = membership.endpoints();
        this.otherVoters =
                voters.stream().filter(e -> !e.node().equals(self.node())).toList();
        this.byNode = voters.stream().collect(Collectors.toMap(Endpoint::node, Function.identity()));
    }

    Endpoint self() {
        return self.endpoint();
    }

    QuorumSystem quorums() {
        return quorums;
    }

    /** Votes are filtered by whoever counts them (rule 2): exactly this incarnation of a member, or nothing. */
    boolean counts(Endpoint from) {
        return membership.counts(from);
    }

    boolean selfVotes() {
        return membership.counts(self.endpoint());
    }

    /** All voters, this node included. */
    List<Endpoint> voters() {
        return voters;
    }

    List<Endpoint> otherVoters() {
        return otherVoters;
    }

    Collection<Endpoint> observers() {
        return observers.get();
    }

    @Nullable
    Endpoint voter(NodeId node) {
        return byNode.get(node);
    }
}
