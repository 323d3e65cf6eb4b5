// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for an answer: how many and how large they may be together (rule 18), when each is given up, and
 * that each is answered once.
 */
final class Calls {

    private final DecreeConfig config;
    private final Outbox out;
    private final Agenda agenda;
    private final Map<RequestId, Call> waiting = new LinkedHashMap<>();
    private long bytes;

    Calls(DecreeConfig config, Outbox out, Agenda agenda) {
        this.config = config;
        this.out = out;
        this.agenda = agenda;
    }

    /**
     * Why a call cannot be taken.
     *
     * @param stopped why the node is stopped, or null
     * @return the answer, or null if it can be taken
     */
    @Nullable
    Outcome refusal(Asked request, @Nullable String stopped) {
        if (stopped != null) {
            return new Outcome.Refused(Outcome.Reason.STOPPED, stopped);
        }
        if (request.valueBytes() > config.maxValueBytes()) {
            return new Outcome.Refused(
                    Outcome.Reason.TOO_LARGE,
                    "the value for " + request.name() + " takes " + request.valueBytes()
                            + " bytes; a value may take at most " + config.maxValueBytes());
        }
        if (waiting.size() >= config.inFlight() || bytes + request.weight() > config.queueBytes()) {
            return new Outcome.Refused(
                    Outcome.Reason.OVERLOADED,
                    waiting.size() + " calls of " + bytes + " bytes wait already; at most " + config.inFlight()
                            + " calls and " + config.queueBytes() + " bytes may; try again later");
        }
        return null;
    }

    /**
     * Takes a call in.
     *
     * @param ticks after how many it is given up
     * @param afterwards what to do once it has been given up and answered
     */
    void open(Asked request, int ticks, Runnable afterwards) {
        Agenda.Alarm deadline = agenda.after(ticks, () -> {
            answer(
                    request,
                    request.givenUp(
                            Outcome.Reason.TIMEOUT,
                            "the deadline passed before " + request.name() + " was answered: no quorum was reached, or"
                                    + " nobody proposed what was awaited; PaxosNode.status() tells whether the cluster has"
                                    + " formed"));
            afterwards.run();
        });
        waiting.put(request.id(), new Call(request, deadline));
        bytes += request.weight();
    }

    /** Answers a call that waits. */
    void answer(Asked request, Outcome outcome) {
        Call call = waiting.remove(request.id());
        if (call != null) {
            call.deadline.cancel();
            bytes -= request.weight();
            out.respond(request.id(), outcome);
        }
    }

    /** Answers all that wait: the node stops. */
    void giveUpAll(String reason) {
        for (Call call : waiting.values()) {
            out.respond(call.request.id(), call.request.givenUp(Outcome.Reason.STOPPED, reason));
        }
        waiting.clear();
        bytes = 0;
    }

    private record Call(Asked request, Agenda.Alarm deadline) {}
}
