// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.paxos.event.Effect;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.node.NodeLoad;
import io.paxos.node.NodeMeter;
import io.paxos.replica.NodeStatus;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The meters of one node in one registry. Safe for any thread. */
final class NodeBinding implements NodeMeter {

    private final OwnMeters meters;
    private final StatusCache status;
    private final Map<GroupId, GroupMeters> groups = new ConcurrentHashMap<>();
    private final Timer written;
    private final Timer failed;
    private final Timer forced;
    private final DistributionSummary batch;
    private final Map<CallKind, Map<CallOutcome, Timer>> calls = new EnumMap<>(CallKind.class);

    /** Registers what is there whatever logs the node has. */
    NodeBinding(NodeId node, Supplier<NodeStatus> status, Supplier<NodeLoad> load, MeterRegistry registry) {
        this.meters = new OwnMeters(registry, Tags.of("node", node.name()));
        this.status = new StatusCache(status, registry.config().clock(), this::meet);
        this.written = meters.timer("paxos.store.write", "Batches of writes to the store", "outcome", "ok");
        this.failed = meters.timer("paxos.store.write", "Batches of writes to the store", "outcome", "failed");
        this.forced = meters.timer("paxos.store.force", "Forces of the store's journal to its device");
        this.batch = meters.summary("paxos.store.batch", "writes", "Writes that shared one batch");
        for (CallKind kind : CallKind.values()) {
            calls.put(kind, timers(kind));
        }
        registerStatus();
        registerLoad(load);
    }

    private Map<CallOutcome, Timer> timers(CallKind kind) {
        boolean isDecree = kind == CallKind.AGREE || kind == CallKind.LEARN;
        Map<CallOutcome, Timer> timers = new EnumMap<>(CallOutcome.class);
        for (CallOutcome outcome : CallOutcome.values()) {
            timers.put(
                    outcome,
                    meters.timer(
                            isDecree ? "paxos.decree.calls" : "paxos.register.calls",
                            "Calls about " + (isDecree ? "decrees" : "registers")
                                    + " made at this node, to their answer",
                            "call",
                            tag(kind),
                            "outcome",
                            tag(outcome)));
        }
        return timers;
    }

    /** How a constant is written as the value of a tag. */
    static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void registerStatus() {
        flag("paxos.node.formed", "Whether the cluster has formed", s -> s.formed() != null);
        flag(
                "paxos.node.stranger",
                "Whether the node is a stranger to decrees and registers",
                s -> s.stranger() != null);
        flag(
                "paxos.node.halted",
                "Whether the node has stopped for good until it is restarted",
                s -> s.halted() != null);
        meters.gauge("paxos.decrees.decided", "decrees", "Decrees known to be decided", () -> status.get()
                .decidedDecrees());
        meters.gauge(
                "paxos.decrees.open", "decrees", "Decrees that the node proposes or asks about now", () -> status.get()
                        .openDecrees());
    }

    private interface Condition {
        boolean holds(NodeStatus status);
    }

    private void flag(String name, String description, Condition condition) {
        meters.gauge(name, null, description, () -> condition.holds(status.get()) ? 1 : 0);
    }

    private void registerLoad(Supplier<NodeLoad> load) {
        String queue = "What waits to be taken in by the node's loop";
        meters.gauge(
                "paxos.calls.pending",
                "calls",
                "Calls of this node's callers that wait for their answer",
                () -> load.get().pendingCalls());
        meters.gauge("paxos.loop.queue", "items", queue, () -> load.get().queuedCalls(), "lane", "calls");
        meters.gauge("paxos.loop.queue", "items", queue, () -> load.get().queuedVotes(), "lane", "votes");
        meters.gauge("paxos.loop.queue", "items", queue, () -> load.get().queuedBulk(), "lane", "bulk");
        meters.gauge("paxos.store.queue", "bytes", "What waits to be written to the store", () -> load.get()
                .storeBytes());
        meters.counted(
                "paxos.loop.dropped",
                "Messages of peers dropped for want of room in the loop's queues",
                () -> load.get().droppedMessages());
    }

    /** Looks how the node stands, so that its logs have their meters. */
    void refresh() {
        status.get();
    }

    private void meet(NodeStatus now) {
        now.groups().forEach((id, group) -> of(id).followers(group.lags().keySet()));
    }

    private GroupMeters of(GroupId group) {
        GroupMeters known = groups.get(group);
        return known != null
                ? known
                : groups.computeIfAbsent(group, id -> new GroupMeters(meters.with("group", id.toString()), id, status));
    }

    void close() {
        meters.removeAll();
        groups.values().forEach(GroupMeters::close);
    }

    @Override
    public void commandAnswered(GroupId group, CommandOutcome outcome, long nanos) {
        of(group).commandAnswered(outcome, nanos);
    }

    @Override
    public void callAnswered(CallKind kind, CallOutcome outcome, long nanos) {
        Map<CallOutcome, Timer> timers = calls.get(kind);
        Timer timer = timers == null ? null : timers.get(outcome);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void readEnded(GroupId group, ReadGuarantee guarantee, boolean answered, long nanos) {
        of(group).readEnded(guarantee, answered, nanos);
    }

    @Override
    public void wrote(int writes, long nanos, boolean isFailed) {
        (isFailed ? failed : written).record(nanos, TimeUnit.NANOSECONDS);
        batch.record(writes);
    }

    @Override
    public void forced(long nanos) {
        forced.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void applied(GroupId group, long first, int slots, long nanos) {
        of(group).applied(nanos);
    }

    @Override
    public void roleChanged(GroupId group, Effect.RoleName role) {
        of(group).roleChanged(role);
        status.outdate();
    }

    @Override
    public void electionEnded(GroupId group, boolean won, long nanos) {
        of(group).electionEnded(won, nanos);
    }

    @Override
    public void snapshotEnded(GroupId group, SnapshotOutcome outcome, long bytes) {
        of(group).snapshotEnded(outcome, bytes);
    }
}
