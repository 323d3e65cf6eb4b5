// SPDX-License-Identifier: Apache-2.0
package io.paxos.spec;

import io.paxos.message.LogMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the recorder remembers of one ballot. */
final class Candidacy {

    private final int proposer;
    private final long tag;
    private final long from;
    private final Map<Integer, List<String>> parts = new HashMap<>();
    private final Map<Integer, Long> next = new HashMap<>();
    private final Set<Integer> complete = new HashSet<>();
    private final Map<Long, Integer> proposed = new TreeMap<>();
    private boolean leads;
    private long told;

    /**
     * A ballot that has just been begun.
     *
     * @param proposer the number of the node that began it
     * @param tag the ballot, as the specification writes it
     * @param from the first slot asked about
     */
    Candidacy(int proposer, long tag, long from) {
        this.proposer = proposer;
        this.tag = tag;
        this.from = from;
    }

    int proposer() {
        return proposer;
    }

    long tag() {
        return tag;
    }

    boolean leads() {
        return leads;
    }

    /** The last slot a part speaks for; the last part speaks for all that follow. */
    static long end(LogMessage.Promise promise) {
        return promise.last() ? LogRecorder.SLOTS : promise.slots().end() - 1;
    }

    /** A part of a promise reaches the candidate. Repeated ones, and those behind a gap, count for nothing. */
    void isHanded(int acceptor, LogMessage.Promise promise) {
        boolean isNext = promise.slots().first() == next.getOrDefault(acceptor, from);
        if (leads || !isNext || complete.contains(acceptor)) {
            return;
        }
        next.put(acceptor, promise.slots().end());
        parts.computeIfAbsent(acceptor, a -> new ArrayList<>())
                .add("[a |-> " + acceptor + ", from |-> " + promise.slots().first() + ", to |-> " + end(promise)
                        + ", trim |-> " + promise.compacted() + ", decided |-> " + promise.decided() + "]");
        if (promise.last()) {
            complete.add(acceptor);
        }
    }

    void proposeAgain(long slot, int value) {
        proposed.put(slot, value);
    }

    /** Whether a leader proposes this for the first time, rather than sends it once more. */
    boolean isNew(long slot, int value) {
        Integer before = proposed.put(slot, value);
        return before == null || before != value;
    }

    /** It leads, with what it has proposed so far, every slot up to the floor being decided where it is. */
    Seen lead(long floor) {
        leads = true;
        told = floor;
        List<String> handed = new ArrayList<>();
        parts.values().forEach(handed::addAll);
        List<String> again = new ArrayList<>();
        proposed.forEach((slot, value) -> again.add("[s |-> " + slot + ", v |-> " + value + "]"));
        return Seen.of("lead")
                .with("p", proposer)
                .with("b", tag)
                .with("floor", floor)
                .with("again", "{" + String.join(", ", again) + "}")
                .with("parts", "{" + String.join(", ", handed) + "}");
    }

    boolean tellsMore(long decided) {
        boolean more = decided > told;
        told = Math.max(told, decided);
        return more;
    }
}
