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
    private final Runnable onChange;
    private final Election election;
    private final Canvassing canvassing;
    private Role role = new Follower();
    private Ballot highestSeen;
    private @Nullable Endpoint relay;
    private @Nullable NodeId relayedLeader;
    private long pollAt;
    private boolean hurried;

    /**
     * A follower that has heard nobody.
     *
     * @param promised the highest ballot promised in a former life
     * @param onChange told whenever the role or the leader changed: what was under way may be lost
     */
    Office(
            Self self,
            Peers peers,
            MachineConfig config,
            RandomGenerator random,
            Outbox outbox,
            Learning learning,
            Ballot promised,
            long now,
            Runnable onChange) {
        this.self = self;
        this.peers = peers;
        this.config = config;
        this.random = random;
        this.outbox = outbox;
        this.learning = learning;
        this.onChange = onChange;
        this.election = new Election(config, random, now);
        this.canvassing = new Canvassing(self, peers, PATIENCE);
        this.highestSeen = promised;
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
            }
            return;
        }
        if (role instanceof Candidate candidate) {
            candidate.tick(now, config.resendTicks());
            if (now - candidate.progressAt() >= config.electionTicks()) {
                election.retrySoon(now);
                follow();
            }
        } else if (peers.selfVotes() && election.isDue(now)) {
            canvass(now, promised);
        }
        pollIfDeaf(now);
    }

    /** Who hears no leader cannot know what it misses, and asks the others at random. */
    private void pollIfDeaf(long now) {
        List<Endpoint> others = peers.otherVoters();
        if (election.hearsLeader(now) || now < pollAt || others.isEmpty()) {
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
        LogMessage.Canvass question = canvassing.begin(learning.decided(), config.priority());
        peers.otherVoters().forEach(voter -> outbox.send(voter, question));
        election.retrySoon(now);
        if (canvassing.isWon()) {
            campaign(now, promised);
        }
    }

    private void campaign(long now, Ballot promised) {
        highestSeen = Ballot.max(highestSeen, promised).next(self.node(), self.start());
        PhaseOne phaseOne = new PhaseOne(peers.quorums(), highestSeen, learning.decided() + 1);
        role = new Candidate(phaseOne, peers, outbox, now);
        onChange.run();
    }

    /** A candidate's phase 1 is complete. */
    void lead(PhaseOne phaseOne, Endpoint informant, long now) {
        learning.learn(informant, phaseOne.from(), phaseOne.decidedValues());
        if (learning.decided() < phaseOne.decided()) {
            // What this node cannot learn from the promises it must fetch; to propose there would be wrong (rule 3).
            learning.hint(informant, phaseOne.decided());
            election.postpone(now);
            follow();
            return;
        }
        long decided = learning.decided();
        role = new Leader(peers, outbox, config, phaseOne.ballot(), decided, phaseOne.mustPropose(decided), now);
        hurried = false;
        election.heard(phaseOne.ballot(), now);
        onChange.run();
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

    /** Somebody else's candidacy was promised support. */
    void promisedTo(Ballot ballot, long now) {
        yieldTo(ballot, now);
        if (role instanceof Follower) {
            election.postpone(now);
        }
    }

    void peerDown(NodeId peer, long now) {
        if (peer.equals(election.leader()) && !(role instanceof Leader)) {
            election.lost(now);
        }
    }

    void onResign(LogMessage.Resign resign, long now) {
        if (resign.ballot().equals(election.leaderBallot()) && !(role instanceof Leader)) {
            election.lost(now);
        }
    }

    LogMessage answer(Endpoint from, LogMessage.Canvass canvass, long now, Ballot promised) {
        boolean leads = role instanceof Leader;
        boolean free = !leads && !election.hearsLeader(now);
        // Once per leaderless time, a node of higher priority asks to go first; if it fails, others may.
        if (free && config.priority() > canvass.priority() && !hurried && role instanceof Follower) {
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
