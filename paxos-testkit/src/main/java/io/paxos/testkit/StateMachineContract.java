// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link StateMachine} must fulfil. To test one, extend this class, make instances, and draw commands:
 *
 * <pre>{@code
 * class TransactionIdsTest extends StateMachineContract<Long, Long> {
 *     protected StateMachine<Long, Long> newStateMachine() { return new TransactionIds(); }
 *     protected Long command(RandomGenerator random) { return 1 + random.nextLong(100); }
 * }
 * }</pre>
 *
 * @param <C> the commands
 * @param <R> the results; {@code equals} must compare them, arrays excepted
 */
public abstract class StateMachineContract<C, R> {

    private static final int COMMANDS = 200;
    private static final int SEEDS = 5;
    private static final long SECONDS = 30;

    /** For subclasses. */
    protected StateMachineContract() {}

    /**
     * Makes an instance.
     *
     * @return a new state machine that has executed nothing
     */
    protected abstract StateMachine<C, R> newStateMachine();

    /**
     * Draws a command. Between them, the commands should do everything the state machine can, failures included.
     *
     * @param random the only randomness to use
     * @return a command
     */
    protected abstract C command(RandomGenerator random);

    /**
     * Whether the state machine implements capture and restore.
     *
     * @return true; override it if the state machine has no snapshots
     */
    protected boolean captures() {
        return true;
    }

    private record Step<C>(ApplyContext context, C command) {}

    private List<Step<C>> steps(long seed, int count) {
        RandomGenerator random = new SplittableRandom(seed);
        List<Step<C>> steps = new ArrayList<>();
        long slot = 0;
        long millis = 1_700_000_000_000L;
        for (int i = 1; i <= count; i++) {
            slot += 1 + random.nextInt(3);
            millis += random.nextInt(5_000);
            steps.add(new Step<>(new ApplyContext(slot, new LogTime(millis), new CommandId(1, i)), command(random)));
        }
        return steps;
    }

    private List<R> run(StateMachine<C, R> machine, List<Step<C>> steps) {
        List<R> results = new ArrayList<>();
        for (Step<C> step : steps) {
            results.add(machine.apply(step.context(), step.command()));
        }
        return results;
    }

    private static byte[] written(StateMachine.Capture capture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        capture.writeTo(out);
        return out.toByteArray();
    }

    private static <C, R> void restore(StateMachine<C, R> machine, byte[] snapshot) throws IOException {
        try (InputStream in = new ByteArrayInputStream(snapshot)) {
            machine.restore(in);
        }
    }

    /** Results follow from the commands and their contexts alone. */
    @Test
    void theSameCommandsGiveTheSameResultsOnEveryInstance() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(run(newStateMachine(), steps(seed, COMMANDS)))
                    .as("results of two instances, commands of seed " + seed)
                    .isEqualTo(run(newStateMachine(), steps(seed, COMMANDS)));
        }
    }

    /** Nothing is shared between instances, in statics or elsewhere. */
    @Test
    void anInstanceKnowsNothingOfAnother() {
        List<R> alone = run(newStateMachine(), steps(1, COMMANDS));
        StateMachine<C, R> one = newStateMachine();
        StateMachine<C, R> other = newStateMachine();
        List<Step<C>> disturbance = steps(2, COMMANDS);
        List<R> results = new ArrayList<>();
        List<Step<C>> steps = steps(1, COMMANDS);
        for (int i = 0; i < COMMANDS; i++) {
            other.apply(disturbance.get(i).context(), disturbance.get(i).command());
            results.add(one.apply(steps.get(i).context(), steps.get(i).command()));
        }
        assertThat(results).as("results beside another instance").isEqualTo(alone);
    }

    /**
     * The thread may change between calls, and results do not depend on which it is.
     *
     * @throws Exception if applying on another thread fails
     */
    @Test
    void resultsDoNotDependOnTheThread() throws Exception {
        List<R> expected = run(newStateMachine(), steps(3, COMMANDS));
        StateMachine<C, R> machine = newStateMachine();
        List<Step<C>> steps = steps(3, COMMANDS);
        List<R> results = new ArrayList<>(run(machine, steps.subList(0, COMMANDS / 2)));
        results.addAll(elsewhere(machine, steps.subList(COMMANDS / 2, COMMANDS)));
        assertThat(results).as("results when the thread changes half-way").isEqualTo(expected);
    }

    private List<R> elsewhere(StateMachine<C, R> machine, List<Step<C>> steps)
            throws ExecutionException, InterruptedException, TimeoutException {
        CompletableFuture<List<R>> results = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                results.complete(run(machine, steps));
            } catch (RuntimeException e) {
                results.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return results.get(SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Equal states write equal bytes, at every point of the way.
     *
     * @throws IOException never, writing to memory
     */
    @Test
    void equalStatesWriteEqualBytes() throws IOException {
        if (!captures()) {
            return;
        }
        StateMachine<C, R> one = newStateMachine();
        StateMachine<C, R> other = newStateMachine();
        assertThat(written(one.capture())).as("the empty state").isEqualTo(written(other.capture()));
        List<Step<C>> steps = steps(4, COMMANDS);
        for (int from = 0; from < COMMANDS; from += COMMANDS / 10) {
            List<Step<C>> some = steps.subList(from, from + COMMANDS / 10);
            run(one, some);
            run(other, some);
            assertThat(written(one.capture()))
                    .as("the state after " + (from + COMMANDS / 10) + " commands")
                    .isEqualTo(written(other.capture()));
        }
    }

    /**
     * A state machine restored half-way goes on like the one that was captured.
     *
     * @throws IOException never, reading from memory
     */
    @Test
    void aRestoredStateMachineGoesOnLikeTheCapturedOne() throws IOException {
        if (!captures()) {
            return;
        }
        for (int at = 0; at <= COMMANDS; at += COMMANDS / 4) {
            StateMachine<C, R> original = newStateMachine();
            run(original, steps(5, COMMANDS).subList(0, at));
            byte[] snapshot = written(original.capture());
            StateMachine<C, R> restored = newStateMachine();
            restore(restored, snapshot);
            assertThat(written(restored.capture())).as("captured again at once").isEqualTo(snapshot);
            List<Step<C>> rest = steps(5, COMMANDS).subList(at, COMMANDS);
            assertThat(run(restored, rest))
                    .as("results after a restore behind " + at + " commands")
                    .isEqualTo(run(original, rest));
            assertThat(written(restored.capture())).as("the state in the end").isEqualTo(written(original.capture()));
        }
    }

    /**
     * Equal states have equal digests, however they were come to: replicas are compared by them.
     *
     * @throws IOException never, reading from memory
     */
    @Test
    void equalStatesHaveEqualDigests() throws IOException {
        StateMachine<C, R> one = newStateMachine();
        StateMachine<C, R> other = newStateMachine();
        run(other, steps(9, captures() ? COMMANDS / 2 : 0));
        List<Step<C>> steps = steps(4, COMMANDS);
        for (int from = 0; from < COMMANDS; from += COMMANDS / 10) {
            if (captures()) {
                restore(other, written(one.capture()));
            }
            assertThat(other.digest())
                    .as("the digest behind " + from + " commands" + (captures() ? ", restored" : ""))
                    .isEqualTo(one.digest());
            List<Step<C>> some = steps.subList(from, from + COMMANDS / 10);
            run(one, some);
            run(other, some);
            assertThat(other.digest())
                    .as("the digest behind " + (from + COMMANDS / 10) + " commands")
                    .isEqualTo(one.digest());
        }
    }

    /**
     * Restoring replaces the whole state, whatever there was.
     *
     * @throws IOException never, reading from memory
     */
    @Test
    void restoringForgetsWhatWasThereBefore() throws IOException {
        if (!captures()) {
            return;
        }
        StateMachine<C, R> original = newStateMachine();
        run(original, steps(6, COMMANDS / 2));
        byte[] snapshot = written(original.capture());
        StateMachine<C, R> restored = newStateMachine();
        run(restored, steps(7, COMMANDS));
        restore(restored, snapshot);
        assertThat(written(restored.capture()))
                .as("the state after a restore over another")
                .isEqualTo(snapshot);
        assertThat(run(restored, steps(8, COMMANDS))).isEqualTo(run(original, steps(8, COMMANDS)));
    }

    /**
     * Commands that are applied between capture and writing do not show in what is written; it is written by another
     * thread.
     *
     * @throws Exception if writing on another thread fails
     */
    @Test
    void aCaptureIsNotDisturbedByLaterCommands() throws Exception {
        if (!captures()) {
            return;
        }
        StateMachine<C, R> machine = newStateMachine();
        run(machine, steps(9, COMMANDS));
        byte[] before = written(machine.capture());
        StateMachine.Capture capture = machine.capture();
        run(machine, steps(10, COMMANDS));
        CompletableFuture<byte[]> late = new CompletableFuture<>();
        Thread writer = new Thread(() -> {
            try {
                late.complete(written(capture));
            } catch (IOException | RuntimeException e) {
                late.completeExceptionally(e);
            }
        });
        writer.setDaemon(true);
        writer.start();
        assertThat(late.get(SECONDS, TimeUnit.SECONDS))
                .as("what was captured before further commands and written after them")
                .isEqualTo(before);
    }

    /** Who has no snapshots says so, rather than write nothing. */
    @Test
    void withoutSnapshotsCaptureAndRestoreSaySo() {
        if (captures()) {
            return;
        }
        assertThatThrownBy(() -> newStateMachine().capture()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> newStateMachine().restore(InputStream.nullInputStream()))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
