// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Outcome;

/** Every call is answered once, with an outcome that belongs to its kind. That it is answered in time, the run sees to. */
public final class OneAnswer implements Check {

    /** The name of the property. */
    public static final String PROPERTY = "every call is answered exactly once";

    @Override
    public String property() {
        return PROPERTY;
    }

    @Override
    public void answering(Facts facts, Call call, Outcome outcome) {
        Check.require(
                call.outcome() == null,
                PROPERTY,
                call.node(),
                "answered twice, ",
                call.outcome(),
                " and ",
                outcome,
                ", to ",
                call);
        Check.require(fits(call.event(), outcome), PROPERTY, call.node(), "answered ", outcome, " to ", call);
    }

    private static boolean fits(Event event, Outcome outcome) {
        if (outcome instanceof Outcome.Refused) {
            return true;
        }
        if (outcome instanceof Outcome.Unknown) {
            return event instanceof Event.Submit
                    || event instanceof Event.Agree
                    || event instanceof Event.Resolve
                    || event instanceof Event.Transfer
                    || event instanceof Event.Reconfigure
                    || event instanceof Event.ChangeRegister;
        }
        if (outcome instanceof Outcome.Applied) {
            return event instanceof Event.Submit || event instanceof Event.Resolve;
        }
        if (outcome instanceof Outcome.Fenced) {
            return event instanceof Event.Resolve;
        }
        if (outcome instanceof Outcome.Current) {
            return event instanceof Event.Read;
        }
        if (outcome instanceof Outcome.Led) {
            return event instanceof Event.Transfer;
        }
        if (outcome instanceof Outcome.Reconfigured) {
            return event instanceof Event.Reconfigure;
        }
        if (outcome instanceof Outcome.Undecided) {
            return event instanceof Event.Learn;
        }
        if (outcome instanceof Outcome.Changed) {
            return event instanceof Event.ChangeRegister;
        }
        if (outcome instanceof Outcome.Held) {
            return event instanceof Event.ReadRegister || event instanceof Event.ChangeRegister;
        }
        return event instanceof Event.Agree || event instanceof Event.Learn || event instanceof Event.Await;
    }
}
