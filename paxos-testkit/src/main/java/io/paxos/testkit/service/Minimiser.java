// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.testkit.simulation.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a plan that fails shorter as long as it goes on failing in the same way: delta debugging (Zeller and Hildebrandt,
 * "Simplifying and isolating failure-inducing input") over the strikes of faults and the calls of clients. Deterministic;
 * it tries so many plans at most.
 */
final class Minimiser {

    private final Predicate<Plan> fails;
    private final int mostRuns;
    private int runs;

    Minimiser(Predicate<Plan> fails, int mostRuns) {
        this.fails = fails;
        this.mostRuns = mostRuns;
    }

    /** How many plans were tried. */
    int runs() {
        return runs;
    }

    private boolean stillFails(Plan plan) {
        if (runs == mostRuns) {
            return false;
        }
        runs++;
        return fails.test(plan);
    }

    /** The shortest plan found; the given one must fail. */
    Plan minimise(Plan failing, long failedAt) {
        Plan plan = better(failing, failing.endingAt(Math.min(failing.end(), failedAt + 1)));
        plan = eased(plan);
        plan = fewerCauses(plan);
        plan = fewerSteps(plan);
        plan = eased(plan);
        return oneByOne(plan);
    }

    private Plan better(Plan plan, Plan candidate) {
        return stillFails(candidate) ? candidate : plan;
    }

    private Plan eased(Plan failing) {
        Plan plan = failing;
        for (Plan.Ease ease : Plan.Ease.values()) {
            if (!plan.eases().contains(ease)) {
                plan = better(plan, plan.with(ease));
            }
        }
        return plan;
    }

    /** Cuts the causes into ever smaller parts, and leaves out each that is not needed. */
    private Plan fewerCauses(Plan failing) {
        Plan plan = failing;
        int parts = 2;
        while (plan.causes().size() > 1 && runs < mostRuns) {
            List<Integer> causes = plan.causes();
            Plan shorter = withoutOnePart(plan, causes, Math.min(parts, causes.size()));
            if (shorter != null) {
                plan = shorter;
                parts = Math.max(2, parts - 1);
            } else if (parts >= causes.size()) {
                return plan;
            } else {
                parts = Math.min(causes.size(), 2 * parts);
            }
        }
        return plan;
    }

    private @Nullable Plan withoutOnePart(Plan plan, List<Integer> causes, int parts) {
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) causes.size() * part / parts);
            int to = (int) ((long) causes.size() * (part + 1) / parts);
            List<Integer> rest = new ArrayList<>(causes);
            rest.subList(from, to).clear();
            Plan candidate = plan.only(rest);
            if (stillFails(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    /** Leaves out the last strike or call too. */
    private Plan oneByOne(Plan failing) {
        Plan plan = failing;
        boolean shorter = true;
        while (shorter && runs < mostRuns) {
            shorter = false;
            for (int cause : plan.causes()) {
                List<Integer> rest = new ArrayList<>(plan.causes());
                rest.remove(Integer.valueOf(cause));
                Plan candidate = plan.only(rest);
                if (stillFails(candidate)) {
                    plan = candidate;
                    shorter = true;
                }
            }
        }
        return plan;
    }

    /** Of a strike perhaps only the first step matters. */
    private Plan fewerSteps(Plan failing) {
        Plan plan = failing;
        for (int step = plan.steps().size() - 1; step >= 0; step--) {
            plan = better(plan, plan.withoutStep(step));
        }
        return plan;
    }
}
