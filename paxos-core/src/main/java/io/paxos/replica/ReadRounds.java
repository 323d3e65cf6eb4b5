// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.log.Regime;
import io.paxos.message.LogMessage;
import io.paxos.message.Probe;
import io.paxos.model.Endpoint;
import io.paxos.quorum.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rounds of questions in which a phase-1 quorum is asked for the highest slot that anything may have been chosen in
 * (rule 13): of each configuration that governs slots to come. An answer counts in the round that asked for it and in no other: one that was given before a read came says
 * nothing about what was acknowledged since. Where an answer is lost the next round begins, while the earlier ones may
 * still complete, for those who came before them; otherwise nobody would ever be answered over links that take longer
 * than this node waits.
 */
final class ReadRounds {

    /** So many rounds may wait for answers; of more the oldest is given up. */
    private static final int MOST_UNDER_WAY = 8;

    private final Self self;
    private final int resendTicks;
    private final Used used;
    private final Deque<Round> underWay = new ArrayDeque<>();

    /**
     * Quorums have answered a round: nothing that was chosen before it began lies beyond the mark, unless others than were
     * asked govern there. Asked were those who govern the slots behind the base, as far as can be known from what is
     * decided up to there; the mark is not below the base. The round did not begin before {@code begunAt} on this node's
     * monotonic clock.
     */
    record Finding(long round, long mark, long base, long begunAt) {}

    private static final class Round {
        final Probe probe;
        final List<Regime> regimes;
        final List<Tally> tallies = new ArrayList<>();
        final long base;
        final long begunAt;
        final long begunAtNanos;
        long mark;

        Round(Probe probe, List<Regime> regimes, long base, long begunAt, long begunAtNanos) {
            this.probe = probe;
            this.regimes = regimes;
            this.base = base;
            this.mark = base;
            this.begunAt = begunAt;
            this.begunAtNanos = begunAtNanos;
            regimes.forEach(regime -> tallies.add(Tally.phase1(regime.quorums())));
        }

        boolean count(Endpoint from) {
            boolean reached = true;
            for (int i = 0; i < tallies.size(); i++) {
                Tally tally = tallies.get(i);
                if (regimes.get(i).counts(from)) {
                    tally.add(from.node());
                }
                reached &= tally.isReached();
            }
            return reached;
        }
    }

    ReadRounds(Self self, int resendTicks, Used used) {
        this.self = self;
        this.resendTicks = resendTicks;
        this.used = used;
    }

    /** The number of the last round that has begun; whoever comes now is served by later ones only. */
    long begun() {
        return used.readRounds();
    }

    boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** Whether the last round has been without a quorum's answers for so long that another should begin. */
    boolean isOverdue(long now) {
        return isUnderWay() && now - underWay.getLast().begunAt >= resendTicks;
    }

    /**
     * Begins a round, and gives it its mark: whoever is asked, this node included, is asked after this.
     *
     * @param regimes who governs the slots behind {@code base}
     * @param base every slot up to here is decided here
     */
    Probe begin(List<Regime> regimes, long base, long now, long nanos) {
        Probe probe = new Probe(self.start(), used.nextReadRound());
        underWay.add(new Round(probe, regimes, base, now, nanos));
        if (underWay.size() > MOST_UNDER_WAY) {
            underWay.remove();
        }
        return probe;
    }

    /**
     * Takes in an answer of a voter that is counted.
     *
     * @return what the round found if this completes it, else null
     */
    @Nullable
    Finding onReply(Endpoint from, LogMessage.ReadReply reply) {
        for (Round round : underWay) {
            if (round.probe.equals(reply.probe())) {
                round.mark = Math.max(round.mark, reply.highest());
                if (reply.quorum()) {
                    // Asked were those whom the other node knew of.
                    return complete(round, reply.decided());
                }
                return round.count(from) ? complete(round, round.base) : null;
            }
        }
        return null;
    }

    /** Who is served by this round needs no earlier one. */
    private Finding complete(Round done, long base) {
        underWay.removeIf(round -> round.probe.count() <= done.probe.count());
        return new Finding(done.probe.count(), done.mark, base, done.begunAtNanos);
    }

    /** Gives up what is under way: nobody waits for it, or this node's own answers should not have been counted. */
    void abandon() {
        underWay.clear();
    }
}
