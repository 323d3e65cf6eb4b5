// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.PulseMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What this node has heard from one start of one node of the logs that it leads and that rest here. As long as pulses
 * come, each of them is led.
 */
final class PulseSource {

    private final Endpoint leader;
    private final StartId start;
    private final long stream;
    private final Set<GroupId> resting = new TreeSet<>();
    /** By the last turn about them they should rest, and do not. */
    private final Set<GroupId> awake = new TreeSet<>();

    private long upTo;
    private long heardAt;
    private boolean hasNews;

    PulseSource(Endpoint leader, StartId start, long stream, long now) {
        this.leader = leader;
        this.start = start;
        this.stream = stream;
        this.heardAt = now;
    }

    Endpoint leader() {
        return leader;
    }

    StartId start() {
        return start;
    }

    long heardAt() {
        return heardAt;
    }

    /** Whether a pulse belongs to a stream that began later than this one. */
    boolean isReplacedBy(StartId speaker, PulseMessage.Pulse pulse) {
        return !speaker.equals(start) || pulse.stream() > stream;
    }

    boolean isOf(PulseMessage.Pulse pulse) {
        return pulse.stream() == stream;
    }

    /** The turns that are new; none if some before them are missing, which then are told again. */
    List<PulseMessage.Turn> take(PulseMessage.Pulse pulse, long now) {
        heardAt = now;
        List<PulseMessage.Turn> fresh = new ArrayList<>();
        long number = pulse.first();
        for (PulseMessage.Turn turn : pulse.turns()) {
            if (number == upTo + 1) {
                upTo = number;
                fresh.add(turn);
            }
            number++;
        }
        return fresh;
    }

    void rests(GroupId group) {
        resting.add(group);
        awake.remove(group);
    }

    /** It is to rest, and has something to do. */
    void refuses(GroupId group) {
        resting.remove(group);
        awake.add(group);
    }

    /** It wakes of itself, which its leader does not know. */
    void wakes(GroupId group) {
        if (resting.remove(group)) {
            awake.add(group);
            hasNews = true;
        }
    }

    /** Its leader has ended its rest. */
    void isWoken(GroupId group) {
        resting.remove(group);
        awake.remove(group);
    }

    Set<GroupId> resting() {
        return resting;
    }

    /** Whether the leader should hear of what woke here before it pulses again. */
    boolean hasNews() {
        return hasNews && !awake.isEmpty();
    }

    /** Names no more logs than a pulse does; when its leader has ended the rest of these, the others come. */
    PulseMessage.Answer answer() {
        hasNews = false;
        List<GroupId> first = awake.stream().limit(PulseLine.MOST_TURNS).toList();
        return new PulseMessage.Answer(stream, upTo, first);
    }
}
