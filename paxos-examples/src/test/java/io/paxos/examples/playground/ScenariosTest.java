// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.playground.RunRequest.Step;
import io.paxos.testkit.LiveSimulation;
import io.paxos.testkit.live.Letter;
import io.paxos.testkit.live.News;
import io.paxos.testkit.live.Sight;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every scenario shows what its words say, and all that must hold holds. */
class ScenariosTest {

    private static Map<String, Scenario> scenarios;

    @BeforeAll
    static void write() {
        scenarios = Scenarios.all().stream().collect(Collectors.toMap(Scenario::id, Function.identity()));
    }

    /** A scenario as the page plays it: by its steps alone. */
    private static final class Showing {

        private final LiveSimulation run;
        private final List<Step> steps;
        private int done;

        Showing(String id) {
            Scenario scenario = scenarios.get(id);
            run = LiveSimulation.begin(scenario.seed(), Runs.NODES);
            steps = scenario.steps();
        }

        Sight at(long micros) {
            while (done < steps.size() && steps.get(done).at() < micros) {
                run.advance(steps.get(done).at());
                assertThat(run.act(steps.get(done).action()))
                        .as(steps.get(done).action())
                        .isTrue();
                done++;
            }
            run.advance(micros);
            return run.look();
        }

        List<News> news() {
            return run.takeNews();
        }
    }

    private static Sight end(String id) {
        return new Showing(id).at(scenarios.get(id).to());
    }

    private static long when(String id, String action) {
        return scenarios.get(id).steps().stream()
                .filter(step -> step.action().matches(action))
                .findFirst()
                .orElseThrow()
                .at();
    }

    private static Sight.Node node(Sight sight, String name) {
        return sight.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> leaders(Sight sight) {
        return sight.nodes().stream()
                .filter(node -> node.role().equals("LEADER"))
                .map(Sight.Node::name)
                .toList();
    }

    private static List<String> chosen(Sight sight) {
        return sight.chosen().stream().map(Sight.Slot::value).toList();
    }

    @Test
    void inEachOfThemEverythingHoldsToTheEndAndSomethingIsSaidOfIt() {
        assertThat(scenarios)
                .containsOnlyKeys("election", "duel", "leader-death", "partition", "lost-disk", "membership", "loss");
        scenarios.forEach((id, scenario) -> {
            Sight sight = end(id);
            assertThat(sight.lights()).as(id).hasSize(31).allMatch(Sight.Light::holds);
            assertThat(sight.violation()).as(id).isNull();
            assertThat(scenario.to()).as(id).isLessThan(RunRequest.MOST_MICROS / 2);
            assertThat(scenario.captions()).as(id).isNotEmpty();
            assertThat(scenario.captions().get(0).at()).as(id).isEqualTo(scenario.from());
        });
    }

    @Test
    void theFirstElectionBeginsWithoutALeaderAndEndsWithOneAndItsFirstValue() {
        Scenario election = scenarios.get("election");
        assertThat(leaders(new Showing("election").at(election.from()))).isEmpty();
        Sight end = end("election");
        assertThat(leaders(end)).hasSize(1);
        assertThat(chosen(end)).contains("“apple”");
        assertThat(end.nodes()).allMatch(node -> node.applied() == end.chosen().size());
    }

    @Test
    void inTheDuelSomebodyIsRefusedAndAllAgreeOnOneOfTheTwo() {
        Showing duel = new Showing("duel");
        Sight end = duel.at(scenarios.get("duel").to());
        assertThat(duel.run.takeLetters()).extracting(Letter::kind).contains("Prepare", "Promise", "Nack", "Decide");
        assertThat(end.decrees()).singleElement().satisfies(decree -> {
            assertThat(decree.chosen()).isIn("“one”", "“four”");
            assertThat(decree.nodes().values())
                    .hasSize(5)
                    .allMatch(holding -> holding.decided() && holding.accepted().equals(decree.chosen()));
        });
        assertThat(duel.news())
                .filteredOn(news -> news.text().startsWith("answers: chosen is "))
                .hasSize(2)
                .allMatch(news -> news.text().endsWith(end.decrees().get(0).chosen()));
    }

    @Test
    void whenTheLeaderDiesAnotherOneFinishesWhatItBeganAndNoSlotIsLost() {
        long death = when("leader-death", "n\\d crashes");
        Showing showing = new Showing("leader-death");
        Sight before = showing.at(death);
        String dead = leaders(before).get(0);
        assertThat(chosen(before)).contains("“apple”", "“plum”");
        assertThat(before.nodes())
                .filteredOn(node -> !node.name().equals(dead))
                .as("nobody but the leader can know yet that plum is chosen")
                .allMatch(node -> node.decided() < before.chosen().size());

        Sight after = showing.at(when("leader-death", dead + " starts"));
        assertThat(node(after, dead).up()).isFalse();
        assertThat(leaders(after)).hasSize(1).doesNotContain(dead);
        assertThat(after.chosen().subList(0, before.chosen().size()))
                .extracting(Sight.Slot::value)
                .isEqualTo(chosen(before));

        Sight end = showing.at(scenarios.get("leader-death").to());
        assertThat(chosen(end)).contains("“apple”", "“plum”", "“cherry”");
        assertThat(end.nodes())
                .allMatch(node -> node.up() && node.applied() == end.chosen().size());
    }

    @Test
    void inThePartitionOnlyTheSideWithAQuorumGoesOn() {
        long healed = when("partition", "cut \\d+ is healed");
        Showing showing = new Showing("partition");
        Sight cut = showing.at(healed);
        assertThat(cut.links()).hasSize(12).allMatch(Sight.Link::cut);
        assertThat(chosen(cut)).contains("“majority”").doesNotContain("“minority”");

        Sight end = showing.at(scenarios.get("partition").to());
        assertThat(end.links()).isEmpty();
        assertThat(chosen(end)).contains("“majority”");
        assertThat(end.nodes()).allMatch(node -> node.applied() >= cut.chosen().size());
        assertThat(leaders(end)).hasSize(1);
    }

    @Test
    void whoeverLostItsDiskIsAStrangerUntilItIsAdmittedAgain() {
        String loser = scenarios.get("lost-disk").steps().stream()
                .map(Step::action)
                .filter(action -> action.endsWith("loses its store"))
                .findFirst()
                .orElseThrow()
                .substring(0, 2);
        Sight.Node back = node(new Showing("lost-disk").at(when("lost-disk", ".* vote within .*")), loser);
        assertThat(back.standing()).isEqualTo("STRANGER");
        assertThat(back.log()).extracting(Sight.Slot::value).contains("“apple”");
        assertThat(node(end("lost-disk"), loser).standing()).isEqualTo("VOTER");
    }

    @Test
    void votersLeaveAndComeBackAndTwoOfThreeAreAQuorum() {
        Showing showing = new Showing("membership");
        Sight before = showing.at(when("membership", ".* vote within .*"));
        assertThat(chosen(before)).contains("“two of three”");
        assertThat(before.nodes()).filteredOn(Sight.Node::up).hasSize(4);
        assertThat(before.nodes())
                .filteredOn(node -> node.standing().equals("VOTER"))
                .hasSize(3);
        assertThat(showing.at(scenarios.get("membership").to()).nodes())
                .filteredOn(node -> node.standing().equals("VOTER"))
                .hasSize(4);
    }

    @Test
    void whereAThirdOfAllMessagesIsLostTheValuesAreAgreedUponAllTheSame() {
        Showing showing = new Showing("loss");
        Sight end = showing.at(scenarios.get("loss").to());
        assertThat(showing.run.takeLetters()).filteredOn(Letter::lost).hasSizeGreaterThan(20);
        assertThat(chosen(end)).contains("“apple”", "“plum”", "“cherry”");
        assertThat(end.nodes()).allMatch(node -> node.applied() == end.chosen().size());
    }
}
