// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * However threads compete, there are never more inside than the room has places, and who leaves takes nothing along. A
 * room may refuse more than it must while others are being refused, so it is not compared with one used in turn.
 */
public class RoomInterleavingsTest {

    private static final int PLACES = 2;

    private final Room room = new Room(PLACES, 20);
    private final AtomicInteger inside = new AtomicInteger();

    @Operation
    public void enter() {
        if (room.enter(10)) {
            int now = inside.incrementAndGet();
            if (now > PLACES) {
                throw new IllegalStateException(now + " in a room for " + PLACES);
            }
        }
    }

    @Operation
    public void enterAndLeave() {
        enter();
        leave();
    }

    @Operation
    public void leave() {
        int now = inside.get();
        if (now > 0 && inside.compareAndSet(now, now - 1)) {
            room.leave(10);
        }
    }

    @Validate
    public void countsWhoIsInside() {
        String expected = inside + " of " + PLACES + " waiting, " + 10 * inside.get() + " of 20 bytes";
        if (!room.toString().equals(expected)) {
            throw new IllegalStateException(room + " instead of " + expected);
        }
    }

    @Test
    void neverHoldsTooManyInAnyInterleaving() {
        Interleavings.oneByOne(6, 100).actorsPerThread(3).check(RoomInterleavingsTest.class);
    }

    @Test
    void neverHoldsTooManyUnderStress() {
        Interleavings.asTheyCome().check(RoomInterleavingsTest.class);
    }
}
