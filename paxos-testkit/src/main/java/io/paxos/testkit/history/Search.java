// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import io.paxos.testkit.history.DeadEnds.Situation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the calls of one part, depth first, as Wing and Gong do: the next call is one that was invoked
 * before the first answer to a call that has no place yet. Two things from Lowe make that feasible: calls get their place
 * as late as possible, so the one whose answer is due is tried first; and situations that led nowhere are remembered.
 *
 * <p>Open calls need no place. Of those that ask the same the first to be invoked is used first, and none is used where it
 * changes nothing, or nothing that the next call would not change as well. An answered read that fits gets its place
 * at once and without a choice, for nothing is lost by it.
 */
final class Search<S, I, O> {

    /** How a search ends. */
    enum Result {
        FOUND,
        IMPOSSIBLE,
        GIVEN_UP
    }

    /** What is tried next in one situation, and what was tried last. */
    private static final class Choice<S> {
        private final S state;
        private final Situation situation;
        private Phase phase = Phase.READS;
        private int cursor;
        private boolean open;
        private int chosen;
        private boolean forced;

        private Choice(S state, Situation situation) {
            this.state = state;
            this.situation = situation;
        }
    }

    /** The order in which calls are tried: reads, the one whose answer is due, the other answered ones, the open ones. */
    private enum Phase {
        READS,
        DUE,
        ANSWERED,
        OPEN,
        NONE
    }

    private static final BitSet NONE_AHEAD = new BitSet();

    private final Model<S, I, O> model;
    private final Calls<I, O> calls;
    private final Budget budget;
    private final Chain answeredLeft;
    private final Chain openLeft;
    private final BitSet placed = new BitSet();
    private final BitSet used = new BitSet();
    private final DeadEnds deadEnds = new DeadEnds();
    private final List<Choice<S>> choices = new ArrayList<>();
    private S state;
    private int due;
    private int reached;

    Search(Model<S, I, O> model, List<Operation<I, O>> operations, Budget budget) {
        this.model = model;
        this.calls = new Calls<>(model, operations);
        this.budget = budget;
        this.answeredLeft = new Chain(calls.answered());
        this.openLeft = new Chain(calls.open());
        this.state = model.initial();
    }

    /** To be called once. */
    Result run() {
        while (due < calls.answered()) {
            Choice<S> choice = new Choice<>(state, situation());
            if (!goOn(choice) && !goBack()) {
                return budget.exceeded() == null ? Result.IMPOSSIBLE : Result.GIVEN_UP;
            }
        }
        return Result.FOUND;
    }

    /** How many answers could be passed at the most before no order went on. */
    int reached() {
        return reached;
    }

    /** The calls that have a place, in their order. */
    List<Operation<I, O>> order() {
        List<Operation<I, O>> order = new ArrayList<>();
        for (Choice<S> choice : choices) {
            order.add(choice.open ? calls.open(choice.chosen) : calls.answered(choice.chosen));
        }
        return order;
    }

    /** The state after the calls that have a place. */
    S state() {
        return state;
    }

    private Situation situation() {
        int next = placed.nextSetBit(due + 1);
        if (next < 0) {
            return new Situation(due, NONE_AHEAD, state);
        }
        BitSet ahead = new BitSet();
        for (; next >= 0; next = placed.nextSetBit(next + 1)) {
            ahead.set(next - due - 1);
        }
        return new Situation(due, ahead, state);
    }

    private boolean goOn(Choice<S> choice) {
        if (deadEnds.contains(choice.situation, used)) {
            return false;
        }
        if (placeNext(choice)) {
            choices.add(choice);
            return true;
        }
        deadEnds.add(choice.situation, used);
        return false;
    }

    /** Back to the last situation in which something else can be tried, and on from there; false if there is none. */
    private boolean goBack() {
        while (!choices.isEmpty() && budget.remember(deadEnds.size())) {
            Choice<S> last = choices.remove(choices.size() - 1);
            undo(last);
            if (!last.forced && placeNext(last)) {
                choices.add(last);
                return true;
            }
            deadEnds.add(last.situation, used);
        }
        return false;
    }

    private void undo(Choice<S> choice) {
        if (choice.open) {
            openLeft.putBack(choice.chosen);
            used.clear(choice.chosen);
        } else {
            answeredLeft.putBack(choice.chosen);
            placed.clear(calls.rank(choice.chosen));
        }
        state = choice.state;
        due = choice.situation.due();
    }

    /** Gives a place to the next call that can have one here; false if there is none, or nothing is left of the budget. */
    private boolean placeNext(Choice<S> choice) {
        while (choice.phase != Phase.NONE && budget.exceeded() == null) {
            boolean placed =
                    switch (choice.phase) {
                        case READS -> placeRead(choice);
                        case DUE -> placeDue(choice);
                        case ANSWERED -> placeAnswered(choice);
                        case OPEN -> placeOpen(choice);
                        case NONE -> false;
                    };
            if (placed) {
                return true;
            }
        }
        return false;
    }

    /** All reads that are under way are tried in one go: to skip one that fits shows as a mistake only much later. */
    private boolean placeRead(Choice<S> choice) {
        choice.phase = Phase.DUE;
        for (int call = answeredLeft.first(); isUnderWay(call); call = answeredLeft.after(call)) {
            if (calls.isRead(call) && tryAnswered(choice, call)) {
                choice.forced = true;
                return true;
            }
        }
        return false;
    }

    private boolean placeDue(Choice<S> choice) {
        choice.phase = Phase.ANSWERED;
        choice.cursor = answeredLeft.first();
        int call = calls.byAnswer(due);
        return !calls.isRead(call) && tryAnswered(choice, call);
    }

    private boolean placeAnswered(Choice<S> choice) {
        int call = choice.cursor;
        if (!isUnderWay(call)) {
            choice.phase = Phase.OPEN;
            choice.cursor = openLeft.first();
            return false;
        }
        choice.cursor = answeredLeft.after(call);
        return call != calls.byAnswer(due) && !calls.isRead(call) && tryAnswered(choice, call);
    }

    private boolean isUnderWay(int call) {
        return call < calls.answered() && calls.isInvokedBefore(calls.answered(call), due);
    }

    private boolean placeOpen(Choice<S> choice) {
        int call = choice.cursor;
        if (call == calls.open() || !calls.isInvokedBefore(calls.open(call), due)) {
            choice.phase = Phase.NONE;
            return false;
        }
        choice.cursor = openLeft.after(call);
        int twin = calls.twin(call);
        return (twin < 0 || used.get(twin)) && tryOpen(choice, call);
    }

    private boolean tryAnswered(Choice<S> choice, int call) {
        if (!budget.step()) {
            return false;
        }
        Operation<I, O> operation = calls.answered(call);
        Step<S, O> step = model.apply(state, operation.input());
        O heard = Objects.requireNonNull(operation.output());
        if (!model.agrees(step.output(), heard)) {
            return false;
        }
        Choice<S> last = lastOpen();
        if (last != null) {
            Step<S, O> without = model.apply(last.state, operation.input());
            if (without.state().equals(step.state()) && model.agrees(without.output(), heard)) {
                return false;
            }
        }
        choice.open = false;
        choice.chosen = call;
        state = step.state();
        answeredLeft.takeOut(call);
        placed.set(calls.rank(call));
        due = placed.nextClearBit(due);
        reached = Math.max(reached, due);
        return true;
    }

    private boolean tryOpen(Choice<S> choice, int call) {
        if (!budget.step()) {
            return false;
        }
        I input = calls.open(call).input();
        S next = model.apply(state, input).state();
        if (next.equals(state)) {
            return false;
        }
        Choice<S> last = lastOpen();
        if (last != null && model.apply(last.state, input).state().equals(next)) {
            return false;
        }
        choice.open = true;
        choice.chosen = call;
        state = next;
        openLeft.takeOut(call);
        used.set(call);
        return true;
    }

    /** The last choice, if an open call was chosen: what comes next must be something that it makes a difference to. */
    private @Nullable Choice<S> lastOpen() {
        Choice<S> last = choices.isEmpty() ? null : choices.get(choices.size() - 1);
        return last != null && last.open ? last : null;
    }
}
