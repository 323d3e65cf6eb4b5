// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import static io.paxos.micrometer.NodeBinding.tag;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.paxos.event.Effect.RoleName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.node.NodeMeter.CommandOutcome;
import io.paxos.node.NodeMeter.ReadGuarantee;
import io.paxos.node.NodeMeter.SnapshotOutcome;
import io.paxos.replica.NodeStatus;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one log of one node in one registry. Safe for any thread. */
final class GroupMeters {

    private final OwnMeters meters;
    private final GroupId group;
    private final StatusCache status;
    private final Map<CommandOutcome, Timer> commands = new EnumMap<>(CommandOutcome.class);
    private final Map<RoleName, Counter> roles = new EnumMap<>(RoleName.class);
    private final Map<SnapshotOutcome, Counter> snapshots = new EnumMap<>(SnapshotOutcome.class);
    private final Map<ReadGuarantee, Timer> readsAnswered = new EnumMap<>(ReadGuarantee.class);
    private final Map<ReadGuarantee, Timer> readsRefused = new EnumMap<>(ReadGuarantee.class);
    private final Timer applied;
    private final Timer won;
    private final Timer lost;
    private final DistributionSummary snapshotBytes;
    private final AtomicReference<@Nullable RoleName> role = new AtomicReference<>();
    private final Map<NodeId, OwnMeters> followers = new HashMap<>();

    /** @param meters with the tags of this log */
    GroupMeters(OwnMeters meters, GroupId group, StatusCache status) {
        this.meters = meters;
        this.group = group;
        this.status = status;
        for (CommandOutcome each : CommandOutcome.values()) {
            commands.put(
                    each,
                    meters.timer(
                            "paxos.commands",
                            "Commands submitted at this node, from submit to their answer",
                            "outcome",
                            tag(each)));
        }
        for (RoleName each : RoleName.values()) {
            roles.put(each, meters.counter("paxos.log.role.changes", "Changes to this role", "role", tag(each)));
        }
        for (SnapshotOutcome each : SnapshotOutcome.values()) {
            snapshots.put(each, meters.counter("paxos.snapshots", "Snapshots that ended", "outcome", tag(each)));
        }
        for (ReadGuarantee each : ReadGuarantee.values()) {
            readsAnswered.put(each, read(each, "answered"));
            readsRefused.put(each, read(each, "refused"));
        }
        String elections = "Candidacies of this node, from Prepare to their end";
        this.applied = meters.timer("paxos.apply", "Executions of consecutive slots by the state machine");
        this.won = meters.timer("paxos.elections", elections, "outcome", "won");
        this.lost = meters.timer("paxos.elections", elections, "outcome", "lost");
        this.snapshotBytes = meters.summary("paxos.snapshot.size", "bytes", "Snapshots taken or received");
        registerStatus();
    }

    private Timer read(ReadGuarantee guarantee, String outcome) {
        String reads = "Reads of the log at this node, from the call until the query has run or the read is refused";
        return meters.timer("paxos.reads", reads, "guarantee", tag(guarantee), "outcome", outcome);
    }

    private void registerStatus() {
        slot("paxos.log.decided", "The slot up to which all are decided here", NodeStatus.Group::decided);
        slot("paxos.log.applied", "The slot up to which all are executed here", NodeStatus.Group::applied);
        slot("paxos.log.known", "The highest slot known to be decided anywhere", NodeStatus.Group::known);
        slot("paxos.log.compacted", "The slot up to which a snapshot stands for the log", NodeStatus.Group::compacted);
        gauge("paxos.log.ballot", "rounds", "The round of the highest ballot promised", g -> g.ballot()
                .round());
        gauge("paxos.log.in.flight", "slots", "Slots that this leader proposes now", NodeStatus.Group::inFlight);
        gauge("paxos.log.waiting", "calls", "Commands and reads that wait in this log", NodeStatus.Group::waiting);
        flag("paxos.log.leading", "Whether this node leads the log", g -> g.role() == RoleName.LEADER);
        flag("paxos.log.led", "Whether this node hears a leader or leads", g -> g.leaderlessTicks() == 0);
        flag("paxos.log.halted", "Whether this replica has stopped for good", g -> g.halted() != null);
        flag("paxos.log.voter", "Whether this node's votes count in the log", GroupMeters::isVoter);
    }

    private static boolean isVoter(NodeStatus.Group now) {
        return now.membership() != null && now.membership().standing() == NodeStatus.Standing.VOTER;
    }

    private void slot(String name, String description, ToDoubleFunction<NodeStatus.Group> value) {
        gauge(name, "slot", description, value);
    }

    private void flag(String name, String description, Function<NodeStatus.Group, Boolean> condition) {
        gauge(name, null, description, now -> condition.apply(now) ? 1 : 0);
    }

    private void gauge(
            String name, @Nullable String unit, String description, ToDoubleFunction<NodeStatus.Group> value) {
        meters.gauge(name, unit, description, () -> {
            NodeStatus.Group now = status.get().groups().get(group);
            return now == null ? Double.NaN : value.applyAsDouble(now);
        });
    }

    /** Only a leader knows how far the others are; when it has lost its office the gauges go with it. */
    synchronized void followers(Set<NodeId> now) {
        followers.entrySet().removeIf(each -> {
            boolean gone = !now.contains(each.getKey());
            if (gone) {
                each.getValue().removeAll();
            }
            return gone;
        });
        now.forEach(peer -> followers.computeIfAbsent(peer, this::follower));
    }

    private OwnMeters follower(NodeId peer) {
        OwnMeters own = meters.with("peer", peer.name());
        own.gauge("paxos.log.lag", "slots", "Slots decided here that a voter has not reported as decided", () -> {
            NodeStatus.Group now = status.get().groups().get(group);
            Long lag = now == null ? null : now.lags().get(peer);
            return lag == null ? Double.NaN : lag;
        });
        return own;
    }

    synchronized void close() {
        meters.removeAll();
        followers.values().forEach(OwnMeters::removeAll);
        followers.clear();
    }

    void commandAnswered(CommandOutcome outcome, long nanos) {
        record(commands.get(outcome), nanos);
    }

    void readEnded(ReadGuarantee guarantee, boolean isAnswered, long nanos) {
        record((isAnswered ? readsAnswered : readsRefused).get(guarantee), nanos);
    }

    void applied(long nanos) {
        record(applied, nanos);
    }

    void electionEnded(boolean isWon, long nanos) {
        record(isWon ? won : lost, nanos);
    }

    private static void record(@Nullable Timer timer, long nanos) {
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Told as well when only the leader changed. */
    void roleChanged(RoleName now) {
        Counter counter = roles.get(now);
        if (role.getAndSet(now) != now && counter != null) {
            counter.increment();
        }
    }

    void snapshotEnded(SnapshotOutcome outcome, long bytes) {
        Counter counter = snapshots.get(outcome);
        if (counter != null) {
            counter.increment();
        }
        if (outcome != SnapshotOutcome.FAILED) {
            snapshotBytes.record((double) bytes);
        }
    }
}
