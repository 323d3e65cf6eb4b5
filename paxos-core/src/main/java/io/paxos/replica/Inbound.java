package io.paxos.replica;

import io.paxos.log.LogAcceptor;
import io.paxos.message.LogMessage;
import io.paxos.message.LogMessageHandler;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.List;

/**
 * What one message from one sender means to a replica. Each method says first when it has nothing to do, and returns
 * whether it did anything. Anyone of the cluster is answered; whoever counts votes checks whose they are (rule 2).
 */
final class Inbound implements LogMessageHandler<Boolean> {

    private final GroupId group;
    private final MachineConfig config;
    private final Peers peers;
    private final LogAcceptor acceptor;
    private final Office office;
    private final Learning learning;
    private final SnapshotExchange snapshots;
    private final Outbox outbox;
    private final Endpoint from;
    private final long now;

    Inbound(
            GroupId group,
            MachineConfig config,
            Peers peers,
            LogAcceptor acceptor,
            Office office,
            Learning learning,
            SnapshotExchange snapshots,
            Outbox outbox,
            Endpoint from,
            long now) {
        this.group = group;
        this.config = config;
        this.peers = peers;
        this.acceptor = acceptor;
        this.office = office;
        this.learning = learning;
        this.snapshots = snapshots;
        this.outbox = outbox;
        this.from = from;
        this.now = now;
    }

    private boolean isFromProposer(Ballot ballot) {
        return from.node().equals(ballot.proposer()) && !isBeyondReason(ballot);
    }

    private boolean isBeyondReason(Ballot ballot) {
        return ballot.isBeyondReasonAfter(acceptor.promised());
    }

    @Override
    public Boolean onPrepare(LogMessage.Prepare prepare) {
        if (!peers.selfVotes() || !isFromProposer(prepare.ballot())) {
            return false;
        }
        Ballot before = acceptor.promised();
        if (!acceptor.promise(prepare.ballot())) {
            outbox.send(from, new LogMessage.Nack(prepare.ballot(), before));
            return true;
        }
        office.promisedTo(prepare.ballot(), now);
        LogMessage part = acceptor.report(Math.max(1, prepare.from()), learning.decided(), config.messageBytes());
        List<Write> writes =
                before.equals(prepare.ballot()) ? List.of() : List.of(new Write.PromiseWrite(group, prepare.ballot()));
        outbox.sendWhenDurable(writes, from, part);
        return true;
    }

    @Override
    public Boolean onPromise(LogMessage.Promise promise) {
        if (!(office.role() instanceof Candidate candidate) || !peers.counts(from)) {
            return false;
        }
        switch (candidate.phaseOne().onPromise(from.node(), promise)) {
            case MORE_PARTS -> candidate.onPart(from, now);
            case COMPLETE -> office.lead(candidate.phaseOne(), from, now);
            case WAITING -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public Boolean onAccept(LogMessage.Accept accept) {
        if (!isFromProposer(accept.ballot()) || accept.values().isEmpty()) {
            return false;
        }
        if (peers.selfVotes()) {
            tellWhatIsForgotten(accept);
            if (!vote(afterCompacted(accept))) {
                return false;
            }
        }
        office.hear(accept.ballot(), now);
        if (office.role() instanceof Leader leader) {
            decideAsLeader(leader);
        } else {
            learning.advance(from, accept.ballot(), accept.decided());
        }
        return true;
    }

    /** A leader would wait for ever for the votes of those that have forgotten; so it is told. */
    private void tellWhatIsForgotten(LogMessage.Accept accept) {
        if (accept.first() <= acceptor.compacted() && accept.ballot().compareTo(acceptor.promised()) >= 0) {
            outbox.send(from, learning.answer(new LogMessage.CatchUpRequest(accept.first(), config.messageBytes())));
        }
    }

    /** What is forgotten is decided, and needs no vote; what comes behind it may. */
    private LogMessage.Accept afterCompacted(LogMessage.Accept accept) {
        long behind = acceptor.compacted() + 1;
        if (accept.first() >= behind || accept.slots().end() <= behind) {
            return accept;
        }
        int skipped = (int) (behind - accept.first());
        return new LogMessage.Accept(
                accept.ballot(),
                behind,
                accept.values().subList(skipped, accept.values().size()),
                accept.decided());
    }

    private boolean vote(LogMessage.Accept accept) {
        switch (acceptor.accept(accept.ballot(), accept.first(), accept.values(), learning.decided())) {
            case REFUSED -> {
                outbox.send(from, new LogMessage.Nack(accept.ballot(), acceptor.promised()));
                return false;
            }
            case IGNORED -> {
                return false;
            }
            case ACCEPTED -> {
                office.yieldTo(accept.ballot(), now);
                Write write = new Write.AcceptWrite(group, accept.ballot(), accept.first(), accept.values());
                outbox.sendWhenDurable(List.of(write), from, new LogMessage.Accepted(accept.ballot(), accept.slots()));
            }
            // Written already, or about to be: the answer waits for that, and a slow store gets no more to do.
            case REPEATED ->
                outbox.sendWhenDurable(List.of(), from, new LogMessage.Accepted(accept.ballot(), accept.slots()));
        }
        return true;
    }

    @Override
    public Boolean onAccepted(LogMessage.Accepted accepted) {
        boolean counts = office.role() instanceof Leader leader
                && accepted.ballot().equals(leader.ballot())
                && peers.counts(from);
        if (!counts) {
            return false;
        }
        Leader leader = (Leader) office.role();
        leader.onAccepted(from.node(), accepted.slots(), now);
        decideAsLeader(leader);
        return true;
    }

    /**
     * A leader takes its own proposals as decided as any follower would take them by its word: when its own acceptor
     * holds them at its ballot, so that what is decided is always held.
     */
    private void decideAsLeader(Leader leader) {
        learning.decide(leader.ballot(), leader.chosenUpTo());
        leader.forget(learning.decided());
    }

    @Override
    public Boolean onNack(LogMessage.Nack nack) {
        if (office.ballotInUse().isZero()
                || !nack.ballot().equals(office.ballotInUse())
                || !peers.counts(from)
                || isBeyondReason(nack.promised())) {
            return false;
        }
        office.yieldTo(nack.promised(), now);
        return true;
    }

    @Override
    public Boolean onDecide(LogMessage.Decide decide) {
        return leaderSays(decide.ballot(), decide.decided());
    }

    @Override
    public Boolean onHeartbeat(LogMessage.Heartbeat heartbeat) {
        if (!leaderSays(heartbeat.ballot(), heartbeat.decided())) {
            return false;
        }
        outbox.send(from, new LogMessage.HeartbeatAck(heartbeat.ballot(), learning.decided()));
        return true;
    }

    /** A leader below this node's promise is told so, lest it go on for ever where nothing is submitted. */
    private boolean leaderSays(Ballot ballot, long decided) {
        if (!isFromProposer(ballot) || from.equals(peers.self())) {
            return false;
        }
        if (ballot.compareTo(acceptor.promised()) < 0) {
            outbox.send(from, new LogMessage.Nack(ballot, acceptor.promised()));
            return false;
        }
        office.yieldTo(ballot, now);
        if (office.role() instanceof Leader) {
            // An older leader's word; this one decides by its own count.
            return false;
        }
        office.hear(ballot, now);
        learning.advance(from, ballot, decided);
        return true;
    }

    @Override
    public Boolean onHeartbeatAck(LogMessage.HeartbeatAck ack) {
        if (!(office.role() instanceof Leader leader) || !ack.ballot().equals(leader.ballot()) || !peers.counts(from)) {
            return false;
        }
        leader.onHeard(from.node(), now);
        return true;
    }

    @Override
    public Boolean onResign(LogMessage.Resign resign) {
        if (!isFromProposer(resign.ballot())) {
            return false;
        }
        office.onResign(resign, now);
        return true;
    }

    @Override
    public Boolean onCanvass(LogMessage.Canvass canvass) {
        if (!peers.selfVotes()) {
            return false;
        }
        outbox.send(from, office.answer(from, canvass, now, acceptor.promised()));
        return true;
    }

    @Override
    public Boolean onCanvassReply(LogMessage.CanvassReply reply) {
        if (!peers.counts(from) || isBeyondReason(reply.highest())) {
            return false;
        }
        office.onCanvassReply(from, reply, now, acceptor.promised());
        return true;
    }

    @Override
    public Boolean onCatchUpRequest(LogMessage.CatchUpRequest request) {
        outbox.send(from, learning.answer(request));
        return true;
    }

    @Override
    public Boolean onCatchUpReply(LogMessage.CatchUpReply reply) {
        if (!peers.counts(from)) {
            return false;
        }
        if (office.role() instanceof Leader leader) {
            // A leader decides by its own count, and what a peer knows better comes with a higher ballot; except that
            // what a peer has forgotten may have been decided by a lower one, and cannot be counted any more.
            if (reply.compacted() <= leader.chosenUpTo()) {
                return false;
            }
            office.giveUp(leader, now);
        }
        learning.learn(from, reply.first(), reply.values());
        learning.hint(from, reply.decided());
        snapshots.lacks(from, reply.compacted());
        return true;
    }

    @Override
    public Boolean onSnapshotRequest(LogMessage.SnapshotRequest request) {
        snapshots.serve(from, request);
        return true;
    }

    @Override
    public Boolean onSnapshotChunk(LogMessage.SnapshotChunk chunk) {
        if (office.role() instanceof Leader || !peers.counts(from)) {
            return false;
        }
        snapshots.onChunk(from, chunk, peers.otherVoters().size());
        return true;
    }

    @Override
    public Boolean onForward(LogMessage.Forward forward) {
        if (office.role() instanceof Leader leader) {
            forward.values().stream().filter(this::isAcceptable).forEach(leader::offer);
            return true;
        }
        Endpoint next = office.route(now);
        if (next == null || next.equals(from) || forward.hops() <= 1) {
            return false;
        }
        outbox.send(next, new LogMessage.Forward(forward.values(), forward.hops() - 1));
        return true;
    }

    /** What the door of the node asked would have refused is refused here as well; nobody vouches for that node. */
    private boolean isAcceptable(Value value) {
        if (!(value instanceof Value.Command command)) {
            return true;
        }
        return command.payload().size() <= config.maxValueBytes()
                && command.floor() <= command.id().sequence();
    }
}
