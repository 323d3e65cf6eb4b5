package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.quorum.QuorumSystem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who else there is: the voters, down to the incarnation, and those who only observe. */
final class Peers {

    private final Self self;
    private final StartId start;
    private final Fingerprint fingerprint;
    private final BooleanSupplier votes;
    private final boolean isMember;
    private final Membership membership;
    private final QuorumSystem quorums;
    private final Supplier<Collection<Endpoint>> observers;
    private final List<Endpoint> voters;
    private final List<Endpoint> otherVoters;
    private final Map<NodeId, Endpoint> byNode;

    /**
     * The peers of a formed cluster.
     *
     * @param votes whether this node itself is counted; once it is not, it never is again
     */
    Peers(
            Self self,
            Membership membership,
            QuorumSystem quorums,
            Supplier<Collection<Endpoint>> observers,
            BooleanSupplier votes) {
        this.self = self;
        this.start = self.startId();
        this.fingerprint = Fingerprint.of(membership, quorums.description());
        this.votes = votes;
        this.membership = membership;
        this.isMember = membership.counts(self.endpoint());
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
        return membership.counts(from) && (!from.equals(self.endpoint()) || selfVotes());
    }

    boolean selfVotes() {
        return votes.getAsBoolean();
    }

    /** What those who are to listen to each other have in common. */
    Fingerprint fingerprint() {
        return fingerprint;
    }

    /** An envelope that says by what this node counts, and which start of its store speaks if that is counted. */
    Envelope envelope(Endpoint to, Message message) {
        StartId speaker = isOutdated() ? StartId.NONE : start;
        return new Envelope(self.cluster(), self.endpoint(), to, speaker, fingerprint, message);
    }

    private boolean isOutdated() {
        return isMember && !selfVotes();
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
