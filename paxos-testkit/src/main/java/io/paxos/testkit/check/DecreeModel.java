// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Step;
import java.util.Optional;

/**
 * What those see who use decrees: the first proposal made for a name is its decision, and everybody is told that. Every
 * name is a part of its own.
 */
final class DecreeModel implements Model<Optional<Payload>, DecreeModel.Input, Optional<Payload>> {

    /** What can be asked. */
    sealed interface Input {

        /** Of which decree. */
        DecreeName name();
    }

    /** To decide this value, if nothing is decided. */
    record Propose(DecreeName name, Payload value) implements Input {}

    /** What is decided, if anything is. */
    record Ask(DecreeName name) implements Input {}

    @Override
    public Optional<Payload> initial() {
        return Optional.empty();
    }

    @Override
    public Step<Optional<Payload>, Optional<Payload>> apply(Optional<Payload> state, Input input) {
        Optional<Payload> next =
                state.isEmpty() && input instanceof Propose propose ? Optional.of(propose.value()) : state;
        return new Step<>(next, next);
    }

    @Override
    public boolean isRead(Input input) {
        return input instanceof Ask;
    }

    @Override
    public Object part(Input input) {
        return input.name();
    }
}
