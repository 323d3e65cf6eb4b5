package io.paxos.testkit.check;

import io.paxos.event.Event;
import io.paxos.event.Outcome;

/** Every call is answered once, with an outcome that belongs to its kind. That it is answered in time, the run sees to. */
public final class OneAnswer implements Check {

    /** The name of the property. */
    public static final String PROPERTY = "every call is answered exactly once";

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
            return event instanceof Event.Submit || event instanceof Event.Agree;
        }
        if (outcome instanceof Outcome.Applied) {
            return event instanceof Event.Submit || event instanceof Event.Barrier;
        }
        if (outcome instanceof Outcome.Undecided) {
            return event instanceof Event.Learn;
        }
        return event instanceof Event.Agree || event instanceof Event.Learn || event instanceof Event.Await;
    }
}
