// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.node.InProcessNetwork;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecipesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final InProcessNetwork network = new InProcessNetwork();
    private final List<PaxosNode> nodes = new ArrayList<>();
    private final List<ReplicatedLog<LockTable.Command, Long, LockTable>> logs = new ArrayList<>();

    @BeforeEach
    void start() {
        for (String id : List.of("n1", "n2", "n3")) {
            PaxosNode node = PaxosNode.builder()
                    .id(id)
                    .members("n1", "n2", "n3")
                    .transport(network.transport())
                    .start();
            nodes.add(node);
            logs.add(node.replicate("locks", new LockTable(), LockTable.Command.CODEC, Codec.int64()));
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(PaxosNode::close);
    }

    private DistributedLock lock(int node) {
        return new DistributedLock(logs.get(node), "shard-7", MINUTE);
    }

    @Test
    void oneHoldsALockAndTheNextHasAHigherToken() throws Exception {
        long first = lock(0).tryAcquire().get(30, SECONDS).orElseThrow();
        assertThat(lock(1).tryAcquire().get(30, SECONDS)).isEqualTo(OptionalLong.empty());
        assertThat(lock(1).release(first + 1).get(30, SECONDS))
                .as("not its token")
                .isFalse();
        assertThat(lock(0).renew(first).get(30, SECONDS)).isTrue();
        assertThat(lock(0).release(first).get(30, SECONDS)).isTrue();
        assertThat(lock(0).renew(first).get(30, SECONDS)).isFalse();
        long second = lock(2).tryAcquire().get(30, SECONDS).orElseThrow();
        assertThat(second).isGreaterThan(first);
        for (Duration holding : List.of(Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatThrownBy(() -> new DistributedLock(logs.get(0), "x", holding))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("renew it");
        }
        String tooLong = "x".repeat(1001);
        assertThatThrownBy(() -> new DistributedLock(logs.get(0), tooLong, MINUTE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1001");
        assertThatThrownBy(() -> new LockTable.Command(LockTable.Kind.ACQUIRE, tooLong, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLockThatIsNotRenewedEndsByTheTimeOfTheLogAndItsTokenIsFencedOff() throws Exception {
        LockTable table = new LockTable();
        long first = apply(table, 5, 1000, new LockTable.Command(LockTable.Kind.ACQUIRE, "a", 0, 100));
        assertThat(apply(table, 6, 1099, new LockTable.Command(LockTable.Kind.ACQUIRE, "a", 0, 100)))
                .isEqualTo(LockTable.NO);
        LockTable restored = copy(table);
        for (LockTable each : List.of(table, restored)) {
            assertThat(apply(each, 7, 1100, new LockTable.Command(LockTable.Kind.RENEW, "a", first, 100)))
                    .isEqualTo(LockTable.NO);
            assertThat(apply(each, 8, 1100, new LockTable.Command(LockTable.Kind.ACQUIRE, "a", 0, 100)))
                    .isEqualTo(8);
        }
        Fence<Long> fence = new Fence<>(Comparator.<Long>naturalOrder());
        List<Long> changed = new ArrayList<>();
        assertThat(fence.pass(8L, () -> changed.add(8L))).isTrue();
        assertThat(fence.pass(first, () -> changed.add(first))).isFalse();
        assertThat(fence.pass(8L, () -> changed.add(8L))).isTrue();
        assertThat(changed).containsExactly(8L, 8L);
    }

    /** Renewed locks stay, released and ended ones go, also after a restore; and tokens rise all the same. */
    @Test
    void locksThatHaveEndedTakeNoRoom() throws Exception {
        LockTable table = new LockTable();
        long kept = apply(table, 1, 0, new LockTable.Command(LockTable.Kind.ACQUIRE, "kept", 0, 100));
        long last = kept;
        for (long slot = 2; slot < 1000; slot += 2) {
            long token = apply(table, slot, slot, new LockTable.Command(LockTable.Kind.ACQUIRE, "l" + slot, 0, 10));
            assertThat(token).isGreaterThan(last);
            last = token;
            assertThat(apply(table, slot + 1, slot, new LockTable.Command(LockTable.Kind.RENEW, "kept", kept, 100)))
                    .isEqualTo(kept);
            table = copy(table);
            assertThat(count(table)).isLessThanOrEqualTo(6);
        }
        assertThat(apply(table, 1000, 2000, new LockTable.Command(LockTable.Kind.ACQUIRE, "kept", 0, 10)))
                .as("ended by time alone")
                .isEqualTo(1000);
        assertThat(count(table)).isEqualTo(1);
        assertThat(apply(table, 1001, 2000, new LockTable.Command(LockTable.Kind.RELEASE, "kept", 1000, 10)))
                .isEqualTo(1000);
        assertThat(count(table)).isZero();
    }

    private static byte[] snapshot(LockTable table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Objects.requireNonNull(table.capture()).writeTo(out);
        return out.toByteArray();
    }

    private static LockTable copy(LockTable table) throws IOException {
        LockTable restored = new LockTable();
        restored.restore(new ByteArrayInputStream(snapshot(table)));
        return restored;
    }

    private static int count(LockTable table) throws IOException {
        return ByteBuffer.wrap(snapshot(table)).getInt();
    }

    private static long apply(LockTable table, long slot, long millis, LockTable.Command command) {
        return table.apply(new ApplyContext(slot, new LogTime(millis), new CommandId(1, slot)), command);
    }

    @Test
    void whoeverLeadsWorksAndStopsWhenAnotherIsElected() throws Exception {
        BlockingQueue<Ballot> working = new LinkedBlockingQueue<>();
        CountDownLatch stopped = new CountDownLatch(1);
        List<LeaderElection> elections = new ArrayList<>();
        for (ReplicatedLog<LockTable.Command, Long, LockTable> log : logs) {
            elections.add(new LeaderElection(log.leadership(), "work", token -> {
                working.add(token);
                try {
                    new CountDownLatch(1).await();
                } finally {
                    stopped.countDown();
                }
            }));
        }
        Ballot first = Objects.requireNonNull(working.poll(30, SECONDS));
        int leader = Integer.parseInt(first.proposer().name().substring(1)) - 1;
        logs.get(leader).leadership().transfer(Duration.ofSeconds(20)).get(30, SECONDS);
        Ballot second = Objects.requireNonNull(working.poll(30, SECONDS));
        assertThat(second).isGreaterThan(first);
        assertThat(stopped.await(30, SECONDS)).isTrue();
        elections.forEach(LeaderElection::close);
    }
}
