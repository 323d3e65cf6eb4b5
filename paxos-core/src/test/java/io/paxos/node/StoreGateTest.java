// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StoreGateTest {

    private final List<String> happened = new CopyOnWriteArrayList<>();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private final Storage storage = new Storage() {
        @Override
        public RecoveredState recover(StoreOwner owner) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(List<Write> batch) throws IOException {
            inside.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            happened.add("written");
        }

        @Override
        public SnapshotWriter writeSnapshot(GroupId group, long slot) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable SnapshotReader readSnapshot(GroupId group) {
            return null;
        }

        @Override
        public void close() throws IOException {
            happened.add("closed");
            throw new IOException("closing fails, which is only logged");
        }
    };

    private final StoreGate gate = new StoreGate(NodeId.of("n1"), storage);

    private CompletableFuture<Void> writeElsewhere() throws InterruptedException {
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
            try {
                gate.write(List.of());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        inside.await();
        return written;
    }

    @Test
    void afterItIsShutNoWriteReachesTheStoreWhichIsClosedOnce() throws Exception {
        release.countDown();
        gate.write(List.of());
        gate.close(0);
        assertThatThrownBy(() -> gate.write(List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("n1 has been closed");
        gate.close(0);
        assertThat(happened).containsExactly("written", "closed");
        assertThat(gate.isShut()).isTrue();
    }

    @Test
    void theStoreIsNotClosedUnderAWrite() throws Exception {
        CompletableFuture<Void> writing = writeElsewhere();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> gate.close(30));
        assertThat(happened).isEmpty();
        release.countDown();
        writing.get(20, SECONDS);
        closing.get(20, SECONDS);
        assertThat(happened).containsExactly("written", "closed");
    }

    @Test
    void aWriteForWhichNobodyWaitsAnyLongerClosesTheStoreWhenItReturns() throws Exception {
        CompletableFuture<Void> writing = writeElsewhere();
        gate.close(0);
        assertThat(happened).isEmpty();
        release.countDown();
        writing.get(20, SECONDS);
        assertThat(happened).containsExactly("written", "closed");
    }

    @Test
    void whoIsInterruptedClosesAStoreThatIsFreeAllTheSame() {
        Thread.currentThread().interrupt();
        gate.close(30);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(happened).containsExactly("closed");
    }
}
