// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.check.OneAnswer;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.coverage.Mark;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The calls of one start of one node that wait for their answers. A command may be answered from where it is executed,
 * and the machine may end its call meanwhile; as at a real node the caller hears whoever comes first, and nobody else.
 */
final class OpenCalls {

    /** So many ticks after its deadline a call may be answered at the latest. */
    private static final int GRACE_TICKS = 6;

    private static final int TICKS_BETWEEN_LOOKS = 3;

    private final World world;
    private final Host host;
    private final SortedMap<Long, Call> unanswered = new TreeMap<>();
    private final Map<Long, Outcome> told = new HashMap<>();

    OpenCalls(World world, Host host) {
        this.world = world;
        this.host = host;
    }

    boolean isEmpty() {
        return unanswered.isEmpty();
    }

    void open(Call call) {
        unanswered.put(call.request().number(), call);
    }

    /** An answer from where a command was executed. */
    void tell(RequestId caller, Outcome outcome) {
        if (unanswered.containsKey(caller.number())) {
            told.put(caller.number(), outcome);
            world.coverage().count(Mark.TOLD);
            answer(new Effect.Respond(caller, outcome));
        }
    }

    /** An answer of the machine. */
    void respond(Effect.Respond respond) {
        Outcome heard = told.get(respond.request().number());
        if (heard == null) {
            answer(respond);
        } else if (respond.outcome() instanceof Outcome.Applied
                && !respond.outcome().equals(heard)) {
            throw new Violation(
                    OneAnswer.PROPERTY, host.name() + " has told a caller " + heard + ", and would now " + respond);
        }
    }

    private void answer(Effect.Respond respond) {
        world.trace().add(world.now(), Trace.Kind.ANSWER, host.name(), respond);
        Call call = world.judge().answered(host, respond);
        unanswered.remove(call.request().number());
        world.answered(call);
    }

    /** Looks now and then whether a call has been left without an answer. */
    void ticked(long ticks) {
        if (ticks % TICKS_BETWEEN_LOOKS != 0) {
            return;
        }
        for (Call call : unanswered.values()) {
            if (ticks > call.deadlineTick() + GRACE_TICKS) {
                throw new Violation(
                        OneAnswer.PROPERTY,
                        "at tick " + ticks + ", still unanswered: " + call + ", due at tick " + call.deadlineTick());
            }
        }
    }
}
