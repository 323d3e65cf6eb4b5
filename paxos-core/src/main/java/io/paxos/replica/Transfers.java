// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that ask this node to let another one lead. One hand-over is under way at a time; each call is answered when
 * somebody else leads, when the one it named has not taken over, or at its deadline.
 */
final class Transfers {

    /** So many may wait for each other; nobody needs more. */
    private static final int MOST_WAITING = 64;

    private final MachineConfig config;
    private final Outbox outbox;
    private final Deque<Pending> pending = new ArrayDeque<>();

    private static final class Pending {
        final Event.Transfer ask;
        final Ballot ballot;
        final long deadline;
        boolean begun;
        boolean told;

        Pending(Event.Transfer ask, Ballot ballot, long deadline) {
            this.ask = ask;
            this.ballot = ballot;
            this.deadline = deadline;
        }
    }

    Transfers(MachineConfig config, Outbox outbox) {
        this.config = config;
        this.outbox = outbox;
    }

    /** Takes a call in, or answers it at once. */
    void submit(Event.Transfer ask, Peers peers, Office office, long now) {
        Outcome answer = answerAtOnce(ask, peers, office);
        if (answer != null) {
            outbox.add(new Effect.Respond(ask.request(), answer));
            return;
        }
        Leader leader = (Leader) office.role();
        pending.add(new Pending(ask, leader.ballot(), now + Math.max(1, ask.ticks())));
    }

    private @Nullable Outcome answerAtOnce(Event.Transfer ask, Peers peers, Office office) {
        NodeId target = ask.target();
        if (target != null && peers.voter(target) == null) {
            return peers.observers().stream()
                            .anyMatch(observer -> observer.node().equals(target))
                    ? new Outcome.Refused(
                            Outcome.Reason.NOT_A_VOTER,
                            target + " only observes, and whoever leads must vote; name one of " + names(peers))
                    : new Outcome.Refused(
                            Outcome.Reason.UNKNOWN_NODE,
                            "there is no node " + target + " in this cluster; name one of " + names(peers));
        }
        if (target != null && target.equals(office.leader())) {
            return new Outcome.Led(target, office.leaderBallot());
        }
        if (!(office.role() instanceof Leader)) {
            NodeId leader = office.leader();
            return new Outcome.Refused(
                    Outcome.Reason.NOT_LEADER,
                    "only the leader can hand its office over, and this node does not lead; "
                            + (leader == null ? "no leader is known, try again soon" : "ask " + leader));
        }
        if (target != null && successor(target, peers) == null) {
            return noSuccessor(target);
        }
        if (peers.otherVoters().isEmpty()) {
            return new Outcome.Refused(Outcome.Reason.NOT_A_VOTER, "no other node votes, so none can lead");
        }
        return pending.size() < MOST_WAITING
                ? null
                : new Outcome.Refused(
                        Outcome.Reason.OVERLOADED,
                        pending.size() + " transfers wait for their turn already; try again when some are answered");
    }

    private static Outcome.Refused noSuccessor(NodeId target) {
        return new Outcome.Refused(
                Outcome.Reason.NOT_A_VOTER,
                "the membership is being changed, and " + target
                        + " does not vote both before and after that; name another, or ask again when it governs");
    }

    /** Whom to hand over to; null if that store does not vote in all slots to come, as far as is known. */
    private static @Nullable Endpoint successor(NodeId target, Peers peers) {
        Endpoint voter = peers.voter(target);
        return voter == null || !peers.mayLeadOn(voter) ? null : voter;
    }

    private static List<NodeId> names(Peers peers) {
        return peers.voters().stream().map(Endpoint::node).sorted().toList();
    }

    /** Begins what can be begun, and answers what has come to its end. */
    void advance(Peers peers, Office office, long now) {
        if (pending.isEmpty()) {
            return;
        }
        List<Pending> resigning = new ArrayList<>();
        for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
            Pending one = all.next();
            Outcome outcome =
                    office.role() instanceof Leader leader && leader.ballot().equals(one.ballot)
                            ? whileLeading(one, peers, leader, now)
                            : afterwards(one, office, now);
            if (outcome == null) {
                continue;
            }
            all.remove();
            outbox.add(new Effect.Respond(one.ask.request(), outcome));
            if (one.ask.resign() && !(outcome instanceof Outcome.Led)) {
                resigning.add(one);
            }
        }
        for (Pending one : resigning) {
            if (office.role() instanceof Leader leader && leader.ballot().equals(one.ballot)) {
                office.giveUp(leader, now);
            }
        }
    }

    private @Nullable Outcome whileLeading(Pending one, Peers peers, Leader leader, long now) {
        HandOver underWay = leader.handOver();
        if (underWay == null && !one.begun) {
            NodeId named = one.ask.target();
            Endpoint target = named == null ? leader.bestSuccessor(now) : successor(named, peers);
            if (target != null) {
                leader.beginHandOver(target, one.deadline);
                one.begun = true;
            }
        } else if (underWay == null && !one.told && now < one.deadline) {
            // Given up before its time: a change was decided that takes the vote from whoever was to take over.
            NodeId named = one.ask.target();
            one.begun = false;
            return named == null ? null : noSuccessor(named);
        } else if (underWay == null) {
            return one.told
                    ? new Outcome.Unknown("it was told to take over and has not done so within "
                            + config.electionTicks() + " ticks; it may yet, and until then this node leads")
                    : new Outcome.Refused(Outcome.Reason.TIMEOUT, behind(one));
        } else if (one.begun) {
            one.told |= underWay.isHeld();
        }
        if (now < one.deadline) {
            return null;
        }
        return one.told
                ? new Outcome.Unknown("the deadline passed after it was told to take over")
                : new Outcome.Refused(Outcome.Reason.TIMEOUT, behind(one));
    }

    private static String behind(Pending one) {
        NodeId target = one.ask.target();
        return "the deadline passed before " + (target == null ? "any other voter" : target)
                + " had been heard and was near enough to take over; this node goes on leading";
    }

    private static @Nullable Outcome afterwards(Pending one, Office office, long now) {
        NodeId leader = office.leader();
        if (leader != null && office.leaderBallot().compareTo(one.ballot) > 0) {
            return new Outcome.Led(leader, office.leaderBallot());
        }
        return now < one.deadline
                ? null
                : new Outcome.Unknown(
                        "this node leads no more, and no other leader has been heard before the deadline");
    }

    boolean isIdle() {
        return pending.isEmpty();
    }

    /** Answers every call: this replica will do nothing more. */
    void stop(String reason) {
        for (Pending one : pending) {
            outbox.add(new Effect.Respond(
                    one.ask.request(),
                    one.begun ? new Outcome.Unknown(reason) : new Outcome.Refused(Outcome.Reason.STOPPED, reason)));
        }
        pending.clear();
    }
}
