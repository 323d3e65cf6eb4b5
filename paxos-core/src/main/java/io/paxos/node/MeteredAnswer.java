// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import java.util.concurrent.Executor;

/** Measures how long a command took to its answer, and hands the answer on. */
final class MeteredAnswer implements Call.Answer {

    private final Metering metering;
    private final GroupId group;
    private final long begun;
    private final Call.Answer next;

    /** The command is submitted now. */
    MeteredAnswer(Metering metering, GroupId group, Call.Answer next) {
        this.metering = metering;
        this.group = group;
        this.next = next;
        this.begun = System.nanoTime();
    }

    @Override
    public void take(Outcome outcome, Executor callbacks) {
        long nanos = System.nanoTime() - begun;
        NodeMeter.CommandOutcome kind = kind(outcome);
        metering.tell(meter -> meter.commandAnswered(group, kind, nanos));
        next.take(outcome, callbacks);
    }

    private static NodeMeter.CommandOutcome kind(Outcome outcome) {
        if (outcome instanceof Outcome.Applied) {
            return NodeMeter.CommandOutcome.APPLIED;
        }
        if (outcome instanceof Outcome.Refused refused) {
            return switch (refused.reason()) {
                case OVERLOADED -> NodeMeter.CommandOutcome.OVERLOADED;
                case TIMEOUT -> NodeMeter.CommandOutcome.TIMED_OUT;
                default -> NodeMeter.CommandOutcome.REFUSED;
            };
        }
        return NodeMeter.CommandOutcome.UNKNOWN;
    }
}
