// SPDX-License-Identifier: Apache-2.0
package io.paxos.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.paxos.event.Effect.RoleName;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.node.NodeLoad;
import io.paxos.node.NodeMeter.CallKind;
import io.paxos.node.NodeMeter.CallOutcome;
import io.paxos.node.NodeMeter.CommandOutcome;
import io.paxos.node.NodeMeter.ReadGuarantee;
import io.paxos.node.NodeMeter.SnapshotOutcome;
import io.paxos.replica.NodeStatus;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often a node is asked, and what its answers come to, with a clock and a node that the test drives. */
class NodeBindingTest {

    private static final GroupId GROUP = GroupId.of("g");

    private final AtomicLong nanos = new AtomicLong();
    private final Clock clock = new Clock() {
        @Override
        public long wallTime() {
            return TimeUnit.NANOSECONDS.toMillis(nanos.get());
        }

        @Override
        public long monotonicTime() {
            return nanos.get();
        }
    };
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private int asked;
    private Map<NodeId, Long> lags = Map.of();
    private final NodeBinding binding =
            new NodeBinding(NodeId.of("n1"), this::status, () -> new NodeLoad(1, 2, 3, 4, 5, 6), registry);

    private NodeStatus status() {
        asked++;
        NodeStatus.Group group = new NodeStatus.Group(
                RoleName.LEADER,
                NodeId.of("n1"),
                Ballot.ZERO.next(NodeId.of("n1"), 1),
                20 + asked,
                19,
                18,
                17,
                16,
                null,
                null,
                Set.of(),
                21,
                0,
                new TreeMap<>(lags),
                FeatureLevel.LATEST);
        return new NodeStatus(
                new Endpoint(NodeId.of("n1"), new Incarnation(1)),
                null,
                null,
                null,
                null,
                7,
                8,
                new TreeMap<>(Map.of(GROUP, group)));
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void allGaugesOfAScrapeAskTheNodeOnce() {
        binding.refresh();
        registry.getMeters().forEach(meter -> meter.measure().forEach(measurement -> measurement.getValue()));
        assertThat(asked).isEqualTo(1);
        nanos.addAndGet(999_999_999);
        assertThat(gauge("paxos.log.decided")).isEqualTo(21);
        assertThat(asked).isEqualTo(1);
        nanos.addAndGet(1);
        assertThat(gauge("paxos.log.decided")).isEqualTo(22);
        assertThat(gauge("paxos.decrees.decided")).isEqualTo(7);
        assertThat(gauge("paxos.decrees.open")).isEqualTo(8);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void aChangeOfRoleIsSeenAtOnce() {
        binding.refresh();
        binding.roleChanged(GROUP, RoleName.LEADER);
        assertThat(gauge("paxos.log.decided")).isEqualTo(22);
        assertThat(gauge("paxos.log.decided")).isEqualTo(22);
    }

    @Test
    void eachGaugeShowsItsOwnNumber() {
        binding.refresh();
        assertThat(gauge("paxos.log.applied")).isEqualTo(19);
        assertThat(gauge("paxos.log.compacted")).isEqualTo(18);
        assertThat(gauge("paxos.log.in.flight")).isEqualTo(17);
        assertThat(gauge("paxos.log.waiting")).isEqualTo(16);
        assertThat(gauge("paxos.log.known")).isEqualTo(21);
        assertThat(gauge("paxos.log.ballot")).isEqualTo(1);
        assertThat(gauge("paxos.log.voter")).isZero();
        assertThat(gauge("paxos.node.formed")).isZero();
        assertThat(gauge("paxos.calls.pending")).isEqualTo(1);
        assertThat(gauge("paxos.loop.queue", "lane", "calls")).isEqualTo(2);
        assertThat(gauge("paxos.loop.queue", "lane", "votes")).isEqualTo(3);
        assertThat(gauge("paxos.loop.queue", "lane", "bulk")).isEqualTo(4);
        assertThat(gauge("paxos.store.queue")).isEqualTo(5);
        assertThat(registry.get("paxos.loop.dropped").functionCounter().count()).isEqualTo(6);
    }

    @Test
    void theLagOfAPeerIsThereWhileThisNodeLeadsIt() {
        lags = Map.of(NodeId.of("n2"), 3L, NodeId.of("n3"), 0L);
        binding.refresh();
        Gauge second = registry.get("paxos.log.lag").tags("peer", "n2").gauge();
        assertThat(second.value()).isEqualTo(3);
        assertThat(gauge("paxos.log.lag", "peer", "n3")).isZero();
        lags = Map.of(NodeId.of("n3"), 1L);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(gauge("paxos.log.lag", "peer", "n3")).isEqualTo(1);
        assertThat(registry.find("paxos.log.lag").tags("peer", "n2").gauge()).isNull();
        assertThat(second.value()).isNaN();
        binding.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void countsByOutcome() {
        binding.commandAnswered(GROUP, CommandOutcome.TIMED_OUT, 1_000_000);
        binding.snapshotEnded(GROUP, SnapshotOutcome.TAKEN, 100);
        binding.snapshotEnded(GROUP, SnapshotOutcome.FAILED, 0);
        binding.electionEnded(GROUP, false, 1);
        binding.wrote(9, 1, true);
        assertThat(registry.get("paxos.commands")
                        .tags("outcome", "timed_out")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(1);
        assertThat(registry.get("paxos.snapshots")
                        .tags("outcome", "failed")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("paxos.snapshot.size").summary().count()).isEqualTo(1);
        assertThat(registry.get("paxos.snapshot.size").summary().totalAmount()).isEqualTo(100);
        assertThat(registry.get("paxos.elections")
                        .tags("outcome", "lost")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("paxos.store.write")
                        .tags("outcome", "failed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("paxos.store.batch").summary().totalAmount()).isEqualTo(9);
    }

    @Test
    void callsAndReadsAreTimedEachUnderItsOwnName() {
        binding.callAnswered(CallKind.AGREE, CallOutcome.ANSWERED, 1_000_000);
        binding.callAnswered(CallKind.LEARN, CallOutcome.REFUSED, 2_000_000);
        binding.callAnswered(CallKind.GET, CallOutcome.TIMED_OUT, 3_000_000);
        binding.callAnswered(CallKind.CHANGE, CallOutcome.UNKNOWN, 4_000_000);
        binding.readEnded(GROUP, ReadGuarantee.LINEARIZABLE, true, 5_000_000);
        binding.readEnded(GROUP, ReadGuarantee.AT_LEAST, false, 6_000_000);
        assertThat(millis("paxos.decree.calls", "call", "agree", "outcome", "answered"))
                .isEqualTo(1);
        assertThat(millis("paxos.decree.calls", "call", "learn", "outcome", "refused"))
                .isEqualTo(2);
        assertThat(millis("paxos.register.calls", "call", "get", "outcome", "timed_out"))
                .isEqualTo(3);
        assertThat(millis("paxos.register.calls", "call", "change", "outcome", "unknown"))
                .isEqualTo(4);
        assertThat(millis("paxos.reads", "group", "g", "guarantee", "linearizable", "outcome", "answered"))
                .isEqualTo(5);
        assertThat(millis("paxos.reads", "group", "g", "guarantee", "at_least", "outcome", "refused"))
                .isEqualTo(6);
        assertThat(registry.find("paxos.reads").timers().stream()
                        .mapToLong(timer -> timer.count())
                        .sum())
                .isEqualTo(2);
    }

    private double millis(String name, String... tags) {
        return registry.get(name).tags(tags).timer().totalTime(TimeUnit.MILLISECONDS);
    }

    @Test
    void aRoleCountsWhenItBeginsAndNotWhenOnlyTheLeaderChanges() {
        binding.roleChanged(GROUP, RoleName.FOLLOWER);
        binding.roleChanged(GROUP, RoleName.FOLLOWER);
        binding.roleChanged(GROUP, RoleName.CANDIDATE);
        binding.roleChanged(GROUP, RoleName.FOLLOWER);
        assertThat(registry.get("paxos.log.role.changes")
                        .tags("role", "follower")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("paxos.log.role.changes")
                        .tags("role", "candidate")
                        .counter()
                        .count())
                .isEqualTo(1);
    }
}
