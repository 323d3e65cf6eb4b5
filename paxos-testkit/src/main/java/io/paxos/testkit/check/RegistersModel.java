// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.history.Step;
import java.util.Optional;

/** What those see who use registers: one change after another, each made of what the one before has left. */
final class RegistersModel implements Model<Optional<Payload>, RegistersModel.Input, RegistersModel.Answer> {

    /** What can be asked. */
    sealed interface Input {

        /** Of which register. */
        RegisterName name();
    }

    /** What is there. */
    record Look(RegisterName name) implements Input {}

    /** To change it. */
    record Change(RegisterName name, RequestId request, RegisterChange change) implements Input {}

    /** Whether it was changed, and what is there now. */
    record Answer(boolean changed, Optional<Payload> value) {}

    @Override
    public Optional<Payload> initial() {
        return Optional.empty();
    }

    @Override
    public Step<Optional<Payload>, Answer> apply(Optional<Payload> state, Input input) {
        if (!(input instanceof Change asked)) {
            return new Step<>(state, new Answer(false, state));
        }
        RegisterChange change = asked.change();
        if (change instanceof RegisterChange.Compute) {
            RegisterChange.Assign made = RegisterUpdate.of(asked.request(), state.orElse(null));
            return made == null
                    ? new Step<>(state, new Answer(false, state))
                    : changed(Optional.ofNullable(made.next()));
        }
        if (change instanceof RegisterChange.Assign assign) {
            return changed(Optional.ofNullable(assign.next()));
        }
        RegisterChange.CompareAndSet swap = (RegisterChange.CompareAndSet) change;
        return Optional.ofNullable(swap.expected()).equals(state)
                ? changed(Optional.ofNullable(swap.next()))
                : new Step<>(state, new Answer(false, state));
    }

    private static Step<Optional<Payload>, Answer> changed(Optional<Payload> next) {
        return new Step<>(next, new Answer(true, next));
    }

    @Override
    public boolean isRead(Input input) {
        return input instanceof Look;
    }

    @Override
    public Object part(Input input) {
        return input.name();
    }
}
