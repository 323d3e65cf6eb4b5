// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import com.fasterxml.jackson.core.JsonGenerator;
import io.paxos.testkit.live.Sight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What there is to watch. */
final class Scenarios {

    private static List<Scenario> written = List.of();

    private Scenarios() {}

    /** All of them. They are played to their ends while they are written, which is done when somebody first asks. */
    static synchronized List<Scenario> all() {
        if (written.isEmpty()) {
            written = List.of(election(), duel(), leaderDeath(), partition(), lostDisk(), membership(), loss());
        }
        return written;
    }

    /** What the page reads before anything else: the scenarios, and how much a run may be. */
    static byte[] json(List<Scenario> scenarios) {
        return Json.write(json -> write(json, scenarios));
    }

    private static boolean isChosen(Sight sight, String value) {
        return sight.chosen().stream().anyMatch(slot -> slot.value().equals("“" + value + "”"));
    }

    private static boolean isAppliedByAll(Sight sight, String value) {
        long slot = sight.chosen().stream()
                .filter(each -> each.value().equals("“" + value + "”"))
                .mapToLong(Sight.Slot::number)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        return sight.nodes().stream().filter(Sight.Node::up).allMatch(node -> node.applied() >= slot);
    }

    private static Script led(long seed) {
        return new Script(seed).untilLed().pass(120).watch();
    }

    private static Scenario election() {
        Script script = new Script(7)
                .pass(170)
                .watch()
                .say(
                        "Five nodes have just found each other. Nobody leads: each waits a random time, then stands for leader"
                                + " with a ballot that nobody has used before, and asks the others for a Promise.")
                .untilLed()
                .pass(20)
                .say(
                        "A quorum promised, so there is a leader. It sends Heartbeats; as long as these are heard, nobody else"
                                + " stands.")
                .pass(150);
        script.say(
                        "Somebody asks a follower to have “apple” executed. It forwards that to the leader, which proposes it in"
                                + " the next slot: Accept to all. Three of five durable Accepteds choose it.")
                .ask(script.follower(1), "apple")
                .until("apple is executed", sight -> isAppliedByAll(sight, "apple"))
                .pass(60)
                .say("All five have executed the same. Now it is yours: click a node or a link, or propose a value.")
                .pass(200);
        return script.scenario(
                "election", "First election", "Five nodes elect a leader and agree on their first value.");
    }

    private static Scenario duel() {
        Script script = led(12).say(
                        "A decree is one decision by name, without a leader: anybody may propose. Two do, at the same moment and"
                                + " for the same name.")
                .act("n1 proposes for owner within 300 ticks: 'one'")
                .act("n4 proposes for owner within 300 ticks: 'four'")
                .pass(25)
                .say(
                        "Both prepared with ballots of round 1. The higher one wins the Promises; whoever comes too late with a"
                                + " lower one gets a Nack.")
                .until("the decree is chosen", sight -> sight.decrees().stream()
                        .anyMatch(decree -> decree.chosen() != null))
                .pass(10)
                .say(
                        "One value is chosen. Whoever prepares from now on finds it, and must propose that instead of its own.")
                .until(
                        "everybody knows",
                        sight -> sight.decrees().get(0).nodes().size() == Runs.NODES
                                && sight.decrees().get(0).nodes().values().stream()
                                        .allMatch(Sight.Holding::decided))
                .pass(100);
        return script.scenario(
                "duel", "Duel", "Two nodes propose different values for one name, and both get the same answer.");
    }

    private static Scenario leaderDeath() {
        Script script = led(7);
        String leader = script.leader();
        String asked = script.follower(0);
        String other = script.follower(2);
        script.ask(asked, "apple")
                .say("The leader of this cluster is at work: “apple” is on its way into the log.")
                .until("apple is executed", sight -> isAppliedByAll(sight, "apple"))
                .pass(40)
                .ask(other, "plum")
                .say("“plum” is proposed next, and the leader will die in the middle of it.")
                .until("plum is chosen", sight -> isChosen(sight, "plum"))
                .act(leader + " crashes")
                .say(
                        "The leader is dead. Some have accepted “plum”, and nobody has been told that it is chosen. The others"
                                + " miss the Heartbeats…")
                .untilLed()
                .say(
                        "… and elect another, with a higher ballot. The Promises that it got told it of “plum”, so it proposes"
                                + " that again in the same slot: what may be chosen is never lost.")
                .until("plum is executed", sight -> isAppliedByAll(sight, "plum"))
                .pass(40)
                .ask(asked, "cherry")
                .until("cherry is executed", sight -> isAppliedByAll(sight, "cherry"))
                .pass(60)
                .act(leader + " starts")
                .say("The one that was dead comes back with its disk. It votes again, and fetches what it missed.")
                .until("it has caught up", sight -> isAppliedByAll(sight, "cherry"))
                .pass(150);
        return script.scenario(
                "leader-death", "Leader death", "The leader dies with a value half way; the next one finishes it.");
    }

    private static Scenario partition() {
        Script script = led(21);
        String leader = script.leader();
        List<String> few = List.of(leader, script.follower(0));
        List<String> many = List.of(script.follower(1), script.follower(2), script.follower(3));
        script.say("The network falls apart: the leader and one other on one side, three on the other.");
        List<String> cuts = new ArrayList<>();
        for (String a : few) {
            for (String b : many) {
                String number = cutNumber(a, b);
                script.act("cut " + number + ": " + a + "-" + b);
                cuts.add("cut " + number + " is healed");
            }
        }
        script.pass(30)
                .ask(few.get(1), "minority")
                .say(
                        "Both sides are asked for something. On the side of two no quorum can be had: its leader proposes in"
                                + " vain, and steps down when it notices.")
                .untilLedAmong(many)
                .say(
                        "The side of three is a quorum: it elects its own leader, with a higher ballot, and goes on. The old one may"
                                + " still think that it leads: without a quorum that does no harm.")
                .ask(many.get(0), "majority")
                .until("majority is chosen", sight -> isChosen(sight, "majority"))
                .pass(80);
        cuts.forEach(script::act);
        script.say(
                        "The network is whole again. What the two had accepted gives way to what was chosen, and what still waits"
                                + " is proposed anew.")
                .untilLed()
                .until("all have executed it", sight -> isAppliedByAll(sight, "majority"))
                .pass(300);
        return script.scenario(
                "partition", "Partition", "Two are cut off from three: only the side with a quorum goes on.");
    }

    /** The page numbers the cut of a link by the two nodes, the lower one first. */
    private static String cutNumber(String a, String b) {
        boolean inOrder = a.compareTo(b) < 0;
        return (inOrder ? a + b : b + a).replace("n", "");
    }

    private static Scenario lostDisk() {
        Script script = led(5);
        String leader = script.leader();
        String loser = script.follower(1);
        script.ask(leader, "apple")
                .say("All five hold “apple” on their disks, as soon as it is decided.")
                .until("apple is executed", sight -> isAppliedByAll(sight, "apple"))
                .pass(30)
                .act(loser + " crashes")
                .act(loser + " loses its store")
                .say("A node dies, and its disk with it: what it had promised and accepted is gone.")
                .pass(120)
                .act(loser + " starts")
                .say(
                        "It comes back under its name, with an empty disk. Were it to vote, it might break a promise that it"
                                + " cannot remember: so it is a stranger. It learns, and is not counted.")
                .until("it has learned", sight -> isAppliedByAll(sight, "apple"))
                .pass(150)
                .act(leader + " is asked to let " + loser + " vote within 300 ticks")
                .say(
                        "An operator asks for a change of membership: the disk that it has now is to count. That goes through"
                                + " the log, like any value, and governs four slots later.")
                .until("it votes again", sight -> sight.nodes().stream()
                        .allMatch(node -> node.standing().equals("VOTER")))
                .pass(40)
                .say("It votes again, by its new disk.")
                .pass(150);
        return script.scenario(
                "lost-disk", "Lost disk", "A node that has lost its disk is a stranger until it is admitted again.");
    }

    private static Scenario membership() {
        Script script = led(9);
        String leader = script.leader();
        String first = script.follower(2);
        String second = script.follower(3);
        script.say(
                        "Five vote. One after the other, two are let go: a change is a value in the log, and governs four slots"
                                + " behind the one that decides it; no-ops fill these.")
                .act(leader + " is asked to let " + first + " leave within 300 ticks")
                .until("the first has left", sight -> voters(sight) == 4)
                .pass(200)
                .act(leader + " is asked to let " + second + " leave within 300 ticks")
                .until("the second has left", sight -> voters(sight) == 3)
                .pass(200)
                .act(first + " crashes")
                .act(second + " crashes")
                .say("Three vote now, so both may be switched off. And one more may die:")
                .pass(60);
        String third = script.follower(0);
        script.act(third + " crashes")
                .ask(leader, "two of three")
                .say("Two of three are a quorum. Of five they would not be.")
                .until("two of three is executed", sight -> isAppliedByAll(sight, "two of three"))
                .pass(60)
                .act(third + " starts")
                .act(first + " starts")
                .pass(150)
                .act(leader + " is asked to let " + first + " vote within 300 ticks")
                .say("One of those who left comes back, catches up, and is to vote again.")
                .until("four vote", sight -> voters(sight) == 4)
                .pass(200);
        return script.scenario(
                "membership", "Membership change", "Voters leave and come back while the cluster is at work.");
    }

    private static long voters(Sight sight) {
        return sight.nodes().stream()
                .filter(node -> node.up() && node.standing().equals("VOTER"))
                .count();
    }

    private static Scenario loss() {
        Script script = led(3).say("Every link loses a third of its messages.");
        for (int from = 1; from <= Runs.NODES; from++) {
            for (int to = 1; to <= Runs.NODES; to++) {
                if (from != to) {
                    script.act("n" + from + ">n" + to + " loses 33 of 100 messages");
                }
            }
        }
        for (String value : List.of("apple", "plum", "cherry")) {
            script.ask(script.follower(1), value);
        }
        script.pass(60)
                .say(
                        "Nobody relies on a message to arrive. What is not answered is sent again, and doubled messages do no"
                                + " harm: slow, and never wrong.")
                .until(
                        "all is executed",
                        sight -> isAppliedByAll(sight, "apple")
                                && isAppliedByAll(sight, "plum")
                                && isAppliedByAll(sight, "cherry"))
                .pass(150);
        return script.scenario(
                "loss", "Lossy links", "A third of all messages is lost, and the values are agreed upon.");
    }

    private static void write(JsonGenerator json, List<Scenario> scenarios) throws IOException {
        json.writeStartObject();
        json.writeNumberField("most", RunRequest.MOST_MICROS);
        json.writeNumberField("mostSteps", RunRequest.MOST_STEPS);
        json.writeArrayFieldStart("scenarios");
        for (Scenario scenario : scenarios) {
            json.writeStartObject();
            json.writeStringField("id", scenario.id());
            json.writeStringField("title", scenario.title());
            json.writeStringField("summary", scenario.summary());
            json.writeNumberField("seed", scenario.seed());
            json.writeNumberField("from", scenario.from());
            json.writeNumberField("to", scenario.to());
            json.writeArrayFieldStart("steps");
            for (RunRequest.Step step : scenario.steps()) {
                pair(json, step.at(), step.action());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("captions");
            for (Scenario.Caption caption : scenario.captions()) {
                pair(json, caption.at(), caption.text());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void pair(JsonGenerator json, long at, String text) throws IOException {
        json.writeStartArray();
        json.writeNumber(at);
        json.writeString(text);
        json.writeEndArray();
    }
}
