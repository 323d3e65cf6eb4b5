// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import java.util.HashMap;
import java.util.Map;

/**
 * What is to be done at which tick. A tick costs as much as what is due then, however much is due later; cancelling
 * leaves nothing behind. What is due at one tick is done in the order in which it was put down.
 */
final class Agenda {

    private final Map<Long, Alarm> days = new HashMap<>();
    private long now;

    /**
     * Puts something down.
     *
     * @param ticks from now, at least 1
     * @param action what to do then
     * @return by which it can be cancelled
     */
    Alarm after(long ticks, Runnable action) {
        long tick = now + Math.max(1, ticks);
        Alarm alarm = new Alarm(action);
        alarm.linkBefore(days.computeIfAbsent(tick, t -> new Alarm(() -> {})));
        return alarm;
    }

    /** Lets one tick pass and does what is due. */
    void tick() {
        now++;
        Alarm day = days.remove(now);
        if (day == null) {
            return;
        }
        while (day.next != day) {
            Alarm due = day.next;
            due.cancel();
            due.action.run();
        }
    }

    /** An entry of the agenda, in a ring with the others of its tick. */
    static final class Alarm {
        private final Runnable action;
        private Alarm previous = this;
        private Alarm next = this;

        private Alarm(Runnable action) {
            this.action = action;
        }

        private void linkBefore(Alarm day) {
            previous = day.previous;
            next = day;
            day.previous.next = this;
            day.previous = this;
        }

        /** Takes it off the agenda; a second call, or one after it has gone off, does nothing. */
        void cancel() {
            previous.next = next;
            next.previous = previous;
            previous = this;
            next = this;
        }
    }
}
