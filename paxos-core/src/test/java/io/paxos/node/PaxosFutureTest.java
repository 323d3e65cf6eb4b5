// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 20: waiting on the node's own threads throws instead of hanging the node. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PaxosFutureTest {

    private boolean onNodeThread = true;
    private final CompletableFuture<String> future = new PaxosFuture<>(() -> onNodeThread);

    @Test
    void rule20_everyWayOfWaitingThrows() {
        assertThatThrownBy(future::join)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("thenApply");
        assertThatThrownBy(future::get).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> future.get(1, SECONDS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void rule20_derivedStagesAreGuardedToo() {
        assertThatThrownBy(() -> future.thenApply(String::length).join()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> future.copy().join()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> future.handle((v, e) -> v).thenAccept(v -> {}).join())
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsDoneCanBeReadAnywhere() throws Exception {
        future.complete("done");
        assertThat(future.join()).isEqualTo("done");
        assertThat(future.get()).isEqualTo("done");
        assertThat(future.thenApply(String::length).get(1, SECONDS)).isEqualTo(4);
    }

    @Test
    void otherThreadsMayWait() {
        onNodeThread = false;
        CompletableFuture<Integer> length = future.thenApply(String::length);
        future.complete("done");
        assertThat(length.join()).isEqualTo(4);
    }
}
