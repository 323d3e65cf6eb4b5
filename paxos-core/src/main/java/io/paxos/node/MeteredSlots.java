// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Completion;
import io.paxos.model.GroupId;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Measures how long the execution of slots takes. Confined to the applier's turn. */
record MeteredSlots(Instruments instruments, GroupId group, GroupApplier.Slots slots) implements GroupApplier.Slots {

    @Override
    public List<Completion> apply(long first, List<Value> values) {
        boolean metered = instruments.metering().isOn();
        long begun = metered ? System.nanoTime() : 0;
        Flight.Applying applying = instruments.flight().beginApplying();
        List<Completion> completions = slots.apply(first, values);
        applying.ended(instruments.node(), group, first, values.size());
        if (metered) {
            long nanos = System.nanoTime() - begun;
            instruments.metering().tell(meter -> meter.applied(group, first, values.size(), nanos));
        }
        return completions;
    }

    @Override
    public List<StateDigest> takeDigests() {
        return slots.takeDigests();
    }

    @Override
    public GroupApplier.Installed install() throws IOException {
        return slots.install();
    }

    @Override
    public void writeIfDue(Consumer<Runnable> turn) {
        slots.writeIfDue(turn);
    }
}
