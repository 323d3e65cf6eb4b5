// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import io.paxos.testkit.history.Operation.Ending;
import io.paxos.testkit.history.Verdict.LimitExceeded;
import io.paxos.testkit.history.Verdict.Linearizable;
import io.paxos.testkit.history.Verdict.NotLinearizable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a history is linearizable, by the algorithm of Wing and Gong ("Testing and verifying concurrent
 * objects", 1993) with the improvements of Lowe ("Testing for linearizability", 2017), each part of the object by itself
 * (Herlihy and Wing: linearizability is local). Safe for any thread.
 *
 * @param <S> the states of the model
 * @param <I> what is asked
 * @param <O> what is answered
 */
public final class LinearizabilityChecker<S, I, O> {

    private final Model<S, I, O> model;
    private final Limits limits;

    private LinearizabilityChecker(Model<S, I, O> model, Limits limits) {
        this.model = model;
        this.limits = limits;
    }

    /**
     * A checker with the usual limits.
     *
     * @param model what histories are held against
     * @param <S> the states of the model
     * @param <I> what is asked
     * @param <O> what is answered
     * @return the checker
     */
    public static <S, I, O> LinearizabilityChecker<S, I, O> of(Model<S, I, O> model) {
        return new LinearizabilityChecker<>(model, Limits.DEFAULTS);
    }

    /**
     * A checker with other limits.
     *
     * @param other how much a check may cost
     * @return the checker
     */
    public LinearizabilityChecker<S, I, O> limits(Limits other) {
        return new LinearizabilityChecker<>(model, other);
    }

    /**
     * Looks at a history.
     *
     * @param history what was recorded
     * @return whether there is an order, or that it was not found out within the limits
     */
    public Verdict check(History<I, O> history) {
        Map<Object, List<Operation<I, O>>> parts = new LinkedHashMap<>();
        for (Operation<I, O> operation : history.operations()) {
            if (operation.ending() != Ending.REFUSED) {
                parts.computeIfAbsent(model.part(operation.input()), part -> new ArrayList<>())
                        .add(operation);
            }
        }
        Budget budget = new Budget(limits);
        long operations = 0;
        Failure smallest = null;
        LimitExceeded unclear = null;
        for (Map.Entry<Object, List<Operation<I, O>>> entry : parts.entrySet()) {
            List<Operation<I, O>> part = entry.getValue();
            operations += part.size();
            Search<S, I, O> search = new Search<>(model, part, budget);
            Search.Result result = search.run();
            if (result == Search.Result.IMPOSSIBLE) {
                Failure failure = new Culprit<>(model, part, limits).failure(entry.getKey(), search.reached());
                smallest = smallest == null || failure.size() < smallest.size() ? failure : smallest;
            } else if (result == Search.Result.GIVEN_UP) {
                unclear = new LimitExceeded(String.valueOf(budget.exceeded()), entry.getKey(), part.size());
                break;
            }
        }
        return verdict(smallest, unclear, new Linearizable(operations, parts.size(), budget.steps()));
    }

    private static Verdict verdict(@Nullable Failure failure, @Nullable LimitExceeded unclear, Linearizable otherwise) {
        if (failure != null) {
            return new NotLinearizable(failure);
        }
        return unclear != null ? unclear : otherwise;
    }
}
