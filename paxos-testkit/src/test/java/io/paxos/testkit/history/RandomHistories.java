// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Draws small histories of an object that does what its model says, except that sometimes an answer is replaced by one that
 * another call would have got, and that clients do not always hear the truth about whether a call was refused.
 */
final class RandomHistories<S, I, O> {

    private static final int CLIENTS = 3;

    private final Model<S, I, O> model;
    private final Function<Random, I> inputs;

    RandomHistories(Model<S, I, O> model, Function<Random, I> inputs) {
        this.model = model;
        this.inputs = inputs;
    }

    /** One client's call under way: it takes effect in the middle, or never. */
    private final class Running {
        private final HistoryRecorder<I, O>.Invocation invocation;
        private final I input;
        private boolean done;
        private O answer;

        private Running(HistoryRecorder<I, O>.Invocation invocation, I input, O answer) {
            this.invocation = invocation;
            this.input = input;
            this.answer = answer;
        }
    }

    History<I, O> draw(Random random, int calls) {
        HistoryRecorder<I, O> recorder = new HistoryRecorder<>(() -> 0);
        List<Running> running = new ArrayList<>();
        List<Running> lost = new ArrayList<>();
        List<O> answers = new ArrayList<>();
        S state = model.initial();
        int begun = 0;
        while (begun < calls || !running.isEmpty()) {
            if (begun < calls && (running.isEmpty() || (running.size() < CLIENTS && random.nextInt(3) == 0))) {
                I input = inputs.apply(random);
                O answer = model.apply(state, input).output();
                running.add(new Running(recorder.invoke("c" + begun++, input), input, answer));
                continue;
            }
            boolean late = !lost.isEmpty() && random.nextInt(4) == 0;
            List<Running> some = late ? lost : running;
            Running call = some.get(random.nextInt(some.size()));
            if (!call.done) {
                Step<S, O> step = model.apply(state, call.input);
                call.done = true;
                call.answer = step.output();
                state = step.state();
                answers.add(step.output());
            }
            if (late) {
                lost.remove(call);
                continue;
            }
            running.remove(call);
            end(random, call, answers, lost);
        }
        return recorder.history();
    }

    private void end(Random random, Running call, List<O> answers, List<Running> lost) {
        switch (random.nextInt(12)) {
            case 0 -> {
                call.done = random.nextBoolean();
                call.invocation.unknown();
                lost.add(call);
            }
            case 1 -> lost.add(call);
            case 2 -> call.invocation.refused();
            case 3, 4, 5, 6 -> call.invocation.returned(answers.get(random.nextInt(answers.size())));
            default -> call.invocation.returned(call.answer);
        }
    }
}
