// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.log.Regimes;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads without the log, by quorum reads (rule 13). Whatever was acknowledged to anyone before a read came
 * was chosen, so a phase-2 quorum had accepted it; a phase-1 quorum that is asked afterwards shares an acceptor with that
 * one, and an acceptor tells the highest slot in which it has accepted, decided or forgotten anything. So nothing that
 * was acknowledged lies beyond the highest slot that such a quorum names, the mark; and when this node has executed all
 * up to it, its state may be read. That needs no leader while nothing is in flight, and no clock.
 *
 * <p>A read is served by a round that began after it came, so all that come while one is under way share the next. A
 * node that reaches no quorum itself asks, from the second round on, whoever it does reach to ask for it (rule 17).
 */
final class ReadBarrier {

    /** Through how many nodes a quorum is asked at most. */
    private static final int MOST_HOPS = 3;

    /** How many rounds of other nodes may wait for a round of this one. They ask again, so more need not be kept. */
    private static final int MOST_ERRANDS = 256;

    /** For so many resend times somebody else's round may wait; afterwards it has been given up there, too. */
    private static final int ERRAND_PATIENCE = 8;

    private final MachineConfig config;
    private final Outbox outbox;
    private final Learning learning;
    private final ReadRounds rounds;
    private final Deque<Read> asking = new ArrayDeque<>();
    private final Deque<Errand> errands = new ArrayDeque<>();
    /** The reads that know what they wait for, by the slot that has to be executed. */
    private final NavigableMap<Long, Marked> marked = new TreeMap<>();

    /** What the last round found whose answers still count, and a moment of this node's clock before it began. */
    private ReadRounds.@Nullable Finding latest;

    private int waiting;
    private long nanos;
    private long tickedAt;
    private @Nullable Peers peers;
    private long closingAskedAt;

    /** A call of this node; a round serves it if its number is higher than {@code after}. */
    private record Read(RequestId request, long deadline, long after, boolean bounded) {}

    /** A round of another node, for which this one asks too. */
    private record Errand(Endpoint asker, Probe probe, int hops, long deadline, long after) {}

    /** Reads that wait for one slot; {@code base} is the least one up to which was known who is to be asked for them. */
    private record Marked(long since, long base, List<Read> reads) {

        Marked and(Marked later) {
            List<Read> all = new ArrayList<>(reads);
            all.addAll(later.reads);
            return new Marked(since, Math.min(base, later.base), all);
        }
    }

    ReadBarrier(Self self, MachineConfig config, Outbox outbox, Learning learning, Used used) {
        this.config = config;
        this.outbox = outbox;
        this.learning = learning;
        this.rounds = new ReadRounds(self, config.resendTicks(), used);
    }

    /** The cluster has formed: there is a quorum to be asked. */
    void form(Peers known) {
        peers = known;
    }

    /** Takes a read in, or says why not. */
    Outcome.@Nullable Refused submit(RequestId request, long deadline) {
        Outcome.Refused refusal = refusal();
        if (refusal == null) {
            asking.add(new Read(request, deadline, rounds.begun(), false));
            waiting++;
        }
        return refusal;
    }

    /**
     * Takes a read in that needs no more than what was acknowledged before a moment of this node's clock, or says why not.
     * A round that began since serves it, else one that begins now.
     */
    Outcome.@Nullable Refused submitSince(RequestId request, long since, long deadline) {
        Outcome.Refused refusal = refusal();
        if (refusal == null) {
            Read read = new Read(request, deadline, rounds.begun(), true);
            ReadRounds.Finding known = latest;
            if (known != null && known.begunAt() - since >= 0) {
                marked.merge(known.mark(), new Marked(0, known.base(), new ArrayList<>(List.of(read))), Marked::and);
            } else {
                asking.add(read);
            }
            waiting++;
        }
        return refusal;
    }

    /** Takes a read in that knows already what it waits for, or says why not. */
    Outcome.@Nullable Refused submitAt(RequestId request, long slot, long now, long deadline) {
        Outcome.Refused refusal = refusal();
        if (refusal == null) {
            Read read = new Read(request, deadline, rounds.begun(), false);
            marked.merge(slot, new Marked(now, learning.decided(), new ArrayList<>(List.of(read))), Marked::and);
            waiting++;
        }
        return refusal;
    }

    private Outcome.@Nullable Refused refusal() {
        return waiting < config.queueCommands()
                ? null
                : new Outcome.Refused(
                        Outcome.Reason.OVERLOADED,
                        waiting
                                + " reads wait for an answer already, as many as may; try again when some are answered");
    }

    /** What this node as an acceptor says; whether that counts is for the one who asks to know (rule 2). */
    LogMessage.ReadReply answer(Probe probe) {
        return new LogMessage.ReadReply(probe, learning.highest(), learning.decided(), false);
    }

    /** A node that may not reach a quorum wants one asked for it. */
    void runErrand(Endpoint asker, LogMessage.ReadQuery query, long now) {
        if (query.hops() > 0 && errands.size() < MOST_ERRANDS) {
            int hops = Math.min(query.hops(), MOST_HOPS) - 1;
            long deadline = now + (long) ERRAND_PATIENCE * config.resendTicks();
            errands.add(new Errand(asker, query.probe(), hops, deadline, rounds.begun()));
        }
    }

    /** Takes in the answer of a voter that is counted. */
    void onReply(Endpoint from, LogMessage.ReadReply reply, long now) {
        ReadRounds.Finding finding = rounds.onReply(from, reply);
        if (finding == null) {
            return;
        }
        latest = finding;
        Marked served = new Marked(now, finding.base(), new ArrayList<>());
        while (!asking.isEmpty() && asking.element().after() < finding.round()) {
            served.reads().add(asking.remove());
        }
        if (!served.reads().isEmpty()) {
            marked.merge(finding.mark(), served, Marked::and);
        }
        while (!errands.isEmpty() && errands.element().after() < finding.round()) {
            Errand errand = errands.remove();
            outbox.send(errand.asker(), new LogMessage.ReadReply(errand.probe(), finding.mark(), finding.base(), true));
        }
        if (!isAsked()) {
            rounds.abandon();
        }
    }

    private boolean isAsked() {
        return !asking.isEmpty() || !errands.isEmpty();
    }

    /** Asks for those who wait to be served by a round, and answers those whose mark is executed. */
    void flush(long now) {
        Peers known = peers;
        if (known == null) {
            return;
        }
        boolean again = rounds.isOverdue(now);
        if (isAsked() && known.regimes().isKnown() && (again || !rounds.isUnderWay())) {
            Probe probe = rounds.begin(known.regimes().governing(), learning.decided(), now, nanos);
            LogMessage.ReadQuery query = new LogMessage.ReadQuery(probe, again ? hops() : 0);
            known.otherVoters().forEach(voter -> outbox.send(voter, query));
            if (known.selfVotes()) {
                onReply(known.self(), answer(probe), now);
            }
        }
        answerExecuted(known.regimes());
    }

    /** A node that asks for others alone passes on no more than is left of what they were granted. */
    private int hops() {
        int most = asking.isEmpty() ? 0 : MOST_HOPS;
        for (Errand errand : errands) {
            most = Math.max(most, errand.hops());
        }
        return most;
    }

    /** If others govern the slots near the mark than were asked, they have to be asked too (rule 13). */
    private void answerExecuted(Regimes regimes) {
        if (marked.isEmpty()) {
            return;
        }
        Map<Long, Marked> executed = marked.headMap(learning.applied(), true);
        for (Marked batch : executed.values()) {
            if (!regimes.isSteadyFrom(batch.base() + regimes.alpha())) {
                batch.reads()
                        .forEach(read ->
                                asking.add(new Read(read.request(), read.deadline(), rounds.begun(), read.bounded())));
                continue;
            }
            waiting -= batch.reads().size();
            for (Read read : batch.reads()) {
                outbox.add(new Effect.Respond(read.request(), new Outcome.Current(learning.applied())));
            }
        }
        executed.clear();
    }

    /** The last slot whose execution reads wait for, 0 if none does. */
    long awaited() {
        return marked.isEmpty() ? 0 : marked.lastKey();
    }

    /** What the monotonic clock shows. */
    void at(long monotonic) {
        nanos = monotonic;
    }

    /** Answers the reads whose deadline has passed. */
    void tick(long now, long monotonic) {
        at(monotonic);
        int pace = Math.max(1, config.resendTicks() / 4);
        boolean isDue = now / pace != tickedAt / pace;
        tickedAt = now;
        if (!isDue) {
            return;
        }
        errands.removeIf(errand -> now >= errand.deadline());
        expire(asking, now, "before a quorum had answered; is one reachable?");
        for (Iterator<Map.Entry<Long, Marked>> batches = marked.entrySet().iterator(); batches.hasNext(); ) {
            Map.Entry<Long, Marked> batch = batches.next();
            expire(
                    batch.getValue().reads(),
                    now,
                    "before slot " + batch.getKey()
                            + " was executed here, which some voter knew of when the read came");
            if (batch.getValue().reads().isEmpty()) {
                batches.remove();
            }
        }
    }

    private void expire(Collection<Read> reads, long now, String what) {
        reads.removeIf(read -> {
            if (now < read.deadline()) {
                return false;
            }
            refuse(read, read.bounded() ? Outcome.Reason.STALE : Outcome.Reason.TIMEOUT, "the deadline passed " + what);
            return true;
        });
    }

    private void refuse(Read read, Outcome.Reason reason, String detail) {
        waiting--;
        outbox.add(new Effect.Respond(read.request(), new Outcome.Refused(reason, detail)));
    }

    /**
     * A slot that reads have awaited for long though nobody is known to have decided it: the proposal there may be one
     * that the leader has never heard of. Once named, it is named again only after a while.
     *
     * @return the highest such slot, or 0
     */
    long toBeClosed(long now) {
        long patience = 2L * config.resendTicks();
        if (marked.isEmpty() || now - closingAskedAt < patience) {
            return 0;
        }
        long slot = 0;
        for (Map.Entry<Long, Marked> batch :
                marked.tailMap(learning.known(), false).entrySet()) {
            if (now - batch.getValue().since() >= patience) {
                slot = batch.getKey();
            }
        }
        closingAskedAt = slot == 0 ? closingAskedAt : now;
        return slot;
    }

    /**
     * This node's answers are not counted any more, and should not have been in the rounds under way, nor in those that
     * told the reads what to wait for: all of them ask again.
     */
    void observe() {
        rounds.abandon();
        errands.clear();
        latest = null;
        for (Marked batch : marked.values()) {
            batch.reads()
                    .forEach(read ->
                            asking.add(new Read(read.request(), read.deadline(), rounds.begun(), read.bounded())));
        }
        marked.clear();
    }

    /** Answers every read: this replica will not. */
    void stop(String reason) {
        List<Read> all = new ArrayList<>(asking);
        marked.values().forEach(batch -> all.addAll(batch.reads()));
        all.forEach(read -> refuse(read, Outcome.Reason.STOPPED, reason));
        asking.clear();
        marked.clear();
        errands.clear();
        rounds.abandon();
    }

    int waiting() {
        return waiting;
    }

    /** Whether no read waits, neither of this node nor of another. */
    boolean isIdle() {
        return waiting == 0 && errands.isEmpty();
    }
}
