// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {

    /** So many puts at a time, whose order only the takes tell, and those contradict each other at the very end. */
    private static History<QueueModel.Call<Integer>, Optional<Integer>> laborious(int puts) {
        Script<QueueModel.Call<Integer>, Optional<Integer>> script = new Script<>();
        IntStream.range(0, puts).forEach(i -> script.begin("p" + i, new QueueModel.Put<>(i)));
        IntStream.range(0, puts).forEach(i -> script.end("p" + i, Optional.empty()));
        return script.alone(new QueueModel.Take<>(), Optional.of(puts)).history();
    }

    @Test
    void whatTakesTooManyStepsIsNeitherGoodNorBad() {
        Verdict verdict = LinearizabilityChecker.of(new QueueModel<Integer>())
                .limits(new Limits(100_000, 1_000_000, Duration.ofMinutes(1)))
                .check(laborious(12));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.LimitExceeded.class, limit -> {
            assertThat(limit.limit()).contains("100000 steps");
            assertThat(limit.operations()).isEqualTo(13);
        });
        assertThat(verdict.isLinearizable()).isFalse();
        assertThatThrownBy(verdict::orThrow)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not found out")
                .hasMessageContaining("raise the limits");
    }

    @Test
    void whatTakesTooMuchMemoryIsNeitherGoodNorBad() {
        Verdict verdict = LinearizabilityChecker.of(new QueueModel<Integer>())
                .limits(new Limits(Long.MAX_VALUE, 1_000, Duration.ofMinutes(1)))
                .check(laborious(12));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.LimitExceeded.class, limit -> assertThat(limit.limit())
                .contains("1000 situations"));
    }

    @Test
    void whatTakesTooLongIsNeitherGoodNorBad() {
        Verdict verdict = LinearizabilityChecker.of(new QueueModel<Integer>())
                .limits(new Limits(Long.MAX_VALUE, Integer.MAX_VALUE, Duration.ofMillis(1)))
                .check(laborious(12));

        assertThat(verdict).isInstanceOfSatisfying(Verdict.LimitExceeded.class, limit -> assertThat(limit.limit())
                .contains("1 ms"));
    }

    @Test
    void whatIsCertainlyBadIsBadThoughAnotherPartTakesTooLong() {
        Model<List<Integer>, QueueModel.Call<Integer>, Optional<Integer>> model = new TwoQueues();
        Script<QueueModel.Call<Integer>, Optional<Integer>> script = new Script<>();
        script.alone(new QueueModel.Take<>(), Optional.of(5));
        IntStream.range(0, 12).forEach(i -> script.begin("p" + i, new QueueModel.Put<>(2 * i)));
        IntStream.range(0, 12).forEach(i -> script.end("p" + i, Optional.empty()));

        Verdict verdict = LinearizabilityChecker.of(model).check(script.history());

        assertThat(verdict).isInstanceOf(Verdict.NotLinearizable.class);
    }

    /** Even and odd numbers have nothing to do with each other; takes are of the odd ones. */
    private static final class TwoQueues implements Model<List<Integer>, QueueModel.Call<Integer>, Optional<Integer>> {

        private final QueueModel<Integer> queue = new QueueModel<>();

        @Override
        public List<Integer> initial() {
            return queue.initial();
        }

        @Override
        public Step<List<Integer>, Optional<Integer>> apply(List<Integer> state, QueueModel.Call<Integer> input) {
            return queue.apply(state, input);
        }

        @Override
        public Object part(QueueModel.Call<Integer> input) {
            return input instanceof QueueModel.Put<Integer> put && put.value() % 2 == 0 ? "even" : "odd";
        }
    }

    @Test
    void limitsThatAllowNothingAreRefused() {
        assertThatThrownBy(() -> new Limits(0, 1, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 steps");
    }

    @Test
    void aLongHistoryOfManyClientsTakesFewSteps() {
        CounterModel model = new CounterModel();
        HistoryRecorder<CounterModel.Call, Long> recorder = new HistoryRecorder<>(() -> 0);
        Random random = new Random(1);
        long counter = 0;
        for (int round = 0; round < 20_000; round++) {
            var first = recorder.invoke("a", new CounterModel.Add(1));
            var second = recorder.invoke("b", new CounterModel.Add(2));
            var lost = recorder.invoke("c", new CounterModel.Add(1));
            var read = recorder.invoke("d", new CounterModel.Get());
            boolean happened = random.nextBoolean();
            second.returned(counter + 2);
            first.returned(counter + 3);
            counter += happened ? 4 : 3;
            read.returned(counter);
            if (round % 100 == 0) {
                lost.unknown();
            } else if (happened) {
                lost.returned(counter);
            } else {
                lost.refused();
            }
        }

        Verdict verdict = LinearizabilityChecker.of(model).check(recorder.history());

        assertThat(verdict).isInstanceOfSatisfying(Verdict.Linearizable.class, good -> {
            assertThat(good.operations()).isBetween(60_000L, 80_000L);
            assertThat(good.steps()).isLessThan(1_000_000);
        });
    }

    @Test
    void manyUnknownWritesDoNotMakeAFailureHardToFind() {
        Script<RegisterModel.Call<Integer>, Optional<Integer>> script = new Script<>();
        for (int i = 0; i < 30; i++) {
            script.begin("u" + i, new RegisterModel.Write<>(i)).unknown("u" + i);
            script.alone(new RegisterModel.Write<>(100 + i), Optional.empty());
            script.alone(new RegisterModel.Read<>(), Optional.of(100 + i));
        }
        script.alone(new RegisterModel.Read<>(), Optional.of(100));

        Verdict verdict =
                LinearizabilityChecker.of(new RegisterModel<Integer>()).check(script.history());

        assertThat(verdict).isInstanceOf(Verdict.NotLinearizable.class);
    }

    @Test
    void theFailureIsTheFirstImpossibleAnswerOfTheSmallestPart() {
        Script<MapModel.Call<String, Integer>, Optional<Integer>> script = new Script<>();
        for (int i = 0; i < 50; i++) {
            script.alone(new MapModel.Put<>("long", i), Optional.empty());
        }
        script.alone(new MapModel.Get<>("long"), Optional.of(3));
        script.alone(new MapModel.Put<>("short", 1), Optional.empty());
        script.begin("later", new MapModel.Put<>("short", 8));
        script.begin("culprit", new MapModel.Get<>("short")).end("culprit", Optional.of(2));
        script.end("later", Optional.empty());
        script.alone(new MapModel.Get<>("short"), Optional.of(7));

        Verdict verdict =
                LinearizabilityChecker.of(new MapModel<String, Integer>()).check(script.history());

        assertThat(verdict).isInstanceOfSatisfying(Verdict.NotLinearizable.class, not -> {
            Failure failure = not.failure();
            assertThat(failure.part()).isEqualTo("short");
            assertThat(failure.culprit().client()).isEqualTo("culprit");
            assertThat(failure.operations()).hasSize(3);
            assertThat(failure.order()).hasSize(1);
            assertThat(failure.explanation()).contains("Get[key=short]", "Optional[2]", "<- impossible", "#1");
        });
        assertThatThrownBy(verdict::orThrow).isInstanceOf(AssertionError.class).hasMessageContaining("culprit");
    }

    @Test
    void aGoodVerdictGoesOn() {
        Verdict verdict = LinearizabilityChecker.of(new CounterModel())
                .check(new Script<CounterModel.Call, Long>()
                        .alone(new CounterModel.Add(1), 1L)
                        .history());

        assertThatCode(verdict::orThrow).doesNotThrowAnyException();
    }
}
