// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import java.util.function.Consumer;

/** Has the functions of callers applied to values of registers, where callbacks run, since they are the callers' code. */
final class Updates {

    private final PendingCalls calls;
    private final Callbacks callbacks;
    private final Consumer<Event> report;

    /** @param report takes what has been computed; never blocks */
    Updates(PendingCalls calls, Callbacks callbacks, Consumer<Event> report) {
        this.calls = calls;
        this.callbacks = callbacks;
        this.report = report;
    }

    /** Begins; of a call that has been answered meanwhile nobody wants to know. */
    void compute(Effect.Compute compute) {
        Call call = calls.get(compute.request());
        if (call != null) {
            callbacks.run(() -> report.accept(
                    new Event.Computed(compute.request(), compute.name(), call.compute(compute.found()))));
        }
    }
}
