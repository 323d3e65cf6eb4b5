package io.paxos.log;

import io.paxos.log.PhaseTwo.Flight;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The slots in flight in a ring that grows: found by slot without hashing, added behind, removed in front. */
final class FlightRing {

    private @Nullable Flight[] ring = new Flight[64];
    private long first = 1;
    private long end = 1;

    void startAt(long slot) {
        first = slot;
        end = slot;
    }

    long first() {
        return first;
    }

    long end() {
        return end;
    }

    long add(Flight flight) {
        if (end - first == ring.length) {
            grow();
        }
        ring[index(end)] = flight;
        return end++;
    }

    Flight get(long slot) {
        return Objects.requireNonNull(ring[index(slot)]);
    }

    Flight removeFirst() {
        int index = index(first);
        Flight flight = Objects.requireNonNull(ring[index]);
        ring[index] = null;
        first++;
        return flight;
    }

    private void grow() {
        @Nullable Flight[] larger = Arrays.copyOf(new Flight[0], ring.length * 2);
        for (long slot = first; slot < end; slot++) {
            larger[(int) (slot & (larger.length - 1))] = ring[index(slot)];
        }
        ring = larger;
    }

    private int index(long slot) {
        return (int) (slot & (ring.length - 1));
    }
}
