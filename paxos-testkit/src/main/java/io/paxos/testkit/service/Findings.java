// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.testkit.simulation.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a failure.
 *
 * @param seed the seed
 * @param property what does not hold
 * @param what who did what, in the shortest run if there is one
 * @param diagnosis what is wrong with the state machine itself, or null
 * @param drawn the plan that the seed drew
 * @param plan the shortest plan that fails in the same way
 * @param planText that plan, to be read again
 * @param runs how many plans were tried to find it
 * @param isReplayed whether plans repeat the failure at all; if not, only the seed may
 * @param story what happens in it, line by line
 */
record Findings(
        long seed,
        String property,
        String what,
        @Nullable String diagnosis,
        Plan drawn,
        Plan plan,
        String planText,
        int runs,
        boolean isReplayed,
        List<String> story) {

    private static final int MOST_LINES = 80;

    Findings {
        story = List.copyOf(story);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(": \"").append(property).append("\" does not hold\n  ");
        text.append(what.replace("\n", "\n  ")).append('\n');
        if (diagnosis != null) {
            text.append("\nThe state machine alone shows it: ")
                    .append(diagnosis)
                    .append(".\n");
        }
        if (!isReplayed) {
            return text.append("\nDone again to the same cluster, the same faults and commands do not fail like this, ")
                    .append("so something else decides: a clock, randomness, or something that runs share. ")
                    .append("To try the seed again: .seed(")
                    .append(seed)
                    .append(")\n")
                    .toString();
        }
        text.append(String.format(
                "%nOf %d faults and %d commands these suffice: %d and %d (%d plans tried).%n%n",
                drawn.strikes(), drawn.calls(), plan.strikes(), plan.calls(), runs));
        text.append("What happens then:\n\n");
        if (story.size() > MOST_LINES) {
            text.append("  … ").append(story.size() - MOST_LINES).append(" earlier lines\n");
        }
        story.subList(Math.max(0, story.size() - MOST_LINES), story.size())
                .forEach(line -> text.append(line).append('\n'));
        text.append("\nTo replay exactly this, put .replay(plan) in the place of .run(), with\n\n");
        text.append("String plan = \"\"\"\n");
        planText.lines().forEach(line -> text.append("        ").append(line).append('\n'));
        text.append("        \"\"\";\n\nTo run the whole seed again: .seed(")
                .append(seed)
                .append(").run()\n");
        return text.toString();
    }
}
