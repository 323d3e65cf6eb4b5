// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.log.PhaseOne;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who leads: the role this replica plays, and every way from one role to another. A ballot once taken is never raised;
 * whoever meets a higher one follows, and begins again with phase 1 (rule 1).
 */
final class Office {

    /** How often a node that is far behind lets others try first. */
    private static final int PATIENCE = 3;

    private final Self self;
    private final Peers peers;
    private final MachineConfig config;
    private final RandomGenerator random;
    private final Outbox outbox;
    private final Learning learning;
    private final Used used;
    private final int priority;
    private final Runnable onChange;
    private final Election election;
    private final Canvassing canvassing;
    private final PromisedCandidacy promisedCandidacy = new PromisedCandidacy();
    private Role role = new Follower();
    private Ballot highestSeen;
    private @Nullable Endpoint relay;
    private @Nullable NodeId relayedLeader;
    private long pollAt;
    private boolean hurried;
    private LogMessage.@Nullable TakeOver invitation;
    private long invitedAt;
    private long doneAt = -1;

    /**
     * A follower that has heard nobody.
     *
     * @param used the ballots that this node must not use any more, for they were promised or used before
     * @param priority whoever has more goes first when there is no leader
     * @param onChange told whenever the role or the leader changed: what was under way may be lost
     */
    Office(
            Self self,
            Peers peers,
            MachineConfig config,
            RandomGenerator random,
            Outbox outbox,
            Learning learning,
            Used used,
            int priority,
            long now,
            Runnable onChange) {
        this.self = self;
        this.peers = peers;
        this.config = config;
        this.random = random;
        this.outbox = outbox;
        this.learning = learning;
        this.used = used;
        this.priority = priority;
        this.onChange = onChange;
        this.election = new Election(config, random, now);
        this.canvassing = new Canvassing(self, peers, used, PATIENCE);
        this.highestSeen = used.ballot();
    }

    Role role() {
        return role;
    }

    @Nullable
    NodeId leader() {
        return election.leader();
    }

    Ballot leaderBallot() {
        return election.leaderBallot();
    }

    /** Whether this node need not ask others what is decided, since a leader keeps telling it. */
    boolean hearsLeader(long now) {
        return role instanceof Leader || election.hearsLeader(now);
    }

    /** Where values go that this node cannot propose itself; null if nobody is known to take them. */
    @Nullable
    Endpoint route(long now) {
        NodeId leader = election.leader();
        if (leader != null && election.hearsLeader(now) && !leader.equals(self.node())) {
            return peers.voter(leader);
        }
        return relay;
    }

    /** Another way than {@link #route}, which may lead to a leader that is heard but does not hear this node. */
    @Nullable
    Endpoint detour(long now) {
        List<Endpoint> others = peers.otherVoters();
        return others.isEmpty() ? route(now) : others.get(random.nextInt(others.size()));
    }

    void tick(long now, Ballot promised) {
        if (role instanceof Leader leader) {
            if (!leader.tick(learning.decided(), now)) {
                giveUp(leader, now);
            } else if (leader.isDone(learning.decided())) {
                leaveInTime(leader, now);
            }
            return;
        }
        if (role instanceof Candidate candidate) {
            candidate.tick(now, config.resendTicks());
            if (now - candidate.progressAt() >= config.electionTicks()) {
                election.retrySoon(now);
                follow();
            }
        } else if (peers.mayLead() && election.isDue(now)) {
            canvass(now, promised);
        }
        pollIfDeaf(now);
    }

    /**
     * A leader that votes in no further slot goes when those who do hold all below, so that nothing of it is lost with this
     * node. If they do not come to that, they may be stuck until one of them leads.
     */
    private void leaveInTime(Leader leader, long now) {
        long decided = learning.decided();
        if (doneAt < 0) {
            doneAt = now;
            leader.askHowFar(decided, now);
        }
        if (leader.isDispensable(decided) || now - doneAt >= config.electionTicks()) {
            leader.tellAll(decided);
            giveUp(leader, now);
        }
    }

    /** Who hears no leader cannot know what it misses, and asks the others at random. */
    private void pollIfDeaf(long now) {
        if (election.hearsLeader(now) || now < pollAt) {
            return;
        }
        List<Endpoint> others = peers.informants();
        if (others.isEmpty()) {
            return;
        }
        pollAt = now + config.electionTicks();
        Endpoint peer = others.get(random.nextInt(others.size()));
        learning.poll(peer);
        if (!peers.selfVotes()) {
            relay = peer;
        }
    }

    private void canvass(long now, Ballot promised) {
        relay = null;
        LogMessage.Canvass question = canvassing.begin(learning.decided(), priority);
        peers.otherVoters().forEach(voter -> outbox.send(voter, question));
        election.retrySoon(now);
        if (canvassing.isWon()) {
            campaign(now, promised);
        }
    }

    private void campaign(long now, Ballot promised) {
        highestSeen = Ballot.max(highestSeen, promised).next(self.node(), self.start());
        used.ballot(highestSeen);
        PhaseOne phaseOne = new PhaseOne(peers.regimes().governing(), highestSeen, learning.decided() + 1);
        role = new Candidate(phaseOne, outbox, now);
        onChange.run();
    }

    /** A candidate's phase 1 is complete, as far as it knew who governs. */
    void lead(Candidate candidate, Endpoint informant, long now) {
        PhaseOne phaseOne = candidate.phaseOne();
        learning.learn(informant, phaseOne.from(), phaseOne.decidedValues());
        long decided = learning.decided();
        if (decided < phaseOne.decided() || !peers.mayLead()) {
            // What this node cannot learn from the promises it must fetch; to propose there would be wrong (rule 3).
            learning.hint(informant, phaseOne.decided());
            election.postpone(now);
            follow();
            return;
        }
        phaseOne.govern(peers.regimes().governing());
        if (phaseOne.preparedUpTo() <= decided) {
            // What it has learned meanwhile says that others govern the next slot, who have not promised yet (rule 10).
            candidate.goOn(now);
            return;
        }
        doneAt = -1;
        role = new Leader(peers, outbox, config, candidate.preparation(), decided, now);
        hurried = false;
        election.heard(phaseOne.ballot(), now);
        onChange.run();
    }

    /** A leader is promised support by those who govern slots to come. */
    void extend(Leader leader, Endpoint from, LogMessage.Promise promise, long now) {
        leader.onPromise(from, promise);
        if (leader.isOutrun()) {
            learning.hint(from, promise.decided());
            giveUp(leader, now);
        }
    }

    /** A leader that cannot get anything chosen any more makes way, and may try again later. */
    void giveUp(Leader leader, long now) {
        sayResigned(leader);
        election.lost(now);
        election.postpone(now);
        follow();
    }

    private void sayResigned(Leader leader) {
        peers.otherVoters().forEach(voter -> outbox.send(voter, new LogMessage.Resign(leader.ballot())));
    }

    /** Gives up any office at once, and says so: this node is not counted any more, or is about to be closed. */
    void stepAside(long now) {
        if (role instanceof Leader leader) {
            sayResigned(leader);
        }
        if (self.node().equals(election.leader())) {
            election.lost(now);
        }
        canvassing.end();
        role = new Follower();
        onChange.run();
    }

    /** Gives up any office for good. */
    void retire() {
        if (role instanceof Leader leader) {
            sayResigned(leader);
        }
        role = new Follower();
    }

    private void follow() {
        if (!(role instanceof Follower)) {
            role = new Follower();
            onChange.run();
        }
    }

    /** A higher ballot than this node's own ends its candidacy or office; it never raises its ballot and goes on. */
    void yieldTo(Ballot ballot, long now) {
        highestSeen = Ballot.max(highestSeen, ballot);
        Ballot own = ballotInUse();
        if (!own.isZero() && ballot.compareTo(own) > 0) {
            if (self.node().equals(election.leader())) {
                election.lost(now);
            }
            election.postpone(now);
            follow();
        }
    }

    /** The ballot at which this node asks for promises or proposes; zero for a follower. */
    Ballot ballotInUse() {
        if (role instanceof Candidate candidate) {
            return candidate.ballot();
        }
        return role instanceof Leader leader ? leader.ballot() : Ballot.ZERO;
    }

    /** A leader spoke. */
    void hear(Ballot ballot, long now) {
        if (election.heard(ballot, now)) {
            relay = null;
            hurried = false;
            canvassing.bePatient(PATIENCE);
            onChange.run();
        }
    }

    /** A candidate was promised support, or is about to get another part of that promise, from a slot on. */
    void promisedTo(Ballot ballot, long from, long now) {
        promisedCandidacy.asks(ballot, from, now);
        yieldTo(ballot, now);
        if (role instanceof Follower) {
            election.postpone(now);
        }
    }

    /** Whether this node follows the leader of a ballot, and nothing else is under way. */
    boolean follows(Ballot ballot) {
        return role instanceof Follower
                && invitation == null
                && election.leader() != null
                && election.leaderBallot().equals(ballot);
    }

    /** No time has passed for this follower since its leader was heard last at a tick. */
    void goOn(long heardAt, long now) {
        election.goOn(heardAt, now);
    }

    /** The leader is gone. */
    void loseLeader(long now) {
        election.lost(now);
    }

    void peerDown(NodeId peer, long now) {
        if (role instanceof Leader leader) {
            leader.onLost(peer);
        } else if (peer.equals(election.leader())) {
            election.lost(now);
        }
    }

    /** The leader asks this node to take its office over. */
    void invited(LogMessage.TakeOver takeOver, long now) {
        invitation = takeOver;
        invitedAt = now;
    }

    /** Takes over from a leader that asks for it, once this node holds all that the leader has proposed. */
    void followInvitation(long now, Ballot promised) {
        LogMessage.TakeOver takeOver = invitation;
        if (takeOver == null) {
            return;
        }
        boolean isOver = now - invitedAt > config.electionTicks()
                || !(role instanceof Follower)
                || !peers.mayLead()
                || Ballot.max(promised, election.leaderBallot()).compareTo(takeOver.ballot()) > 0;
        if (isOver) {
            invitation = null;
        } else if (learning.highest() >= takeOver.upTo()) {
            invitation = null;
            campaign(now, promised);
        }
    }

    void onResign(LogMessage.Resign resign, long now) {
        if (resign.ballot().equals(election.leaderBallot()) && !(role instanceof Leader)) {
            election.lost(now);
        }
    }

    LogMessage.CanvassReply answer(Endpoint from, LogMessage.Canvass canvass, long now, Ballot promised) {
        boolean leads = role instanceof Leader;
        boolean free = !leads
                && !election.hearsLeader(now)
                && !promisedCandidacy.comesOn(now, config.electionTicks())
                && !(role instanceof Candidate candidate && candidate.comesOn(now, config.electionTicks()));
        // Once per leaderless time, a node of higher priority asks to go first; if it fails, others may.
        if (free && priority > canvass.priority() && !hurried && role instanceof Follower) {
            hurried = true;
            free = false;
            election.hurry(now);
        }
        NodeId leader = leads || election.hearsLeader(now) ? election.leader() : leaderBehindRelay(from);
        return new LogMessage.CanvassReply(
                canvass.probe(), free, leader, Ballot.max(highestSeen, promised), learning.decided());
    }

    /** Who reaches a leader only through others can still lead the way to it, but not back to the one who asks. */
    private @Nullable NodeId leaderBehindRelay(Endpoint from) {
        return relay == null || relay.equals(from) ? null : relayedLeader;
    }

    void onCanvassReply(Endpoint from, LogMessage.CanvassReply reply, long now, Ballot promised) {
        highestSeen = Ballot.max(highestSeen, reply.highest());
        if (!(role instanceof Follower) || election.hearsLeader(now)) {
            return;
        }
        if (reply.leader() != null) {
            // It cannot be heard from here, but through this peer it can be reached (rule 17).
            relay = from;
            relayedLeader = reply.leader();
            learning.hint(from, reply.decided());
        }
        if (!canvassing.onReply(from, reply)) {
            return;
        }
        Endpoint farthest = canvassing.farthest();
        if (farthest != null && canvassing.shouldFetchFirst(learning.decided(), config.windowSlots())) {
            learning.hint(farthest, canvassing.highestDecided());
            election.postpone(now);
        } else {
            campaign(now, promised);
        }
        canvassing.end();
    }
}
