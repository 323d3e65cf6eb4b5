// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.PulseMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.StartId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this node tells one peer of the logs that it leads and that rest there: a stream of turns, each told until it is
 * acknowledged. A line serves one start of the peer; when another one answers, or none, the line is broken and all that
 * rested by it wakes.
 */
final class PulseLine {

    /** So many turns go with one pulse; the others with the next, when these are acknowledged. Any transport takes them. */
    static final int MOST_TURNS = 256;

    private final Endpoint peer;
    private final long stream;
    private final Deque<PulseMessage.Turn> untaken = new ArrayDeque<>();
    /** The logs that rest, by the number of the turn that said so. */
    private final Map<GroupId, Long> resting = new HashMap<>();

    private @Nullable StartId answering;
    private long first = 1;
    private long next = 1;
    private long heardAt;
    private long usedAt;
    private long saidAt = Long.MIN_VALUE / 2;
    private boolean hasNews;

    PulseLine(Endpoint peer, long stream, long heardAt) {
        this.peer = peer;
        this.stream = stream;
        this.heardAt = heardAt;
        this.usedAt = heardAt;
    }

    /** Somebody would let a log rest by it, who heard the peer last at a tick. Says whether the peer has ever answered. */
    boolean isWanted(long peerHeardAt, long now) {
        usedAt = now;
        heardAt = Math.max(heardAt, peerHeardAt);
        return answering != null;
    }

    /** Whether nothing has rested by it for so long. */
    boolean isUnused(long now, int ticks) {
        return isIdle() && now - usedAt >= ticks;
    }

    Endpoint peer() {
        return peer;
    }

    /** When the peer was heard last, as far as its answers to pulses, and what it said before, show. */
    long heardAt() {
        return heardAt;
    }

    void rest(GroupId group, Ballot ballot, long decided) {
        resting.put(group, next);
        add(new PulseMessage.Turn(group, ballot, decided, true));
    }

    void wake(GroupId group, Ballot ballot, long decided) {
        if (resting.remove(group) != null) {
            add(new PulseMessage.Turn(group, ballot, decided, false));
        }
    }

    private void add(PulseMessage.Turn turn) {
        untaken.add(turn);
        next++;
        hasNews = true;
    }

    /** The logs that rest by this line. */
    Set<GroupId> resting() {
        return resting.keySet();
    }

    /** Whether nothing rests by it, and the peer knows. */
    boolean isIdle() {
        return resting.isEmpty() && untaken.isEmpty();
    }

    /** Whether it is time for a pulse; none is needed where nothing rests, but to find out whether it would be answered. */
    boolean isDue(long now, int heartbeatTicks) {
        boolean isNeeded = !isIdle() || answering == null;
        return isNeeded && (hasNews || now - saidAt >= heartbeatTicks);
    }

    PulseMessage.Pulse say(long now) {
        saidAt = now;
        hasNews = false;
        List<PulseMessage.Turn> turns = new ArrayList<>(Math.min(untaken.size(), MOST_TURNS));
        for (PulseMessage.Turn turn : untaken) {
            if (turns.size() == MOST_TURNS) {
                break;
            }
            turns.add(turn);
        }
        return new PulseMessage.Pulse(stream, first, turns);
    }

    /** Whether an answer is to this line. */
    boolean isAnswer(PulseMessage.Answer answer) {
        return answer.stream() == stream;
    }

    /** Whether the answer comes from another start than those before: it does not hold what they held. */
    boolean isBrokenBy(StartId start) {
        return answering != null && !answering.equals(start);
    }

    /** Takes an answer in, and tells which logs are awake there though they rest here. */
    List<GroupId> onAnswer(StartId start, PulseMessage.Answer answer, long now) {
        answering = start;
        heardAt = now;
        boolean more = untaken.size() > MOST_TURNS;
        while (first <= answer.upTo() && !untaken.isEmpty()) {
            untaken.remove();
            first++;
            hasNews |= more;
        }
        List<GroupId> awake = new ArrayList<>();
        for (GroupId group : answer.awake()) {
            // What was said before the peer had heard of the turn is about an earlier one.
            if (resting.getOrDefault(group, Long.MAX_VALUE) <= answer.upTo()) {
                awake.add(group);
            }
        }
        return awake;
    }
}
