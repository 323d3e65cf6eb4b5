// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.model.Payload;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Completes the future of a call whose change a function of the caller computes. What that throws, the machine is told as
 * "leave what is there", and the caller hears when it is certain that nothing was changed.
 */
final class ComputingAnswer<T> implements Call.Answer {

    /** What a caller makes of a value. */
    interface Change {

        /** The new value, or null for none. */
        @Nullable
        Payload of(@Nullable Payload found);
    }

    private final FutureAnswer<T> answer;
    private final Change change;
    private volatile @Nullable Throwable problem;

    ComputingAnswer(CompletableFuture<T> future, Change change, Function<Outcome, T> result) {
        this.change = change;
        this.answer = new FutureAnswer<>(future, outcome -> {
            Throwable thrown = problem;
            if (thrown instanceof RuntimeException e && outcome instanceof Outcome.Held) {
                throw e;
            }
            if (thrown instanceof Error e && outcome instanceof Outcome.Held) {
                throw e;
            }
            return result.apply(outcome);
        });
    }

    @Override
    public RegisterChange.@Nullable Assign compute(@Nullable Payload found) {
        problem = null;
        try {
            Payload next = change.of(found);
            return Objects.equals(next, found) ? null : new RegisterChange.Assign(next);
        } catch (RuntimeException | Error e) {
            problem = e;
            return null;
        }
    }

    @Override
    public void take(Outcome outcome, Executor callbacks) {
        answer.take(outcome, callbacks);
    }
}
