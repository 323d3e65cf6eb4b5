// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.testkit.live.Letter;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is driven by hand: what is done to it happens, it can be looked at, and it can be repeated. */
class LiveSimulationTest {

    private static final long SECOND = 1_000_000;

    private final LiveSimulation run = LiveSimulation.begin(7, 5);

    private Sight at(long micros) {
        run.advance(micros);
        return run.look();
    }

    private static Sight.Node node(Sight sight, String name) {
        return sight.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String leader(Sight sight) {
        return sight.nodes().stream()
                .filter(node -> node.role().equals("LEADER"))
                .findFirst()
                .orElseThrow()
                .name();
    }

    private static List<String> values(List<Sight.Slot> slots) {
        return slots.stream().map(Sight.Slot::value).toList();
    }

    @Test
    void fiveNodesElectALeaderAndExecuteWhatIsAsked() {
        at(SECOND);
        assertThat(run.act("client 1 asks n2 within 200 ticks: 'plum'")).isTrue();
        Sight sight = at(2 * SECOND);

        assertThat(values(sight.chosen())).contains("“plum”");
        assertThat(sight.nodes()).allSatisfy(node -> {
            assertThat(node.up()).isTrue();
            assertThat(node.leader()).isEqualTo(leader(sight));
            assertThat(node.applied()).isEqualTo(sight.chosen().size());
            assertThat(values(node.log())).isEqualTo(values(sight.chosen()));
            assertThat(node.standing()).isEqualTo("VOTER");
        });
        assertThat(sight.lights()).hasSizeGreaterThan(25).allMatch(Sight.Light::holds);
        assertThat(sight.violation()).isNull();
    }

    @Test
    void everyMessageIsShownFromItsDepartureToItsArrival() {
        run.advance(SECOND);
        while (run.look().underWay().isEmpty()) {
            run.step(2 * SECOND);
        }
        Sight sight = run.look();
        List<Letter> letters = run.takeLetters();

        assertThat(letters).extracting(Letter::kind).contains("Prepare", "Promise", "Heartbeat");
        assertThat(letters)
                .allSatisfy(letter -> assertThat(letter.arrives()).isGreaterThan(letter.sent()))
                .filteredOn(letter -> letter.arrives() > sight.micros())
                .containsExactlyInAnyOrderElementsOf(sight.underWay());
        assertThat(letters)
                .filteredOn(letter -> letter.kind().equals("Prepare"))
                .allMatch(letter -> letter.text().startsWith("Prepare "));
        assertThat(run.takeLetters()).isEmpty();
    }

    @Test
    void linksAreCutAndHealedAndSlowAndLoseMessages() {
        at(SECOND);
        run.act("cut 12: n1-n2");
        run.act("n2>n3 takes 40 ms longer");
        run.act("n4>n5 loses 100 of 100 messages");
        run.takeLetters();
        Sight sight = at(2 * SECOND);

        assertThat(sight.links())
                .containsExactly(
                        new Sight.Link("n1", "n2", true, 0, 0),
                        new Sight.Link("n2", "n1", true, 0, 0),
                        new Sight.Link("n2", "n3", false, 40_000, 0),
                        new Sight.Link("n4", "n5", false, 0, 100));
        List<Letter> letters = run.takeLetters();
        assertThat(letters)
                .filteredOn(letter -> letter.from().equals("n2") && letter.to().equals("n3"))
                .allMatch(letter -> letter.arrives() - letter.sent() >= 40_000);
        assertThat(letters).filteredOn(Letter::lost).allMatch(letter -> List.of("n1n2", "n2n1", "n4n5")
                .contains(letter.from() + letter.to()));

        run.act("cut 12 is healed");
        run.act("n2>n3 takes 0 ms longer");
        run.act("n4>n5 loses 0 of 100 messages");
        assertThat(run.look().links()).isEmpty();
    }

    @Test
    void theSameDoneAtTheSameMomentsIsTheSameRunHoweverItIsCutIntoSteps() {
        List<Object> once = story(LiveSimulation.begin(7, 5), 3 * SECOND);
        List<Object> inSteps = story(LiveSimulation.begin(7, 5), 777);

        assertThat(inSteps).isEqualTo(once);
        assertThat(story(LiveSimulation.begin(8, 5), 3 * SECOND)).isNotEqualTo(once);
    }

    private static List<Object> story(LiveSimulation run, long stride) {
        List<Object> story = new ArrayList<>();
        for (String line : List.of("n2 crashes", "client 1 asks n1 within 200 ticks: 'a'", "n2 starts")) {
            long next = run.micros() + SECOND;
            for (long stop = run.micros(); stop < next; stop += stride) {
                run.advance(Math.min(next, stop + stride));
            }
            run.advance(next);
            run.act(line);
            story.add(run.look());
        }
        run.advance(4 * SECOND);
        story.add(run.look());
        story.addAll(run.takeNews());
        story.addAll(run.takeLetters());
        return story;
    }

    @Test
    void aLostStoreMakesAStrangerWhichAChangeOfMembershipAdmitsAgain() {
        String leader = leader(at(SECOND));
        String other = leader.equals("n1") ? "n2" : "n1";
        run.act("client 1 asks n3 within 200 ticks: 'kept'");
        at(2 * SECOND);
        run.act(other + " crashes");
        assertThat(run.act(other + " loses its store")).isTrue();
        assertThat(node(run.look(), other).log()).isEmpty();
        run.act(other + " starts");
        Sight.Node back = node(at(3 * SECOND), other);
        assertThat(back.standing()).isEqualTo("STRANGER");
        assertThat(back.trouble()).contains("is gone");
        assertThat(values(back.log())).contains("“kept”");

        run.act(leader + " is asked to let " + other + " vote within 300 ticks");
        Sight after = at(5 * SECOND);
        assertThat(node(after, other).standing()).isEqualTo("VOTER");
        assertThat(node(after, other).trouble()).isNull();
    }

    @Test
    void whatWouldDoNothingIsNotDoneAndSaysWhy() {
        at(SECOND);
        run.act("n1 crashes");
        run.takeNews();

        assertThat(run.act("n1 crashes")).isFalse();
        assertThat(run.act("n2 starts")).isFalse();
        assertThat(run.act("n2 loses its store")).isFalse();
        assertThat(run.takeNews())
                .extracting(News::text)
                .containsExactly(
                        "not done: n1 crashes, for n1 is down",
                        "not done: n2 starts, for n2 is up",
                        "not done: n2 loses its store, for n2 is up");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n6 crashes", "n0 starts", "n1>n12 takes 1 ms longer", "cut 1: n1-n7", "n1 dances"})
    void whatCannotBeDoneIsRefusedByItsName(String action) {
        assertThatThrownBy(() -> run.act(action))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(action);
    }

    @Test
    void namesInFreeTextAreNoNodes() {
        at(SECOND);
        assertThat(run.act("client 1 asks n1 within 200 ticks: 'n9'")).isTrue();
        assertThat(run.act("n1 proposes for n9 within 200 ticks: 'n8'")).isTrue();
        Sight sight = at(2 * SECOND);
        assertThat(sight.decrees()).singleElement().satisfies(decree -> {
            assertThat(decree.name()).isEqualTo("n9");
            assertThat(decree.chosen()).isEqualTo("“n8”");
            assertThat(decree.nodes().values()).anyMatch(Sight.Holding::decided);
        });
    }

    @Test
    void clocksThatRunWildEndTheRunInsteadOfNeverComingToAnEnd() {
        run.act("the clocks of n1 go 1E9 times as fast");
        assertThat(at(SECOND).violation()).contains("a run comes to an end");
    }
}
