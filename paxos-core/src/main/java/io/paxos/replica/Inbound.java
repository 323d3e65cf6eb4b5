// SPDX-License-Identifier: Apache-2.0
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
    private final ReadBarrier reads;
    private final LeaseGranter leases;
    private final Reconfigurer reconfigurer;
    private final Comparison comparison;
    private final Levels levels;
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
            ReadBarrier reads,
            LeaseGranter leases,
            Reconfigurer reconfigurer,
            Comparison comparison,
            Levels levels,
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
        this.reads = reads;
        this.leases = leases;
        this.reconfigurer = reconfigurer;
        this.comparison = comparison;
        this.levels = levels;
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
        if (!peers.mayVote() || !isFromProposer(prepare.ballot())) {
            return false;
        }
        Ballot before = acceptor.promised();
        if (prepare.ballot().compareTo(before) > 0 && leases.forbids(prepare.ballot())) {
            // Whoever was given a word relies on it (rule 14). The candidate asks again.
            return false;
        }
        if (!acceptor.promise(prepare.ballot())) {
            outbox.send(from, new LogMessage.Nack(prepare.ballot(), before));
            return true;
        }
        long firstAsked = Math.max(1, prepare.from());
        office.promisedTo(prepare.ballot(), firstAsked, now);
        LogMessage part = acceptor.report(firstAsked, learning.decided(), config.messageBytes());
        List<Write> writes =
                before.equals(prepare.ballot()) ? List.of() : List.of(new Write.PromiseWrite(group, prepare.ballot()));
        outbox.sendWhenDurable(writes, from, part);
        return true;
    }

    @Override
    public Boolean onPromise(LogMessage.Promise promise) {
        if (!peers.counts(from)) {
            return false;
        }
        if (office.role() instanceof Leader leader) {
            office.extend(leader, from, promise, now);
            return true;
        }
        if (!(office.role() instanceof Candidate candidate)) {
            return false;
        }
        switch (candidate.phaseOne().onPromise(from, promise)) {
            case MORE_PARTS -> candidate.onPart(from, now);
            case COMPLETE -> office.lead(candidate, from, now);
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
        if (peers.mayVote()) {
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
        leader.onAccepted(from, accepted.slots(), now);
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
        leader.onHeard(from, ack.decided(), now);
        return true;
    }

    @Override
    public Boolean onResign(LogMessage.Resign resign) {
        if (!isFromProposer(resign.ballot())) {
            return false;
        }
        leases.resigned(resign.ballot());
        office.onResign(resign, now);
        return true;
    }

    @Override
    public Boolean onTakeOver(LogMessage.TakeOver takeOver) {
        if (!peers.selfVotes() || !peers.counts(from) || !isFromProposer(takeOver.ballot())) {
            return false;
        }
        office.invited(takeOver, now);
        return true;
    }

    @Override
    public Boolean onCanvass(LogMessage.Canvass canvass) {
        if (!peers.mayVote()) {
            return false;
        }
        LogMessage.CanvassReply reply = office.answer(from, canvass, now, acceptor.promised());
        outbox.send(from, leases.isInForce() ? reply.withoutSupport() : reply);
        return true;
    }

    @Override
    public Boolean onLeaseRequest(LogMessage.LeaseRequest request) {
        boolean mayGrant = peers.selfVotes() && isFromProposer(request.ballot());
        if (!mayGrant || !leases.grant(request.ballot(), request.count(), acceptor.promised())) {
            return false;
        }
        // Behind the promise of this ballot: from a store that knows of it a restart knows that it may have granted.
        outbox.sendWhenDurable(List.of(), from, new LogMessage.LeaseGrant(request.ballot(), request.count()));
        return true;
    }

    @Override
    public Boolean onLeaseGrant(LogMessage.LeaseGrant grant) {
        if (!(office.role() instanceof Leader leader)
                || !grant.ballot().equals(leader.ballot())
                || !peers.counts(from)) {
            return false;
        }
        leader.lease().onGrant(from, grant.count());
        return true;
    }

    @Override
    public Boolean onLeaseEnd(LogMessage.LeaseEnd end) {
        if (!isFromProposer(end.ballot())) {
            return false;
        }
        leases.end(end.ballot(), end.count());
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
        if (office.role() instanceof Leader) {
            return false;
        }
        snapshots.onChunk(from, chunk, peers.otherVoters().size());
        return true;
    }

    @Override
    public Boolean onCompare(LogMessage.Compare compare) {
        return comparison.heard(from, compare.digest(), peers);
    }

    @Override
    public Boolean onForward(LogMessage.Forward forward) {
        if (office.role() instanceof Leader leader) {
            leader.offer(
                    from, forward.values().stream().filter(this::isAcceptable).toList(), now);
            return true;
        }
        Endpoint next = office.route(now);
        if (next == null || next.equals(from) || forward.hops() <= 1) {
            return false;
        }
        outbox.send(next, new LogMessage.Forward(forward.values(), forward.hops() - 1));
        return true;
    }

    @Override
    public Boolean onReadQuery(LogMessage.ReadQuery query) {
        if (!peers.mayVote()) {
            return false;
        }
        if (query.probe().count() == Reconfigurer.NO_ROUND) {
            // Whoever asks so wants to know what would survive a power cut here: the answer waits for the writes
            // before.
            outbox.sendWhenDurable(List.of(), from, reads.answer(query.probe()));
            return true;
        }
        outbox.send(from, reads.answer(query.probe()));
        if (peers.selfVotes()) {
            reads.runErrand(from, query, now);
        }
        if (office.role() instanceof Leader leader) {
            leader.hurry(from, now);
        }
        return true;
    }

    @Override
    public Boolean onReadReply(LogMessage.ReadReply reply) {
        reconfigurer.onReply(from, reply, now);
        if (!peers.counts(from)) {
            return false;
        }
        if (!office.hearsLeader(now)) {
            learning.hint(from, reply.decided());
        }
        reads.onReply(from, reply, now);
        return true;
    }

    @Override
    public Boolean onCloseSlots(LogMessage.CloseSlots close) {
        if (office.role() instanceof Leader leader) {
            leader.closeUp(close.upTo(), learning.decided());
            return true;
        }
        Endpoint next = office.route(now);
        if (next == null || next.equals(from) || close.hops() <= 1) {
            return false;
        }
        outbox.send(next, new LogMessage.CloseSlots(close.upTo(), close.hops() - 1));
        return true;
    }

    /** What the door of the node asked would have refused is refused here as well; nobody vouches for that node. */
    private boolean isAcceptable(Value value) {
        if (value instanceof Value.RaiseLevel || !levels.allow(value)) {
            // Only a leader knows whether everybody supports a level, and it says so by itself.
            return false;
        }
        if (value instanceof Value.Reconfigure change) {
            return change.amends() == peers.regimes().latest().configuration().version()
                    && peers.regimes().isTenable(change.next());
        }
        if (!(value instanceof Value.Command command)) {
            return true;
        }
        if (!Value.Command.isPossible(command.id())) {
            return false;
        }
        return command.isFence()
                ? command.equals(Value.Command.fence(command.id(), command.time()))
                : command.payload().size() <= config.maxValueBytes();
    }
}
