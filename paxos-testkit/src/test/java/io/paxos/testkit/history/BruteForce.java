// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import io.paxos.testkit.history.Operation.Ending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The definition of linearizability, word by word: tries every order of every choice of the calls that contains all the
 * answered ones. For tiny histories; of the checker it shares nothing but the model.
 */
final class BruteForce {

    private BruteForce() {}

    static <S, I, O> boolean isLinearizable(Model<S, I, O> model, History<I, O> history) {
        Map<Object, List<Operation<I, O>>> parts = history.operations().stream()
                .filter(call -> call.ending() != Ending.REFUSED)
                .collect(Collectors.groupingBy(call -> model.part(call.input())));
        return parts.values().stream().allMatch(calls -> someOrder(model, new ArrayList<>(), calls));
    }

    private static <S, I, O> boolean someOrder(
            Model<S, I, O> model, List<Operation<I, O>> order, List<Operation<I, O>> left) {
        if (left.stream().allMatch(call -> call.ending() == Ending.UNKNOWN) && isOrder(model, order)) {
            return true;
        }
        for (Operation<I, O> next : left) {
            List<Operation<I, O>> longer = new ArrayList<>(order);
            longer.add(next);
            List<Operation<I, O>> fewer = new ArrayList<>(left);
            fewer.remove(next);
            if (someOrder(model, longer, fewer)) {
                return true;
            }
        }
        return false;
    }

    private static <S, I, O> boolean isOrder(Model<S, I, O> model, List<Operation<I, O>> order) {
        S state = model.initial();
        for (int i = 0; i < order.size(); i++) {
            for (int j = i + 1; j < order.size(); j++) {
                if (isBefore(order.get(j), order.get(i))) {
                    return false;
                }
            }
            Step<S, O> step = model.apply(state, order.get(i).input());
            if (order.get(i).ending() == Ending.RETURNED
                    && !step.output().equals(order.get(i).output())) {
                return false;
            }
            state = step.state();
        }
        return true;
    }

    private static boolean isBefore(Operation<?, ?> earlier, Operation<?, ?> later) {
        return earlier.ending() == Ending.RETURNED
                && Objects.requireNonNull(earlier.ended()).order()
                        < later.invoked().order();
    }
}
