// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.EpochMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls that have changed the membership, and are to be answered when those who left are needed no more: a phase-2 quorum of
 * the latest epoch holds, durably, what the ones before have left, so every phase-1 quorum of it, and everyone who is yet to
 * take it over, finds it there.
 */
final class Settlement {

    private record Waiting(RequestId request, Outcome.Reconfigured done, long deadline) {}

    private final Outbox out;
    private final int resendTicks;
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<Endpoint, Long> covered = new HashMap<>();
    private long now;
    private long askedAt = Long.MIN_VALUE / 2;

    Settlement(Outbox out, int resendTicks) {
        this.out = out;
        this.resendTicks = resendTicks;
    }

    /** When so many ticks will have passed. */
    long deadlineIn(int ticks) {
        return now + Math.max(1, ticks);
    }

    /** A change has been decided that a call of this node asked for. */
    void await(RequestId request, Outcome.Reconfigured done, long deadline) {
        waiting.add(new Waiting(request, done, deadline));
        askedAt = Long.MIN_VALUE / 2;
    }

    /** A node says how far it has come. */
    void heard(Endpoint from, EpochMark mark) {
        if (!waiting.isEmpty()) {
            covered.merge(from, mark.covered(), Math::max);
        }
    }

    /** Answers whom it can, and asks how far the others have come. */
    void advance(Electorate latest) {
        if (waiting.isEmpty()) {
            return;
        }
        Set<NodeId> hold = new HashSet<>();
        for (Endpoint member : latest.endpoints()) {
            if (covered.getOrDefault(member, -1L) >= latest.epoch()) {
                hold.add(member.node());
            }
        }
        boolean isHeld = latest.quorums().isPhase2Quorum(hold);
        waiting.removeIf(call -> {
            boolean isDone =
                    isHeld && latest.epoch() >= call.done.configuration().version();
            if (isDone) {
                out.respond(call.request, call.done);
            } else if (now >= call.deadline) {
                out.respond(
                        call.request,
                        new Outcome.Unknown("the change is decided and leads to " + call.done.configuration()
                                + "; the deadline passed before enough of its members were found to hold the decrees and"
                                + " registers; do not stop those who leave before they do, and ask again"));
            }
            return isDone || now >= call.deadline;
        });
        if (waiting.isEmpty()) {
            covered.clear();
        } else if (now - askedAt >= resendTicks) {
            askedAt = now;
            latest.endpoints().forEach(member -> out.send(member, new EpochMessage.Ask()));
        }
    }

    void tick() {
        now++;
    }

    /** Answers everyone: the node stops. */
    void stop(String reason) {
        waiting.forEach(call -> out.respond(
                call.request, new Outcome.Unknown("the change had been decided when this node stopped: " + reason)));
        waiting.clear();
    }
}
