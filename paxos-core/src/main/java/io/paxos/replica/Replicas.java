// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.message.GroupMessage;
import io.paxos.message.Message;
import io.paxos.message.PulseMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The logs of a node. Most of many have nothing to do at any time, and cost nothing then: only those that something has
 * happened to in a step are asked what they want done, and for those that rest no time passes.
 */
final class Replicas implements Pulses.Logs {

    /** One log. */
    private static final class Seat {
        final GroupId group;
        final Replica replica;
        final int turn;
        boolean rests;
        long edition = Long.MIN_VALUE;
        FeatureLevel level = FeatureLevel.BASE;

        Seat(GroupId group, Replica replica, int turn) {
            this.group = group;
            this.replica = replica;
            this.turn = turn;
        }
    }

    private final SortedMap<GroupId, Seat> all = new TreeMap<>();
    private final SortedMap<GroupId, Seat> awake = new TreeMap<>();
    private final Set<Seat> touched = new LinkedHashSet<>();
    private final List<Seat> ticked = new ArrayList<>();
    /** Logs that were closed here though this node votes in them, as far as it knew. */
    private final Set<GroupId> left = new HashSet<>();

    private final VouchedLevels vouched = new VouchedLevels(each ->
            all.values().forEach(seat -> each.accept(seat.replica.levels().inForce(), seat.replica.voters())));
    private final MachineConfig config;
    private final Pulses pulses;
    private boolean hasTicked;
    private boolean hasChanged;
    private Set<Endpoint> voters = Set.of();
    private LogTime time = LogTime.ZERO;
    private long nanos;
    private long now;

    /** @param send sends a message to another node at once */
    Replicas(MachineConfig config, BiConsumer<Endpoint, Message> send) {
        this.config = config;
        this.pulses = new Pulses(config, this, send);
    }

    @Override
    public boolean contains(GroupId group) {
        return all.containsKey(group);
    }

    @Override
    public boolean hasLeft(GroupId group) {
        return left.contains(group);
    }

    /** Adds a log, for which time begins now. */
    void add(GroupId group, Replica replica) {
        left.remove(group);
        Seat seat = new Seat(group, replica, all.size());
        all.put(group, seat);
        awake.put(group, seat);
        touched.add(seat);
        replica.wake(now, time, nanos);
    }

    /** Takes a log out that is awake. It does not rest at the others as long as this node votes in it and is not back. */
    void remove(GroupId group) {
        Seat seat = all.remove(group);
        if (seat != null) {
            if (seat.replica.isVoter()) {
                left.add(group);
            }
            awake.remove(group);
            touched.remove(seat);
            ticked.remove(seat);
            hasChanged = true;
            vouched.changed();
        }
    }

    /** A log to which something happens now, awake; or null. */
    @Nullable
    Replica touch(GroupId group) {
        Seat seat = all.get(group);
        if (seat == null) {
            return null;
        }
        touch(seat);
        return seat.replica;
    }

    /** A log of which a message speaks, awake; or null, also if the log rests and knows by pulses what the message says. */
    @Nullable
    Replica touch(GroupMessage message) {
        Seat seat = all.get(message.group());
        if (seat == null || (seat.rests && seat.replica.isLate(message.body()))) {
            return null;
        }
        touch(seat);
        return seat.replica;
    }

    private void touch(Seat seat) {
        wake(seat, Pulses.Reason.NEEDED, null);
        seat.replica.at(now, time, nanos);
        touched.add(seat);
    }

    /** Something happens to all logs. */
    void touchAll(Consumer<Replica> what) {
        for (Seat seat : all.values()) {
            touch(seat);
            what.accept(seat.replica);
        }
    }

    /** Somebody supports another feature level than before; logs that rest and may rise by that are to look. */
    void touchThoseThatMayRise() {
        for (Seat seat : all.values()) {
            if (seat.replica.levels().mayRise()) {
                touch(seat);
            }
        }
    }

    /** What the logs of this node say of those who vote in them, as of the end of the last step. */
    VouchedLevels vouched() {
        return vouched;
    }

    /** All logs as they are, to look at. */
    void forEach(Consumer<Replica> what) {
        all.values().forEach(seat -> what.accept(seat.replica));
    }

    Collection<GroupId> groups() {
        return all.keySet();
    }

    Replica get(GroupId group) {
        Seat seat = all.get(group);
        if (seat == null) {
            throw new IllegalArgumentException("no log " + group);
        }
        return seat.replica;
    }

    /** Time passes. */
    void tick(LogTime wallClock, long monotonic) {
        now++;
        time = wallClock;
        nanos = monotonic;
        hasTicked = true;
        pulses.tick(now);
        int stride = stride();
        for (Seat seat : awake.values()) {
            if (stride == 1 || (now + seat.turn) % stride == 0) {
                seat.replica.tick(now, wallClock, monotonic);
                touched.add(seat);
                ticked.add(seat);
            }
        }
    }

    /**
     * Each log is told of each tick, so that nothing is later than it must be, while few are awake. Of a crowd each is told
     * of one tick in a heartbeat, in turn: ticks of many logs that wait for answers would cost more than their commands.
     */
    private int stride() {
        return awake.size() > config.crowd() ? config.heartbeatTicks() : 1;
    }

    void onPulse(Endpoint from, StartId start, PulseMessage message) {
        pulses.onMessage(from, start, message);
    }

    /** A later start of a peer has been heard, which may take part in fewer logs than the one before. */
    void restarted(Endpoint peer) {
        pulses.restarted(peer);
        awake.values().forEach(seat -> seat.replica.restarted(peer));
    }

    /** The transport says that a peer cannot be reached. Logs that rest and do not rely on it need not know. */
    void peerDown(NodeId peer) {
        pulses.lost(peer);
        for (Seat seat : awake.values()) {
            touch(seat);
            seat.replica.peerDown(peer);
        }
    }

    /** What all that something has happened to wants done. */
    void flush(List<Effect> effects) {
        boolean vouchesAnew = false;
        for (Seat seat : touched) {
            effects.addAll(seat.replica.flush());
            long edition = seat.replica.edition();
            FeatureLevel level = seat.replica.levels().inForce();
            vouchesAnew |= edition != seat.edition || !level.equals(seat.level);
            boolean isKnown = seat.edition == Long.MIN_VALUE && voters.containsAll(seat.replica.voters());
            hasChanged |= edition != seat.edition && !isKnown;
            seat.edition = edition;
            seat.level = level;
        }
        touched.clear();
        if (vouchesAnew) {
            // Nothing changes in a log to which nothing has happened; and where many rise at once, one look serves them
            // all.
            vouched.changed();
        }
        if (hasTicked) {
            hasTicked = false;
            restWhoMay();
            pulses.flush();
        }
    }

    private void restWhoMay() {
        List<Seat> done = new ArrayList<>();
        for (Seat seat : ticked) {
            if (!seat.rests && seat.replica.mayRestLeading()) {
                done.add(seat);
            }
        }
        ticked.clear();
        for (Seat seat : done) {
            Replica replica = seat.replica;
            if (pulses.rest(
                    seat.group, replica.ballot(), replica.decided(), replica.followers(), replica::followerHeardAt)) {
                layDown(seat);
            }
        }
    }

    private void layDown(Seat seat) {
        seat.rests = true;
        awake.remove(seat.group);
    }

    @Override
    public boolean rest(Endpoint leader, PulseMessage.Turn turn) {
        Seat seat = all.get(turn.group());
        if (seat == null || seat.rests || !seat.replica.mayRestFollowing(leader, turn.ballot(), turn.decided())) {
            return false;
        }
        layDown(seat);
        return true;
    }

    @Override
    public void wake(GroupId group, Pulses.Reason reason, long heardAt) {
        Seat seat = all.get(group);
        if (seat != null) {
            wake(seat, reason, heardAt);
        }
    }

    private void wake(Seat seat, Pulses.Reason reason, @Nullable Long leaderHeardAt) {
        if (!seat.rests) {
            return;
        }
        seat.rests = false;
        awake.put(seat.group, seat);
        Replica replica = seat.replica;
        replica.wake(now, time, nanos);
        if (replica.leads()) {
            replica.goOnLeading(pulses::heardAt);
            pulses.wakes(seat.group, replica.ballot(), replica.decided());
            return;
        }
        long known = pulses.wakes(seat.group, replica.ballot(), replica.decided());
        if (reason == Pulses.Reason.LEADER_LOST) {
            replica.loseLeader();
        } else {
            replica.goOnFollowing(leaderHeardAt == null ? known : leaderHeardAt);
        }
    }

    /** All who vote in some log, if they are others than when this was asked before; else null. */
    @Nullable
    Set<Endpoint> changedVoters() {
        if (!hasChanged) {
            return null;
        }
        hasChanged = false;
        Set<Endpoint> vote = new HashSet<>();
        all.values().forEach(seat -> vote.addAll(seat.replica.voters()));
        voters = vote;
        return vote;
    }

    /** How many logs rest. */
    int resting() {
        return pulses.resting();
    }
}
