// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.GroupId;
import io.paxos.spi.Write;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * What is handed to the writer is taken once and in order, and whoever hands it over while the writer goes to rest is told
 * to wake it: a wake-up that nobody gives would leave a write, and all votes in it, lying for ever.
 */
class WriteQueueInterleavingsTest {

    private static final GroupId GROUP = GroupId.of("g");

    /** What the queue is held against. */
    public static class InTurn {

        private long waiting;
        private long bytes;
        private boolean resting = true;
        private boolean abandoned;

        /** Only who finds the writer resting wakes it. */
        public boolean add(int slot) {
            if (abandoned) {
                return false;
            }
            waiting = 10 * waiting + slot;
            bytes += slot;
            boolean wake = resting;
            resting = false;
            return wake;
        }

        /** All that waits; with nothing, the writer rests. */
        public long take() {
            long all = waiting;
            waiting = 0;
            bytes = 0;
            resting = all == 0;
            return all;
        }

        /** What waits weighs as much as its slots are high. */
        public long bytes() {
            return bytes;
        }

        /** Nothing waits any more. */
        public void abandon() {
            abandoned = true;
            waiting = 0;
            bytes = 0;
        }
    }

    /** Work is handed over, and the writer takes it and goes to rest. */
    @Param(name = "slot", gen = IntGen.class, conf = "1:9")
    public static class AtWork {

        final WriteQueue queue = new WriteQueue();

        /** Whether the writer is to be woken. */
        @Operation
        public boolean add(@Param(name = "slot") int slot) {
            return queue.add(new WriteQueue.Batch(List.of(new Write.DecidedWrite(GROUP, slot)), List.of(), slot));
        }

        /** The slots that the writer takes, a digit for each; zero if it goes to rest. */
        @Operation(nonParallelGroup = "the writer")
        public long take() {
            WriteQueue.Batch batch = queue.take(0);
            if (batch == null) {
                return 0;
            }
            long digits = 0;
            for (Write write : batch.writes()) {
                digits = 10 * digits + ((Write.DecidedWrite) write).decided();
            }
            return digits;
        }
    }

    /** Somebody ends all that, or only looks how much there is. */
    @Param(name = "slot", gen = IntGen.class, conf = "1:9")
    public static class AtTheEnd extends AtWork {

        @Operation
        public long bytes() {
            return queue.bytes();
        }

        @Operation
        public void abandon() {
            queue.abandon();
        }
    }

    @Test
    void nothingIsLostNorForgottenInAnyInterleaving() {
        Interleavings.oneByOne(2, 50).sequentialSpecification(InTurn.class).check(AtWork.class);
    }

    @Test
    void nothingIsLostNorForgottenUnderStress() {
        Interleavings.asTheyCome().sequentialSpecification(InTurn.class).check(AtWork.class);
    }

    @Test
    void theEndIsTheEndUnderStress() {
        Interleavings.asTheyCome().sequentialSpecification(InTurn.class).check(AtTheEnd.class);
    }
}
