// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.model.CommandId;

/**
 * A set of command ids that makes no objects: every command of a leader goes into it and out again. Open addressing with
 * linear probing over the two numbers of each id. Not safe for use by several threads.
 */
final class CommandIds {

    private static final int LEAST = 64;

    /** The golden ratio in 64 bits, which spreads numbers that follow upon each other. */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private long[] sessions = new long[LEAST];
    private long[] sequences = new long[LEAST];
    private boolean[] taken = new boolean[LEAST];
    private int size;

    int size() {
        return size;
    }

    boolean contains(CommandId id) {
        return taken[place(id.session(), id.sequence())];
    }

    /** Adds an id; false if it was there. */
    boolean add(CommandId id) {
        if (size >= taken.length / 2) {
            grow();
        }
        int at = place(id.session(), id.sequence());
        if (taken[at]) {
            return false;
        }
        sessions[at] = id.session();
        sequences[at] = id.sequence();
        taken[at] = true;
        size++;
        return true;
    }

    void remove(CommandId id) {
        int gap = place(id.session(), id.sequence());
        if (!taken[gap]) {
            return;
        }
        size--;
        // Whatever would not be found across the gap any more moves into it, and leaves another.
        for (int at = next(gap); taken[at]; at = next(at)) {
            int home = home(sessions[at], sequences[at]);
            boolean reachable = gap <= at ? gap < home && home <= at : gap < home || home <= at;
            if (!reachable) {
                sessions[gap] = sessions[at];
                sequences[gap] = sequences[at];
                gap = at;
            }
        }
        taken[gap] = false;
    }

    private void grow() {
        long[] oldSessions = sessions;
        long[] oldSequences = sequences;
        boolean[] oldTaken = taken;
        sessions = new long[2 * oldTaken.length];
        sequences = new long[2 * oldTaken.length];
        taken = new boolean[2 * oldTaken.length];
        for (int i = 0; i < oldTaken.length; i++) {
            if (oldTaken[i]) {
                int at = place(oldSessions[i], oldSequences[i]);
                sessions[at] = oldSessions[i];
                sequences[at] = oldSequences[i];
                taken[at] = true;
            }
        }
    }

    /** Where the id is, or would be put. */
    private int place(long session, long sequence) {
        int at = home(session, sequence);
        while (taken[at] && !(sequences[at] == sequence && sessions[at] == session)) {
            at = next(at);
        }
        return at;
    }

    private int home(long session, long sequence) {
        return (int) (((session * SPREAD + sequence) * SPREAD) >>> (Long.numberOfLeadingZeros(taken.length) + 1));
    }

    private int next(int at) {
        return (at + 1) & (taken.length - 1);
    }
}
