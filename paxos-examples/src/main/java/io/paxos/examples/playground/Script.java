// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.playground;

import io.paxos.examples.playground.RunRequest.Step;
import io.paxos.testkit.LiveSimulation;
import io.paxos.testkit.live.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Writes a scenario by playing it: whoever writes looks at the run and does things to it, and what was done is the
 * scenario. So it says "the leader", and not the name of whoever leads by this seed today.
 */
final class Script {

    private static final long MOST_MICROS = 10_000_000;
    private static final long LOOK_EVERY = 1_000;

    private final long seed;
    private final LiveSimulation run;
    private final List<Step> steps = new ArrayList<>();
    private final List<Scenario.Caption> captions = new ArrayList<>();
    private long from;

    Script(long seed) {
        this.seed = seed;
        this.run = LiveSimulation.begin(seed, Runs.NODES);
    }

    Script pass(long millis) {
        run.advance(run.micros() + millis * 1_000);
        return this;
    }

    /** Goes on until something is so. */
    Script until(String what, Predicate<Sight> condition) {
        while (!condition.test(run.look())) {
            if (run.micros() > MOST_MICROS) {
                throw new IllegalStateException("in " + MOST_MICROS + " microseconds it has not come to this: " + what);
            }
            run.advance(run.micros() + LOOK_EVERY);
        }
        return this;
    }

    /** Goes on until somebody leads whom everybody follows, of those who are up. */
    Script untilLed() {
        return until(
                "everybody follows a leader",
                sight -> !leaderOf(sight).isEmpty()
                        && sight.nodes().stream().filter(Sight.Node::up).allMatch(node -> leaderOf(sight)
                                .equals(node.leader())));
    }

    /** Goes on until one of these leads, and is followed by the rest of them. */
    Script untilLedAmong(List<String> names) {
        return until("one of " + names + " leads", sight -> {
            List<Sight.Node> some = sight.nodes().stream()
                    .filter(node -> names.contains(node.name()))
                    .toList();
            String leader = some.get(0).leader();
            return leader != null
                    && names.contains(leader)
                    && some.stream().allMatch(node -> leader.equals(node.leader()));
        });
    }

    private static String leaderOf(Sight sight) {
        return sight.nodes().stream()
                .filter(node -> node.role().equals("LEADER"))
                .map(Sight.Node::name)
                .findFirst()
                .orElse("");
    }

    /** Whoever leads now. */
    String leader() {
        return leaderOf(run.look());
    }

    /** Somebody who is up and does not lead; the number says which of them. */
    String follower(int number) {
        return run.look().nodes().stream()
                .filter(node -> node.up() && !node.role().equals("LEADER"))
                .map(Sight.Node::name)
                .toList()
                .get(number);
    }

    Script act(String action) {
        steps.add(new Step(run.micros(), action));
        if (!run.act(action)) {
            throw new IllegalStateException("at " + run.micros() + " this cannot be done: " + action);
        }
        return this;
    }

    /** Somebody wants a command executed, and has time. */
    Script ask(String node, String value) {
        return act("client 1 asks " + node + " within 300 ticks: '" + value + "'");
    }

    /** Watching begins here. */
    Script watch() {
        from = run.micros();
        return this;
    }

    Script say(String text) {
        captions.add(new Scenario.Caption(run.micros(), text));
        return this;
    }

    Scenario scenario(String id, String title, String summary) {
        return new Scenario(id, title, summary, seed, from, run.micros(), List.copyOf(steps), List.copyOf(captions));
    }
}
