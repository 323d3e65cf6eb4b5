// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A small replicated store whose mistakes, one at a time, the checker finds in what its clients were told. */
class PlantedBugsTest {

    private static final int SEEDS = 300;
    private static final int CALLS = 60;
    private static final int CLIENTS = 4;

    private enum Bug {
        NONE,
        /** A read is answered by a copy that lags behind. */
        STALE_READ,
        /** A replacement looks first and writes later, whatever happened in between. */
        LOST_UPDATE,
        /** A client that got no answer says that nothing happened. */
        UNKNOWN_TAKEN_FOR_ABSENT,
        /** A client that got no answer asks again, and the store does it again. */
        APPLIED_TWICE,
        /** The store forgets what it acknowledged last. */
        FORGOTTEN_AT_A_CRASH
    }

    /** One call under way: first the store looks, then it does it, then its client hears. */
    private static final class Running {
        private final HistoryRecorder<MapModel.Call<String, Integer>, Optional<Integer>>.Invocation invocation;
        private final MapModel.Call<String, Integer> call;
        private Optional<Integer> seen = Optional.empty();
        private int stage;
        private Optional<Integer> answer = Optional.empty();

        private Running(
                HistoryRecorder<MapModel.Call<String, Integer>, Optional<Integer>>.Invocation invocation,
                MapModel.Call<String, Integer> call) {
            this.invocation = invocation;
            this.call = call;
        }
    }

    private final MapModel<String, Integer> model = new MapModel<>();
    private Optional<Integer> stored = Optional.empty();
    private Optional<Integer> before = Optional.empty();
    private @Nullable Running doubled;

    @ParameterizedTest
    @EnumSource
    void theCheckerFindsTheMistakeAndNothingElse(Bug bug) {
        int found = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            Verdict verdict = LinearizabilityChecker.of(model).check(run(new Random(seed), bug));
            assertThat(verdict).isNotInstanceOf(Verdict.LimitExceeded.class);
            found += verdict.isLinearizable() ? 0 : 1;
        }
        System.out.println(bug + ": found in " + found + " of " + SEEDS + " histories");
        if (bug == Bug.NONE) {
            assertThat(found).isZero();
        } else {
            assertThat(found).as("of %d histories", SEEDS).isGreaterThan(SEEDS / 50);
        }
    }

    private History<MapModel.Call<String, Integer>, Optional<Integer>> run(Random random, Bug bug) {
        HistoryRecorder<MapModel.Call<String, Integer>, Optional<Integer>> recorder = new HistoryRecorder<>(() -> 0);
        List<Running> running = new ArrayList<>();
        stored = Optional.empty();
        before = Optional.empty();
        doubled = null;
        for (int calls = 0; calls < CALLS; ) {
            if (running.size() < CLIENTS && random.nextBoolean()) {
                MapModel.Call<String, Integer> call = call(random, calls);
                running.add(new Running(recorder.invoke("c" + calls, call), call));
                calls++;
            } else if (!running.isEmpty()) {
                Running some = running.get(random.nextInt(running.size()));
                if (goOn(some, random, bug)) {
                    running.remove(some);
                }
            }
            if (doubled != null && random.nextInt(4) == 0) {
                execute(doubled, bug);
                doubled = null;
            }
            if (bug == Bug.FORGOTTEN_AT_A_CRASH && random.nextInt(100) == 0) {
                stored = before;
            }
        }
        return recorder.history();
    }

    private static MapModel.Call<String, Integer> call(Random random, int number) {
        return switch (random.nextInt(3)) {
            case 0 -> new MapModel.Get<>("k");
            case 1 -> new MapModel.Put<>("k", number);
            default -> new MapModel.Replace<>("k", Optional.of(random.nextInt(number + 1)), number);
        };
    }

    private boolean goOn(Running some, Random random, Bug bug) {
        switch (some.stage++) {
            case 0 -> some.seen = stored;
            case 1 -> execute(some, bug);
            default -> {
                boolean lost = random.nextInt(8) == 0;
                if (!lost) {
                    some.invocation.returned(some.answer);
                } else if (bug == Bug.UNKNOWN_TAKEN_FOR_ABSENT) {
                    some.invocation.refused();
                } else {
                    some.invocation.unknown();
                    again(some, bug);
                }
                return true;
            }
        }
        return false;
    }

    private void again(Running some, Bug bug) {
        if (bug == Bug.APPLIED_TWICE) {
            doubled = some;
        }
    }

    private void execute(Running some, Bug bug) {
        Optional<Integer> meets = stored;
        if (bug == Bug.STALE_READ && some.call instanceof MapModel.Get) {
            meets = before;
        } else if (bug == Bug.LOST_UPDATE) {
            meets = some.seen;
        }
        Step<Optional<Integer>, Optional<Integer>> step = model.apply(meets, some.call);
        some.answer = step.output();
        if (!step.state().equals(meets)) {
            before = stored;
            stored = step.state();
        }
    }
}
