// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.playground.RunRequest.Step;
import io.paxos.testkit.live.Sight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A link leads everybody to the same moment of the same run, whatever was asked for before. */
class RunsTest {

    private static final List<Step> STEPS = List.of(
            new Step(500_000, "client 1 asks n2 within 300 ticks: 'plum'"),
            new Step(530_000, "n1 crashes"),
            new Step(530_000, "cut 23: n2-n3"),
            new Step(700_000, "n1 starts"));

    private final Runs runs = new Runs();

    private static RunRequest part(List<Step> steps, long from, long to) {
        return new RunRequest(7, steps, from, to);
    }

    private static String shown(Runs runs, List<Step> steps, long from, long to) {
        return new String(ChunkJson.of(runs.play(part(steps, from, to))), StandardCharsets.UTF_8);
    }

    @Test
    void goingOnGoingBackAndBeginningAnewShowTheSame() {
        List<String> onwards = new ArrayList<>();
        for (long from = 0; from < 1_000_000; from += 200_000) {
            onwards.add(shown(runs, STEPS, from, from + 200_000));
        }
        for (int part = 4; part >= 0; part--) {
            long from = part * 200_000L;
            assertThat(shown(runs, STEPS, from, from + 200_000)).isEqualTo(onwards.get(part));
            assertThat(shown(new Runs(), STEPS, from, from + 200_000)).isEqualTo(onwards.get(part));
        }
    }

    @Test
    void whatIsDoneLaterChangesNothingBefore() {
        String before = shown(runs, List.of(), 400_000, 500_000);
        shown(runs, List.of(), 500_000, 900_000);

        assertThat(shown(runs, STEPS, 400_000, 500_000)).isEqualTo(before);
        assertThat(shown(runs, STEPS, 500_000, 900_000)).isNotEqualTo(shown(runs, List.of(), 500_000, 900_000));
    }

    @Test
    void aRunThatWentOnWithoutAnActionIsNotTakenForOneWithIt() {
        shown(runs, List.of(), 0, 200_000);
        shown(runs, List.of(), 400_000, 600_000);
        List<Step> done = List.of(new Step(550_000, "n1 crashes"));

        assertThat(shown(runs, done, 600_000, 700_000)).isEqualTo(shown(new Runs(), done, 600_000, 700_000));
    }

    @Test
    void whatIsDoneAtTheEndOfAPartIsTheFirstThingInTheNext() {
        Chunk before = runs.play(part(STEPS, 400_000, 500_000));
        Chunk after = runs.play(part(STEPS, 500_000, 600_000));

        assertThat(before.news()).noneMatch(news -> news.text().contains("plum"));
        assertThat(after.news().get(0).text()).contains("client 1 asks n2");
        assertThat(after.news().get(0).micros()).isEqualTo(500_000);
    }

    @Test
    void thePartsOfARunFitTogether() {
        Sight end = null;
        for (long from = 0; from < 1_000_000; from += 100_000) {
            Chunk chunk = runs.play(part(STEPS, from, from + 100_000));
            if (end != null) {
                assertThat(chunk.start()).isEqualTo(end);
            }
            end = chunk.changes().get(chunk.changes().size() - 1).after();
            assertThat(end.micros()).isEqualTo(from + 100_000);
        }
    }

    @Test
    void theLongestRunThatIsAllowedIsStillARun() {
        Chunk last = runs.play(part(STEPS, RunRequest.MOST_MICROS - 100_000, RunRequest.MOST_MICROS));

        assertThat(last.start().violation()).isNull();
        assertThat(last.start().nodes()).allMatch(Sight.Node::up);
    }
}
