// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads that wait until this node has executed a slot that somebody has seen executed. Nobody is asked for it: what was
 * executed anywhere is decided, and comes here by itself. A slot that nobody has reached yet may be waited for as well.
 */
final class SlotReads {

    private final MachineConfig config;
    private final Outbox outbox;
    private final NavigableMap<Long, List<Read>> waiting = new TreeMap<>();
    private int count;

    private record Read(RequestId request, long deadline) {}

    SlotReads(MachineConfig config, Outbox outbox) {
        this.config = config;
        this.outbox = outbox;
    }

    /** Takes a read in, or says why not. */
    Outcome.@Nullable Refused submit(RequestId request, long slot, long deadline) {
        if (count >= config.queueCommands()) {
            return new Outcome.Refused(
                    Outcome.Reason.OVERLOADED,
                    count + " reads wait for slots already, as many as may; try again when some are answered");
        }
        waiting.computeIfAbsent(slot, s -> new ArrayList<>()).add(new Read(request, deadline));
        count++;
        return null;
    }

    /** The first slot that a read waits for, 0 if none does. */
    long awaited() {
        return waiting.isEmpty() ? 0 : waiting.firstKey();
    }

    /** Answers those whose slot is executed. */
    void flush(long applied) {
        if (waiting.isEmpty()) {
            return;
        }
        Map<Long, List<Read>> executed = waiting.headMap(applied, true);
        for (List<Read> reads : executed.values()) {
            count -= reads.size();
            reads.forEach(read -> outbox.add(new Effect.Respond(read.request, new Outcome.Current(applied))));
        }
        executed.clear();
    }

    /** Answers those whose deadline has passed. */
    void tick(long now, long applied) {
        if (waiting.isEmpty()) {
            return;
        }
        for (Iterator<Map.Entry<Long, List<Read>>> all = waiting.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, List<Read>> one = all.next();
            one.getValue().removeIf(read -> {
                if (now < read.deadline) {
                    return false;
                }
                refuse(
                        read,
                        Outcome.Reason.TIMEOUT,
                        "the deadline passed before slot " + one.getKey() + " was executed here; this node has come to "
                                + applied);
                return true;
            });
            if (one.getValue().isEmpty()) {
                all.remove();
            }
        }
    }

    private void refuse(Read read, Outcome.Reason reason, String detail) {
        count--;
        outbox.add(new Effect.Respond(read.request, new Outcome.Refused(reason, detail)));
    }

    /** Answers every read: this replica will not. */
    void stop(String reason) {
        List<Read> all = new ArrayList<>();
        waiting.values().forEach(all::addAll);
        waiting.clear();
        all.forEach(read -> refuse(read, Outcome.Reason.STOPPED, reason));
    }

    int waiting() {
        return count;
    }
}
