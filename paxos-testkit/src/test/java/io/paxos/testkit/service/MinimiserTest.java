// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.testkit.simulation.Plan;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Delta debugging over plans: the shortest plan that still fails, in a bounded number of tries. */
class MinimiserTest {

    private final Plan plan = Plan.read(IntStream.range(0, 200)
            .mapToObj(i -> i + " ms  n" + (1 + i % 3) + " stands still for " + i + " ms")
            .collect(Collectors.joining("\n")));

    private static Predicate<Plan> needs(Integer... causes) {
        return plan -> plan.causes().containsAll(List.of(causes));
    }

    @Test
    void findsExactlyWhatIsNeededWhereverItIs() {
        Minimiser minimiser = new Minimiser(needs(3, 77, 198), 500);

        assertThat(minimiser.minimise(plan, plan.end()).causes()).containsExactly(3, 77, 198);
        assertThat(minimiser.runs()).isLessThan(200);
    }

    @Test
    void nothingIsLeftWhereNothingIsNeeded() {
        assertThat(new Minimiser(anything -> true, 500)
                        .minimise(plan, plan.end())
                        .causes())
                .isEmpty();
    }

    @Test
    void stopsWhenItHasTriedEnough() {
        Minimiser minimiser = new Minimiser(needs(3, 77, 198), 10);

        assertThat(minimiser.minimise(plan, plan.end()).causes()).contains(3, 77, 198);
        assertThat(minimiser.runs()).isEqualTo(10);
    }

    @Test
    void whatHappensAfterTheFailureIsLeftOutAtOnce() {
        Minimiser minimiser = new Minimiser(needs(5), 1);

        assertThat(minimiser.minimise(plan, 10_000).causes())
                .hasSizeLessThan(13)
                .contains(5);
    }

    @Test
    void makesTheWorldEasierWhereTheFailureDoesNotNeedItHard() {
        Plan shortest = new Minimiser(candidate -> !candidate.eases().contains(Plan.Ease.DISKS), 500)
                .minimise(plan, plan.end());

        assertThat(shortest.eases()).containsExactly(Plan.Ease.NETWORK);
    }
}
