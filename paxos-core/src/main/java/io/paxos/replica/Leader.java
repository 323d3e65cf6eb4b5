// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.log.PhaseOne;
import io.paxos.log.PhaseTwo;
import io.paxos.log.Pipeline;
import io.paxos.log.Regime;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Proposes. What phase 1 found goes first, at the leader's own ballot (rule 5); then the commands that wait, as many
 * slots in one Accept as are there, as many Accepts in flight as the window allows. Its own acceptor is asked like
 * anyone's. A leader that stops hearing from a phase-2 quorum steps down (rule 17).
 *
 * <p>When a change of membership is decided it asks the new voters for their promises, at its own ballot, proposes nothing
 * in their slots before it has them, and fills the slots up to theirs with no-ops, so that the change governs soon (rule
 * 10). A leader that is not among the new voters proposes in no slot of theirs.
 */
final class Leader implements Role {

    private static final long LEAST_RESEND_BYTES = 1 << 16;

    private final Peers peers;
    private final Outbox outbox;
    private final MachineConfig config;
    private final PhaseTwo phaseTwo;
    private final Pipeline pipeline;
    private final Tidings tidings;
    private final Preparation preparation;
    private final Regimes regimes;
    private final Followers followers;
    private final LeaseHolder lease;
    private final long foundUpTo;
    private @Nullable HandOver handOver;
    private final List<Value> batch = new ArrayList<>();
    private List<Endpoint> addressees = List.of();
    private long addressedUpTo;
    private long edition = -1;
    private long ownUpTo;
    private long fillUpTo;
    private long batchFirst;
    private long batchBytes;
    private long heartbeatAt;
    private long tickedAt;
    private long closeUpTo;
    private @Nullable Regime heardIn;
    private long heardUntil;

    /** A leader whose phase 1 is complete, of a ballot in which nothing has been proposed yet. */
    Leader(Peers peers, Outbox outbox, MachineConfig config, Preparation preparation, long decided, long now) {
        this.peers = peers;
        this.outbox = outbox;
        this.config = config;
        this.preparation = preparation;
        this.regimes = peers.regimes();
        PhaseOne phaseOne = preparation.phaseOne();
        phaseOne.requireComplete(decided);
        this.phaseTwo = new PhaseTwo(regimes.governing(), phaseOne.ballot(), decided);
        this.pipeline = new Pipeline(config.queueCommands() * 2, config.queueBytes() * 2);
        this.tidings = new Tidings(peers, outbox, phaseOne.ballot());
        this.followers = new Followers(peers, now);
        this.lease = new LeaseHolder(peers, outbox, config, phaseOne.ballot());
        this.foundUpTo = Math.max(decided, phaseOne.lastFound());
        this.tickedAt = now;
        followRegimes(now);
        proposeFound(decided, now);
        sendBatch(decided);
        heartbeat(decided, now);
    }

    /** Who governs slots to come may have changed with what was decided. */
    private void followRegimes(long now) {
        if (edition == regimes.edition()) {
            return;
        }
        edition = regimes.edition();
        List<Regime> governing = regimes.governing();
        preparation.phaseOne().govern(governing);
        phaseTwo.govern(governing);
        followers.follow(now);
        addressedUpTo = 0;
        fillUpTo = regimes.latest().from() - 1;
        ownUpTo = Long.MAX_VALUE;
        for (Regime regime : governing) {
            if (!regime.counts(peers.self())) {
                ownUpTo = regime.from() - 1;
                break;
            }
        }
        if (preparation.phaseOne().preparedUpTo() < Long.MAX_VALUE) {
            preparation.ask(now);
        }
    }

    /** What phase 1 found binds this leader before anything else, however far beyond the window it lies (rule 5). */
    private void proposeFound(long decided, long now) {
        PhaseOne phaseOne = preparation.phaseOne();
        long last = phaseOne.lastFound();
        if (phaseTwo.nextSlot() > last) {
            return;
        }
        while (phaseTwo.nextSlot() <= last && mayProposeIn(phaseTwo.nextSlot())) {
            propose(phaseOne.mustPropose(phaseTwo.nextSlot()), decided, now);
        }
        if (phaseTwo.nextSlot() > last) {
            phaseOne.forget(last);
        }
    }

    /**
     * Nobody proposes in a slot before it knows every decision up to α slots below, nor before its ballot holds a phase-1
     * quorum of those who govern the slot (rule 10). Both are asked of the next slot as well: the last slot of a
     * configuration waits until it is known to be the last, and then for the promises of the next configuration. Whoever is
     * elected by that alone asks at a higher ballot than this one, so that tokens rise though nobody votes in both.
     */
    private boolean mayProposeIn(long slot) {
        long prepared = preparation.phaseOne().preparedUpTo();
        boolean isPrepared = slot < prepared || prepared == Long.MAX_VALUE;
        return isPrepared && slot < regimes.knownUpTo() && slot <= ownUpTo;
    }

    /** Takes in a promise of someone who governs slots to come; the others have promised already. */
    PhaseOne.Progress onPromise(Endpoint from, LogMessage.Promise promise) {
        PhaseOne.Progress progress = preparation.phaseOne().onPromise(from, promise);
        if (progress == PhaseOne.Progress.MORE_PARTS) {
            preparation.askForNextPart(from);
        }
        return progress;
    }

    /** Whether somebody has reported slots as decided in which this leader was yet to propose. */
    boolean isOutrun() {
        return preparation.phaseOne().decided() >= phaseTwo.nextSlot();
    }

    /**
     * Takes a value in for the next free slot. Where there is no room the newest go: their callers ask again (rule 18).
     */
    void offer(Value value) {
        pipeline.offer(value);
    }

    /** Takes in what another node has forwarded, whose callers wait for it to be decided. */
    void offer(Endpoint from, List<Value> values, long now) {
        tidings.hurry(from, now);
        values.forEach(pipeline::offer);
    }

    /** A reader asked this node how far it is, and may wait for what is in flight to be decided. */
    void hurry(Endpoint reader, long now) {
        tidings.hurry(reader, now);
    }

    /**
     * Leaves no slot free up to one: a reader waits for it, and some acceptor may hold a proposal there that this leader's
     * phase 1 did not find, from a leader whose window held no more slots than this one's. Nobody's word fills more.
     */
    void closeUp(long slot, long decided) {
        closeUpTo = Math.max(closeUpTo, Math.min(slot, decided + config.windowSlots()));
    }

    /** Whether this node's own callers should hand over more now; those of others have sent theirs already. */
    boolean hasRoom() {
        return pipeline.hasRoom();
    }

    /** Proposes what waits, as far as the window allows, and lets those know what is decided who wait for it. */
    void flush(long decided, long now, LogTime time) {
        followRegimes(now);
        proposeFound(decided, now);
        if (handOver == null || !handOver.isHeld()) {
            proposeWaiting(decided, now, time);
        }
        sendBatch(decided);
        if (handOver != null && isOffered(handOver)) {
            handOver.advance(followers, decided, phaseTwo.nextSlot() - 1, now);
        }
        tidings.tellHurried(decided, now);
    }

    private void proposeWaiting(long decided, long now, LogTime time) {
        boolean isFree = phaseTwo.nextSlot() > preparation.phaseOne().lastFound();
        while (isFree && pipeline.peek() != null && isWindowOpen(decided)) {
            Value value = pipeline.poll(time);
            if (value != null) {
                propose(value, decided, now);
            }
        }
        while (isFree && phaseTwo.nextSlot() <= Math.max(closeUpTo, fillUpTo) && isWindowOpen(decided)) {
            propose(Value.NO_OP, decided, now);
        }
    }

    /** The window is at most α, so but for the last slot of it this follows from the first. */
    private boolean isWindowOpen(long decided) {
        return phaseTwo.nextSlot() <= decided + config.windowSlots()
                && phaseTwo.bytesInFlight() < config.windowBytes()
                && mayProposeIn(phaseTwo.nextSlot());
    }

    private void propose(Value value, long decided, long now) {
        if (phaseTwo.nextSlot() > addressedUpTo) {
            sendBatch(decided);
            address(phaseTwo.nextSlot());
        }
        long slot = phaseTwo.propose(value, now);
        if (batch.isEmpty()) {
            batchFirst = slot;
        }
        batch.add(value);
        batchBytes += value.weight();
        if (batchBytes >= config.messageBytes()) {
            sendBatch(decided);
        }
    }

    /** An Accept goes to those who govern its slots. */
    private void address(long slot) {
        List<Regime> governing = regimes.governing();
        int at = governing.size() - 1;
        addressedUpTo = Long.MAX_VALUE;
        while (at > 0 && governing.get(at).from() > slot) {
            addressedUpTo = governing.get(at).from() - 1;
            at--;
        }
        addressees = governing.get(at).voters();
    }

    /** Accept waits for nothing: the leader's own acceptance waits like anyone's, beside the followers' disks. */
    private void sendBatch(long decided) {
        if (batch.isEmpty()) {
            return;
        }
        LogMessage accept = new LogMessage.Accept(ballot(), batchFirst, batch, decided);
        addressees.forEach(voter -> outbox.send(voter, accept));
        batch.clear();
        batchBytes = 0;
        tidings.carried(addressees, decided);
    }

    /** Counts acceptances of this leader's ballot by whoever it was. */
    void onAccepted(Endpoint voter, SlotRange slots, long now) {
        followers.reached(voter, slots.end() - 1, now);
        phaseTwo.onAccepted(voter, slots);
    }

    /** A voter has heard this leader, and says how far it has decided. */
    void onHeard(Endpoint voter, long decidedThere, long now) {
        followers.decided(voter, decidedThere, now);
    }

    /** How many of the slots up to one each other voter has not reported as decided; who has reported nothing is left out. */
    SortedMap<NodeId, Long> lags(long decided) {
        return followers.lags(decided);
    }

    /** The transport says that a voter cannot be reached. */
    void onLost(NodeId voter) {
        followers.lost(voter);
    }

    /** Whoever of the others would need the least to take over, or null if none has answered lately. */
    @Nullable
    Endpoint bestSuccessor(long now) {
        return followers.best(config.electionTicks(), now);
    }

    /** Whether a store was heard within so many ticks; everyone counts as heard when an office begins. */
    boolean hears(Endpoint voter, long ticks, long now) {
        return followers.heardWithin(ticks, now).contains(voter);
    }

    /** Whether a voter has answered lately and lacks no more than the window holds. */
    boolean isNear(Endpoint voter, long decided, long now) {
        return followers.isNear(voter, decided, config.windowSlots(), config.electionTicks(), now);
    }

    /** Lets another voter lead as soon as it is near enough, unless that takes too long. */
    void beginHandOver(Endpoint target, long deadline) {
        handOver = new HandOver(target, ballot(), lease, config, outbox, deadline);
    }

    /** Asks for the lease anew, unless this office is about to end. */
    void renewLease(long now, long nanos) {
        if (handOver == null || !handOver.isHeld()) {
            lease.tick(now, nanos);
        }
    }

    LeaseHolder lease() {
        return lease;
    }

    /**
     * Whether nothing that was chosen before up to a moment of this node's clock is unknown to this leader: it holds a
     * lease, and quorums of all who govern slots to come have told it what they had accepted. A voter gives its word as
     * soon as it has promised; where others govern now than did when this office began, an earlier leader may have had
     * something chosen by them that their promises are still to tell.
     */
    boolean coversByLease(long nanos) {
        return isPreparedForAll() && lease.covers(nanos);
    }

    /** Whether a phase-1 quorum of every configuration that is known to govern slots to come has promised. */
    boolean isPreparedForAll() {
        return edition == regimes.edition()
                && regimes.isKnown()
                && preparation.phaseOne().preparedUpTo() == Long.MAX_VALUE;
    }

    /** The last slot in which this leader has proposed anything, or phase 1 has found anything. */
    long bindingUpTo() {
        return Math.max(phaseTwo.nextSlot() - 1, foundUpTo());
    }

    /** The hand-over that is under way, or null. */
    @Nullable
    HandOver handOver() {
        return handOver;
    }

    /**
     * The last slot in which phase 1 found anything. When {@link #isPreparedForAll all have promised}, everything that was
     * acknowledged before this office lies at or below it.
     */
    long foundUpTo() {
        return Math.max(foundUpTo, preparation.phaseOne().lastFound());
    }

    /** Slots are decided here; they leave the window. */
    void forget(long decided) {
        phaseTwo.forget(decided).forEach(pipeline::decided);
    }

    /** Sends heartbeats and what is missing; false if this leader no longer hears from a quorum. */
    boolean tick(long decided, long now) {
        followRegimes(now);
        followers.heard(peers.self(), now);
        if (!isHeardByQuorum(now)) {
            return false;
        }
        if (handOver != null && (handOver.isOver(now) || !isOffered(handOver))) {
            handOver = null;
        }
        if (preparation.phaseOne().preparedUpTo() < Long.MAX_VALUE) {
            preparation.tick(now, config.resendTicks());
        }
        if (now - heartbeatAt >= config.heartbeatTicks()) {
            heartbeat(decided, now);
        }
        tidings.tellAll(decided);
        if (now / config.resendTicks() != tickedAt / config.resendTicks()) {
            resend(decided, now);
        }
        tickedAt = now;
        return true;
    }

    /** Whom a change that was decided meanwhile takes the vote from is not told to take over. */
    private boolean isOffered(HandOver offer) {
        return offer.isHeld() || peers.mayLeadOn(offer.target());
    }

    /** Whoever was heard stays so for a while, so a quorum need not be counted at each tick of each log. */
    private boolean isHeardByQuorum(long now) {
        if (regimes.current() == heardIn && now < heardUntil) {
            return true;
        }
        long patience = 2L * config.electionTicks();
        Set<Endpoint> heard = followers.heardWithin(patience, now);
        if (!isPhase2Quorum(heard)) {
            return false;
        }
        heardIn = regimes.current();
        heardUntil = followers.firstHeardOf(heard) + patience;
        return true;
    }

    private boolean isPhase2Quorum(Set<Endpoint> some) {
        Regime current = regimes.current();
        Set<NodeId> counted = new HashSet<>();
        some.stream().filter(current::counts).forEach(each -> counted.add(each.node()));
        return current.quorums().isPhase2Quorum(counted);
    }

    /**
     * Whether this leader's last slot is decided: it votes in none any more.
     *
     * @param decided every slot up to here is decided
     */
    boolean isDone(long decided) {
        return decided >= ownUpTo;
    }

    /** Whether so many of those who govern the next slot have decided all below it that none of that can be lost. */
    boolean isDispensable(long decided) {
        return isPhase2Quorum(followers.decidedUpTo(decided));
    }

    /** Lets everyone know how far slots are decided, before this leader goes. */
    void tellAll(long decided) {
        tidings.tellAll(decided);
    }

    /** Another start of a voter than before is to say itself how far it is, in this log. */
    void onRestarted(Endpoint voter) {
        followers.restarted(voter);
    }

    /**
     * This leader has rested; others heard from by other means were heard when these say. That was about the nodes: whether
     * they take part in this log still, as they may not after a restart, they are to say anew before it rests again.
     */
    void goOn(ToLongFunction<Endpoint> heardAt, long now) {
        followers.forgetDecided();
        peers.otherVoters().forEach(voter -> followers.heard(voter, heardAt.applyAsLong(voter)));
        heartbeatAt = now - config.heartbeatTicks();
    }

    /** Whether nothing waits or is in flight, and every other voter has been heard lately and has decided all. */
    boolean mayRest(long decided, long now) {
        return phaseTwo.nextSlot() == decided + 1
                && pipeline.peek() == null
                && handOver == null
                && closeUpTo <= decided
                && isPreparedForAll()
                && !isDone(decided)
                && followers.decidedUpTo(decided).containsAll(peers.otherVoters())
                && followers.heardWithin(config.electionTicks(), now).containsAll(peers.otherVoters());
    }

    /** When a voter was heard last; anyone else, now. */
    long heardAt(Endpoint voter, long now) {
        return followers.heardAt(voter, now);
    }

    /** Sends heartbeats before they are due: their answers tell how far the others are. */
    void askHowFar(long decided, long now) {
        heartbeat(decided, now);
    }

    private void heartbeat(long decided, long now) {
        heartbeatAt = now;
        LogMessage heartbeat = new LogMessage.Heartbeat(ballot(), decided);
        peers.otherVoters().forEach(voter -> outbox.send(voter, heartbeat));
        peers.observers().forEach(observer -> outbox.send(observer, heartbeat));
    }

    private void resend(long decided, long now) {
        long sentBefore = now - config.resendTicks() + 1;
        // However small the messages are to be, a full window must not take minutes to get through again.
        long resendBytes = Math.max(4L * config.messageBytes(), LEAST_RESEND_BYTES);
        for (Endpoint voter : peers.voters()) {
            for (PhaseTwo.Run run : phaseTwo.missing(voter, sentBefore, resendBytes)) {
                outbox.send(voter, new LogMessage.Accept(ballot(), run.first(), run.values(), decided));
            }
        }
        phaseTwo.resent(sentBefore, now);
    }

    /** Up to where this ballot's proposals are chosen without a gap. */
    long chosenUpTo() {
        return phaseTwo.chosenUpTo();
    }

    int inFlight() {
        return phaseTwo.inFlight();
    }

    Ballot ballot() {
        return phaseTwo.ballot();
    }
}
