// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void everyAnswerOfALoadIsCounted() throws InterruptedException {
        AtomicInteger submitted = new AtomicInteger();
        Load.Result result = Load.run(() -> done(submitted), 8, SHORT);
        assertThat(result.commands()).isEqualTo(submitted.get()).isPositive();
    }

    @Test
    void aSteadyLoadSubmitsWhatIsDueAndNoMore() throws InterruptedException {
        AtomicInteger submitted = new AtomicInteger();
        Load.paced(() -> done(submitted), 1000, SHORT);
        assertThat(submitted.get()).isEqualTo(50);
    }

    @Test
    void timeIsTakenFromWhenACommandWasDue() throws InterruptedException {
        AtomicInteger submitted = new AtomicInteger();
        CompletableFuture<Void> late = new CompletableFuture<>();
        Load.Result result = Load.paced(
                () -> {
                    if (submitted.incrementAndGet() == 1) {
                        late.completeOnTimeout(null, 40, TimeUnit.MILLISECONDS).join();
                    }
                    return CompletableFuture.completedFuture(null);
                },
                1000,
                SHORT);
        assertThat(result.micros(0.5))
                .as("half of them were due while the caller was held up")
                .isGreaterThan(10_000);
    }

    @Test
    void aFailedCommandMeansThatNothingWasMeasured() {
        assertThatThrownBy(
                        () -> Load.run(() -> CompletableFuture.failedFuture(new IllegalStateException("no")), 2, SHORT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing has been measured");
    }

    private static CompletableFuture<?> done(AtomicInteger submitted) {
        submitted.incrementAndGet();
        return CompletableFuture.completedFuture(null);
    }
}
