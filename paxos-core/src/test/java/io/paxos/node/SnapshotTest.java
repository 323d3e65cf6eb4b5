// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.counter;
import static io.paxos.node.Cluster.log;
import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 9, on running nodes. */
@Timeout(60)
class SnapshotTest {

    private static final int BALLAST = 200_000;

    private static final SnapshotPolicy OFTEN =
            SnapshotPolicy.DEFAULTS.withEvery(50, Long.MAX_VALUE).withRetained(5, 1 << 20);

    private static PaxosNodeBuilder often(PaxosNodeBuilder builder) {
        return builder.snapshots(OFTEN).limits(Limits.DEFAULTS.withMessageBytes(4096));
    }

    private static SnapshotCounter machine(long goal) {
        return new SnapshotCounter(goal, BALLAST);
    }

    /** Submits ones until a snapshot stands for the beginning of the log of this node, and returns how many. */
    private static long submitUntilTrimmed(ReplicatedLog<Long, Long, SnapshotCounter> log) throws Exception {
        long sum = 0;
        while (log.status().compacted() == 0) {
            List<CompletableFuture<Long>> calls = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                calls.add(log.submit(1L));
            }
            for (CompletableFuture<Long> call : calls) {
                assertThat(result(call)).isEqualTo(++sum);
            }
        }
        return sum;
    }

    @Test
    void rule9_aNodeThatMissedWhatIsForgottenFetchesASnapshotAndGoesOn() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            ReplicatedLog<Long, Long, SnapshotCounter> first =
                    log(cluster.start("n1", SnapshotTest::often), "sum", machine(1));
            log(cluster.start("n2", SnapshotTest::often), "sum", machine(1));
            InMemoryStorage store = new InMemoryStorage();
            PaxosNode third = cluster.start("n3", builder -> often(builder).storage(store));
            result(third.whenFormed());
            third.close();
            long sum = submitUntilTrimmed(first);

            SnapshotCounter late = machine(sum);
            PaxosNode back = cluster.start("n3", builder -> often(builder).storage(store));
            ReplicatedLog<Long, Long, SnapshotCounter> log = log(back, "sum", late);
            assertThat(result(late.reached())).isEqualTo(sum);
            assertThat(late.restoredFrom()).isPositive();
            assertThat(result(log.submit(1L))).isEqualTo(sum + 1);
            assertThat(log.status().compacted()).isPositive();
            // It votes as before: without it there is no quorum now.
            cluster.node("n2").close();
            assertThat(result(first.submit(1L))).isEqualTo(sum + 2);
        }
    }

    @Test
    void rule9_aNodeComesBackFromItsOwnSnapshotAndTheLogBehindIt() throws Exception {
        InMemoryStorage store = new InMemoryStorage();
        long sum;
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, SnapshotCounter> log =
                    log(cluster.start("n1", builder -> often(builder).storage(store)), "sum", machine(1));
            sum = submitUntilTrimmed(log);
        }
        try (Cluster cluster = Cluster.of(1)) {
            SnapshotCounter again = machine(sum);
            ReplicatedLog<Long, Long, SnapshotCounter> log =
                    log(cluster.start("n1", builder -> often(builder).storage(store)), "sum", again);
            assertThat(result(again.reached())).isEqualTo(sum);
            assertThat(result(log.read(SnapshotCounter::executed))).isLessThan(sum);
            assertThat(result(log.submit(1L))).isEqualTo(sum + 1);
        }
    }

    @Test
    void aStrangerLearnsFromASnapshotToo() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, SnapshotCounter> first =
                    log(cluster.start("n1", SnapshotTest::often), "sum", machine(1));
            long sum = submitUntilTrimmed(first);
            SnapshotCounter seen = machine(sum);
            PaxosNode watcher =
                    cluster.start("watcher", builder -> often(builder).observer());
            log(watcher, "sum", seen);
            assertThat(result(seen.reached())).isEqualTo(sum);
            assertThat(seen.restoredFrom()).isPositive();
        }
    }

    @Test
    void oneIsTakenOnDemand() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, SnapshotCounter> log = log(cluster.start("n1"), "sum", machine(1));
            assertThat(result(log.snapshot())).isZero();
            assertThat(result(log.submit(7L))).isEqualTo(7);
            assertThat(result(log.snapshot())).isEqualTo(3);
            assertThat(result(log.submit(1L))).isEqualTo(8);
        }
    }

    @Test
    void aMachineThatCannotBeCapturedSaysSo() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode node = cluster.start("n1");
            ReplicatedLog<Long, Long, Counter> log = counter(node, "sum");
            assertThat(result(log.submit(7L))).isEqualTo(7);
            assertThatThrownBy(() -> result(log.snapshot()))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContainingAll("Counter", "capture");
            node.close();
            assertThatThrownBy(() -> result(log.snapshot()))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RefusedException.class);
        }
    }

    @Test
    void aCaptureThatEndsInAnErrorFailsItsCallAndTheLogGoesOn() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            ReplicatedLog<Long, Long, Uncapturable> log = log(cluster.start("n1"), "sum", new Uncapturable());
            assertThat(result(log.submit(7L))).isEqualTo(7);
            assertThatThrownBy(() -> result(log.snapshot()))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StackOverflowError.class);
            assertThat(result(log.submit(1L))).isEqualTo(8);
        }
    }

    /** Its state is too deep to be walked through. */
    private static final class Uncapturable implements StateMachine<Long, Long> {
        private long sum;

        @Override
        public Long apply(ApplyContext context, Long amount) {
            sum += amount;
            return sum;
        }

        @Override
        public Capture capture() {
            throw new StackOverflowError("planted");
        }
    }
}
