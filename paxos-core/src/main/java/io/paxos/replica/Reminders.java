// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sees to it that whoever is not listened to is told so, but not with every message. Bounded: of too many, whoever was
 * told longest ago is forgotten.
 */
final class Reminders {

    private static final int MOST = 256;

    private final int ticks;
    private final Map<Endpoint, Long> told = new LinkedHashMap<>();

    /**
     * Nobody has been told yet.
     *
     * @param ticks how long nobody is told again
     */
    Reminders(int ticks) {
        this.ticks = ticks;
    }

    /** Whether it is time to tell this one again; it is taken as told then. */
    boolean isDue(Endpoint to, long now) {
        Long last = told.get(to);
        if (last != null && now - last < ticks) {
            return false;
        }
        told.remove(to);
        told.put(to, now);
        if (told.size() > MOST) {
            told.remove(told.keySet().iterator().next());
        }
        return true;
    }
}
