// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.testkit.history.Operation.Ending;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checker says of thousands of small histories what the definition says, which tries every order. */
class CheckerOracleTest {

    private static final int HISTORIES = 3_000;
    private static final int MOST_CALLS = 6;

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(
                        "register",
                        new RegisterModel<Integer>(),
                        inputs(random -> random.nextBoolean()
                                ? new RegisterModel.Write<>(random.nextInt(3))
                                : new RegisterModel.Read<Integer>())),
                Arguments.of("CAS register", new CasRegisterModel<Integer>(), inputs(CheckerOracleTest::exchange)),
                Arguments.of("map", new MapModel<Integer, Integer>(), inputs(CheckerOracleTest::mapCall)),
                Arguments.of(
                        "counter",
                        new CounterModel(),
                        inputs(random -> random.nextInt(3) == 0
                                ? new CounterModel.Get()
                                : new CounterModel.Add(1 + random.nextInt(2)))),
                Arguments.of(
                        "queue",
                        new QueueModel<Integer>(),
                        inputs(random -> random.nextBoolean()
                                ? new QueueModel.Put<>(random.nextInt(3))
                                : new QueueModel.Take<Integer>())));
    }

    private static Function<Random, Object> inputs(Function<Random, Object> draw) {
        return draw;
    }

    private static Object exchange(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new CasRegisterModel.Write<>(random.nextInt(2));
            case 1 -> new CasRegisterModel.Read<Integer>();
            default ->
                new CasRegisterModel.CompareAndSet<>(
                        random.nextBoolean() ? Optional.empty() : Optional.of(random.nextInt(2)), random.nextInt(2));
        };
    }

    private static Object mapCall(Random random) {
        int key = random.nextInt(2);
        return switch (random.nextInt(4)) {
            case 0 -> new MapModel.Get<Integer, Integer>(key);
            case 1 -> new MapModel.Remove<Integer, Integer>(key);
            case 2 -> new MapModel.Replace<>(key, Optional.of(random.nextInt(2)), random.nextInt(2));
            default -> new MapModel.Put<>(key, random.nextInt(2));
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    <S, I, O> void theCheckerAgreesWithTheDefinition(String name, Model<S, I, O> model, Function<Random, I> inputs) {
        RandomHistories<S, I, O> histories = new RandomHistories<>(model, inputs);
        int good = 0;
        int bad = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Random random = new Random(seed);
            History<I, O> history = histories.draw(random, 1 + random.nextInt(MOST_CALLS));
            boolean expected = BruteForce.isLinearizable(model, history);

            Verdict verdict = LinearizabilityChecker.of(model).check(history);

            assertThat(verdict.isLinearizable())
                    .as("seed %d: %s", seed, history.operations())
                    .isEqualTo(expected);
            if (verdict instanceof Verdict.NotLinearizable not) {
                theFailureIsTheSmallest(model, not.failure());
                bad++;
            } else {
                good++;
            }
        }
        System.out.println(name + ": " + good + " linearizable histories and " + bad + " others");
        assertThat(Math.min(good, bad)).as("histories of the rarer kind").isGreaterThan(HISTORIES / 10);
    }

    /** What is shown has no order, but has one without its last answer, and the order shown is one. */
    @SuppressWarnings("unchecked")
    private static <S, I, O> void theFailureIsTheSmallest(Model<S, I, O> model, Failure failure) {
        List<Operation<I, O>> shown = (List<Operation<I, O>>) failure.operations();
        Operation<I, O> culprit = (Operation<I, O>) failure.culprit();
        List<Operation<I, O>> without = shown.stream()
                .map(call -> call.equals(culprit) ? culprit.open() : call)
                .toList();

        assertThat(BruteForce.isLinearizable(model, new History<>(shown))).isFalse();
        assertThat(BruteForce.isLinearizable(model, new History<>(without))).isTrue();
        S state = model.initial();
        for (Operation<I, O> call : (List<Operation<I, O>>) failure.order()) {
            Step<S, O> step = model.apply(state, call.input());
            if (call.ending() == Ending.RETURNED) {
                assertThat(call.output()).isEqualTo(step.output());
            }
            state = step.state();
        }
        assertThat(failure.state()).isEqualTo(String.valueOf(state));
        assertThat(failure.picture()).contains("<svg", "class=\"bar bad\"");
    }
}
