// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls by their numbers, which are counted up. As long as not more are open than there are places, a call costs no
 * object here: its place follows from its number. One whose place is still taken by an older call goes into a map. A call
 * can be taken out by one only, whatever races. Safe for any thread.
 */
final class CallTable {

    private final AtomicReferenceArray<@Nullable Call> places;
    private final Map<Long, Call> others = new ConcurrentHashMap<>();
    /** Whether a place was ever taken: the map itself cannot say for certain, while others change it, that it is empty. */
    private volatile boolean spilled;

    /** @param places how many; a power of two */
    CallTable(int places) {
        this.places = new AtomicReferenceArray<>(places);
    }

    /** Puts a call in, under its number, which has not been in before. */
    void add(Call call) {
        if (!places.compareAndSet(place(call.number()), null, call)) {
            spilled = true;
            others.put(call.number(), call);
        }
    }

    @Nullable
    Call get(long number) {
        Call call = places.get(place(number));
        if (call != null && call.number() == number) {
            return call;
        }
        return spilled ? others.get(number) : null;
    }

    /** Takes a call out; null if it is not in any more. */
    @Nullable
    Call remove(long number) {
        Call call = places.get(place(number));
        if (call != null && call.number() == number) {
            // Nobody puts the same call in again: whoever fails here has lost it to another.
            return places.compareAndSet(place(number), call, null) ? call : null;
        }
        return spilled ? others.remove(number) : null;
    }

    /** Shows every call; one that comes or goes meanwhile may be shown or not. */
    void forEach(Consumer<Call> action) {
        for (int i = 0; i < places.length(); i++) {
            Call call = places.get(i);
            if (call != null) {
                action.accept(call);
            }
        }
        others.values().forEach(action);
    }

    private int place(long number) {
        return (int) number & (places.length() - 1);
    }
}
