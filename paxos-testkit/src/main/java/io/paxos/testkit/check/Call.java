// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import io.paxos.model.RegisterName;
import org.jspecify.annotations.Nullable;

/** One call of one caller: what was asked of which node, and what came of it. */
public final class Call {

    private final RequestId request;
    private final Event event;
    private final NodeView node;
    private final long askedAtTick;
    private final int ticks;
    private @Nullable Outcome outcome;

    /**
     * A call that has just been made.
     *
     * @param request its number, unique in the run
     * @param event what is handed to the node
     * @param node the node asked
     * @param ticks how long the node may try
     */
    public Call(RequestId request, Event event, NodeView node, int ticks) {
        this.request = request;
        this.event = event;
        this.node = node;
        this.askedAtTick = node.ticks();
        this.ticks = ticks;
    }

    /**
     * The number of the call.
     *
     * @return unique in the run
     */
    public RequestId request() {
        return request;
    }

    /**
     * What was asked.
     *
     * @return one of Agree, Learn, Await, Submit, Read, Resolve, Transfer, Reconfigure, ReadRegister, ChangeRegister
     */
    public Event event() {
        return event;
    }

    /**
     * Who was asked.
     *
     * @return that start of that node
     */
    public NodeView node() {
        return node;
    }

    /**
     * The tick of the node by which it must have answered.
     *
     * @return counted like {@link NodeView#ticks()}
     */
    public long deadlineTick() {
        return askedAtTick + ticks;
    }

    /**
     * The answer.
     *
     * @return the outcome, or null if there is none yet, or the node crashed first
     */
    public @Nullable Outcome outcome() {
        return outcome;
    }

    /**
     * Notes the answer.
     *
     * @param answer the outcome
     */
    public void answer(Outcome answer) {
        outcome = answer;
    }

    /**
     * The log the call is about.
     *
     * @return the group, or null for a decree or a register
     */
    public @Nullable GroupId group() {
        if (event instanceof Event.Submit e) {
            return e.group();
        }
        if (event instanceof Event.Transfer e) {
            return e.group();
        }
        if (event instanceof Event.Resolve e) {
            return e.group();
        }
        return event instanceof Event.Read e ? e.group() : null;
    }

    /**
     * Whether the call takes effect, or looks, at one moment between question and answer, for all callers alike.
     *
     * @return false for reads that ask for less, and for what is no command and no read
     */
    public boolean isLinearizable() {
        if (event instanceof Event.Read e) {
            return e.freshness() instanceof Freshness.Acknowledged || e.freshness() instanceof Freshness.UnderLease;
        }
        return !(event instanceof Event.Transfer || event instanceof Event.Resolve);
    }

    /**
     * The decree the call is about.
     *
     * @return the name, or null for a log or a register
     */
    public @Nullable DecreeName decree() {
        if (event instanceof Event.Agree e) {
            return e.name();
        }
        if (event instanceof Event.Learn e) {
            return e.name();
        }
        return event instanceof Event.Await e ? e.name() : null;
    }

    /**
     * The register the call is about.
     *
     * @return the name, or null for a log or a decree
     */
    public @Nullable RegisterName register() {
        if (event instanceof Event.ReadRegister e) {
            return e.name();
        }
        return event instanceof Event.ChangeRegister e ? e.name() : null;
    }

    /**
     * The command or the value that the call brought.
     *
     * @return the bytes, or null if it brought none
     */
    public @Nullable Payload payload() {
        if (event instanceof Event.Submit e) {
            return e.command();
        }
        return event instanceof Event.Agree e ? e.value() : null;
    }

    @Override
    public String toString() {
        return "call " + request.number() + " at " + node.self().node() + ": " + event;
    }
}
