// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.model.Payload;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Measures how long a call about a decree or a register took to its answer, and hands the answer on. */
final class MeteredCall implements Call.Answer {

    private final Metering metering;
    private final NodeMeter.CallKind kind;
    private final long begun;
    private final Call.Answer next;

    /** The call is made now. */
    MeteredCall(Metering metering, NodeMeter.CallKind kind, Call.Answer next) {
        this.metering = metering;
        this.kind = kind;
        this.next = next;
        this.begun = System.nanoTime();
    }

    @Override
    public RegisterChange.@Nullable Assign compute(@Nullable Payload found) {
        return next.compute(found);
    }

    @Override
    public void take(Outcome outcome, Executor callbacks) {
        long nanos = System.nanoTime() - begun;
        NodeMeter.CallOutcome became = became(outcome);
        metering.tell(meter -> meter.callAnswered(kind, became, nanos));
        next.take(outcome, callbacks);
    }

    private static NodeMeter.CallOutcome became(Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            return switch (refused.reason()) {
                case OVERLOADED -> NodeMeter.CallOutcome.OVERLOADED;
                case TIMEOUT -> NodeMeter.CallOutcome.TIMED_OUT;
                default -> NodeMeter.CallOutcome.REFUSED;
            };
        }
        return outcome instanceof Outcome.Unknown ? NodeMeter.CallOutcome.UNKNOWN : NodeMeter.CallOutcome.ANSWERED;
    }
}
