// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import io.paxos.testkit.history.Operation.Ending;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Finds the first answer that cannot be: the shortest beginning of a history that has no order. Whatever has no answer by
 * then is open in it.
 */
final class Culprit<S, I, O> {

    private final Model<S, I, O> model;
    private final List<Operation<I, O>> operations;
    private final Limits limits;
    private final Budget budget;
    private final List<Operation<I, O>> byAnswer;

    /** The operations are those of one part, and have no order. */
    Culprit(Model<S, I, O> model, List<Operation<I, O>> operations, Limits limits) {
        this.model = model;
        this.operations = operations;
        this.limits = limits;
        this.budget = new Budget(limits);
        this.byAnswer = operations.stream()
                .filter(operation -> operation.ending() == Ending.RETURNED)
                .sorted(Comparator.comparingLong(Culprit::answer))
                .toList();
    }

    private static long answer(Operation<?, ?> operation) {
        return Objects.requireNonNull(operation.ended()).order();
    }

    /**
     * The failure in its smallest form. A beginning whose calls cannot be put in order within the limits counts as one that
     * can be: then the failure is larger than it need be, and still one.
     *
     * @param part the name of the part
     * @param reached so many answers were passed with all the others known, so they can certainly be passed
     */
    Failure failure(Object part, int reached) {
        int possible = reached;
        int impossible = byAnswer.size();
        // Mostly it is the very answer at which the search stood still, or one soon after it.
        for (int stride = 1; possible + stride < impossible; stride *= 2) {
            if (isImpossible(possible + stride)) {
                impossible = possible + stride;
            } else {
                possible += stride;
            }
        }
        while (possible + 1 < impossible) {
            int middle = (possible + impossible) >>> 1;
            if (isImpossible(middle)) {
                impossible = middle;
            } else {
                possible = middle;
            }
        }
        Operation<I, O> culprit = byAnswer.get(impossible - 1);
        Search<S, I, O> before = new Search<>(model, upTo(impossible - 1), new Budget(limits));
        boolean found = before.run() == Search.Result.FOUND;
        S state = before.state();
        return new Failure(
                part,
                upTo(impossible),
                found ? before.order() : List.of(),
                culprit,
                String.valueOf(state),
                String.valueOf(model.apply(state, culprit.input()).output()));
    }

    private boolean isImpossible(int answers) {
        return new Search<>(model, upTo(answers), budget).run() == Search.Result.IMPOSSIBLE;
    }

    /** The history up to the answer of this number. */
    private List<Operation<I, O>> upTo(int answers) {
        long end = answers == 0 ? Long.MIN_VALUE : answer(byAnswer.get(answers - 1));
        return operations.stream()
                .filter(operation -> operation.invoked().order() < end)
                .map(operation ->
                        operation.ending() == Ending.RETURNED && answer(operation) > end ? operation.open() : operation)
                .toList();
    }
}
