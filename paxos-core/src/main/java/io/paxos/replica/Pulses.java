// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.Message;
import io.paxos.message.PulseMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/**
 * Keeps the logs that rest: for those that this node leads it sends one pulse to each peer in the place of all their
 * heartbeats, and hears by the answers that it is heard itself (rule 17); for those that others lead it awaits theirs.
 * Whatever ends the certainty that a log is led and its leader followed, by messages or by silence, wakes that log, which
 * then goes on as if it had been awake all the time and had heard of the others whenever this heard of them.
 */
final class Pulses {

    /** Where the logs are that rest and wake. */
    interface Logs {

        /** Whether this node takes part in a log. */
        boolean contains(GroupId group);

        /** Whether this node takes no part any more in a log in which it votes. */
        boolean hasLeft(GroupId group);

        /** A leader wants a log to rest that this node follows; returns whether it does. */
        boolean rest(Endpoint leader, PulseMessage.Turn turn);

        /** A log that rests is to wake, and {@link Pulses#wakes} to be told. */
        void wake(GroupId group, Reason reason, long heardAt);
    }

    /** Why a log wakes. */
    enum Reason {
        /** Somebody has something to do there. The leader is heard as before. */
        NEEDED,
        /** The leader has been replaced by another start of its node, which knows nothing of its office. */
        LEADER_LOST
    }

    private final int heartbeatTicks;
    private final int electionTicks;
    private final Logs logs;
    private final BiConsumer<Endpoint, Message> send;
    private final Map<Endpoint, PulseLine> lines = new LinkedHashMap<>();
    private final Map<Endpoint, PulseSource> sources = new LinkedHashMap<>();
    /** Of each log that rests, by which lines, or by which source. */
    private final Map<GroupId, List<PulseLine>> led = new HashMap<>();

    private final Map<GroupId, PulseSource> followed = new HashMap<>();
    private long streams;
    private long now;

    /**
     * Nothing rests at first.
     *
     * @param send sends a message at once
     */
    Pulses(MachineConfig config, Logs logs, BiConsumer<Endpoint, Message> send) {
        this.heartbeatTicks = config.heartbeatTicks();
        this.electionTicks = config.electionTicks();
        this.logs = logs;
        this.send = send;
    }

    /**
     * A log that this node leads goes to rest, here and with all who follow it, if all of those have ever answered a pulse:
     * an earlier release knows no pulses, and would miss its leader. If some have not, they are sent one.
     *
     * @param heardAt when each of those was heard last
     * @return whether it rests
     */
    boolean rest(
            GroupId group, Ballot ballot, long decided, Collection<Endpoint> others, ToLongFunction<Endpoint> heardAt) {
        List<PulseLine> by = new ArrayList<>(others.size());
        boolean areAnswered = true;
        for (Endpoint other : others) {
            PulseLine line =
                    lines.computeIfAbsent(other, peer -> new PulseLine(peer, ++streams, heardAt.applyAsLong(peer)));
            areAnswered &= line.isWanted(heardAt.applyAsLong(other), now);
            by.add(line);
        }
        if (areAnswered) {
            by.forEach(line -> line.rest(group, ballot, decided));
            led.put(group, by);
        }
        return areAnswered;
    }

    /** A log that rests wakes of itself; returns when its leader was heard last, if it is another node. */
    long wakes(GroupId group, Ballot ballot, long decided) {
        List<PulseLine> by = led.remove(group);
        if (by != null) {
            by.forEach(line -> line.wake(group, ballot, decided));
        }
        PulseSource source = followed.remove(group);
        if (source == null) {
            return now;
        }
        source.wakes(group);
        return source.heardAt();
    }

    /** When a peer was heard last, as far as pulses tell. */
    long heardAt(Endpoint peer) {
        PulseLine line = lines.get(peer);
        return line == null ? Long.MIN_VALUE / 2 : line.heardAt();
    }

    /** Time has passed: whoever is silent is not relied upon any more, and pulses that are due are sent. */
    void tick(long tick) {
        now = tick;
        for (PulseLine line : List.copyOf(lines.values())) {
            if (line.isUnused(now, electionTicks)) {
                lines.remove(line.peer());
            } else if (!line.isIdle() && now - line.heardAt() >= electionTicks) {
                breakOff(line);
            }
        }
        for (PulseSource source : sources.values()) {
            if (now - source.heardAt() >= electionTicks) {
                distrust(source);
            }
        }
    }

    /** Says what is to be said, behind all that has happened in a step in which time has passed. */
    void flush() {
        for (PulseLine line : lines.values()) {
            if (line.isDue(now, heartbeatTicks)) {
                send.accept(line.peer(), line.say(now));
            }
        }
        for (PulseSource source : sources.values()) {
            if (source.hasNews()) {
                send.accept(source.leader(), source.answer());
            }
        }
    }

    private void breakOff(PulseLine line) {
        for (GroupId group : List.copyOf(line.resting())) {
            logs.wake(group, Reason.NEEDED, now);
        }
        lines.remove(line.peer());
    }

    /** All that rests by it wakes; should its pulses come again, they are answered so. */
    private void distrust(PulseSource source) {
        for (GroupId group : List.copyOf(source.resting())) {
            logs.wake(group, Reason.NEEDED, source.heardAt());
        }
    }

    /** It is over: all that rested by it wakes. */
    private void release(PulseSource source, Reason reason) {
        for (GroupId group : List.copyOf(source.resting())) {
            followed.remove(group);
            source.isWoken(group);
            logs.wake(group, reason, source.heardAt());
        }
    }

    /** Takes in a message from a start of a peer. */
    void onMessage(Endpoint from, StartId start, PulseMessage message) {
        if (message instanceof PulseMessage.Pulse pulse) {
            onPulse(from, start, pulse);
        } else if (message instanceof PulseMessage.Answer answer) {
            onAnswer(from, start, answer);
        }
    }

    private void onPulse(Endpoint from, StartId start, PulseMessage.Pulse pulse) {
        PulseSource source = sources.get(from);
        if (source == null || source.isReplacedBy(start, pulse)) {
            PulseSource before = source;
            source = new PulseSource(from, start, pulse.stream(), now);
            sources.put(from, source);
            if (before != null) {
                release(before, before.start().equals(start) ? Reason.NEEDED : Reason.LEADER_LOST);
            }
        }
        if (!source.isOf(pulse)) {
            return;
        }
        for (PulseMessage.Turn turn : source.take(pulse, now)) {
            take(source, turn);
        }
        send.accept(from, source.answer());
    }

    private void take(PulseSource source, PulseMessage.Turn turn) {
        GroupId group = turn.group();
        if (turn.rests() && logs.hasLeft(group)) {
            // What it said while it took part may be why the leader lays the log down, and holds no longer.
            source.refuses(group);
        } else if (!turn.rests() || !logs.contains(group)) {
            // Of a log that nobody has opened here nothing need be kept: whoever opens it asks the others.
            boolean rested = followed.remove(group, source);
            source.isWoken(group);
            if (rested) {
                logs.wake(group, Reason.NEEDED, now);
            }
        } else if (logs.rest(source.leader(), turn)) {
            followed.put(group, source);
            source.rests(group);
        } else {
            source.refuses(group);
        }
    }

    private void onAnswer(Endpoint from, StartId start, PulseMessage.Answer answer) {
        PulseLine line = lines.get(from);
        if (line == null || !line.isAnswer(answer)) {
            return;
        }
        if (line.isBrokenBy(start)) {
            breakOff(line);
            return;
        }
        for (GroupId group : line.onAnswer(start, answer, now)) {
            logs.wake(group, Reason.NEEDED, now);
        }
    }

    /** A later start of a peer has been heard: what the one before knew is lost. */
    void restarted(Endpoint peer) {
        PulseSource source = sources.remove(peer);
        if (source != null) {
            release(source, Reason.LEADER_LOST);
        }
        PulseLine line = lines.get(peer);
        if (line != null) {
            breakOff(line);
        }
    }

    /** The transport says that a node cannot be reached. */
    void lost(NodeId node) {
        for (PulseLine line : List.copyOf(lines.values())) {
            if (line.peer().node().equals(node)) {
                breakOff(line);
            }
        }
        for (PulseSource source : sources.values()) {
            if (source.leader().node().equals(node)) {
                distrust(source);
            }
        }
    }

    /** How many logs rest. */
    int resting() {
        return led.size() + followed.size();
    }
}
