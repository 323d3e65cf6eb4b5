// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A mailbox is a queue, whoever puts in at the same time, and in the end all room is free again; only one thread takes
 * out. There is room for all here: who is refused the last place is the business of {@link Room}.
 */
@Param(name = "item", gen = IntGen.class, conf = "1:9")
public class MailboxInterleavingsTest {

    /** What a mailbox is held against. */
    public static class InTurn {

        private final Queue<Integer> items = new ArrayDeque<>();

        /** Always let in. */
        public boolean call(int item) {
            return items.add(item);
        }

        /** Always let in. */
        public boolean vote(int item) {
            return items.add(item);
        }

        /** Always let in. */
        public boolean report(int item) {
            return items.add(item);
        }

        /** The oldest, of whatever kind. */
        public @Nullable Integer poll() {
            return items.poll();
        }

        /** Whether there is none. */
        public boolean isEmpty() {
            return items.isEmpty();
        }
    }

    private final Room votes = new Room(100, 1000);
    private final Room calls = new Room(100, 1000);
    private final Mailbox<Integer> mailbox = new Mailbox<>(votes, new Room(1, 1), calls);

    @Operation
    public boolean call(@Param(name = "item") int item) {
        return mailbox.offer(Mailbox.Lane.CALLS, item, item);
    }

    @Operation
    public boolean vote(@Param(name = "item") int item) {
        return mailbox.offer(Mailbox.Lane.VOTES, item, item);
    }

    @Operation
    public boolean report(@Param(name = "item") int item) {
        return mailbox.offer(Mailbox.Lane.REPORTS, item, item);
    }

    @Operation(nonParallelGroup = "the loop")
    public @Nullable Integer poll() {
        return mailbox.poll();
    }

    @Operation(nonParallelGroup = "the loop")
    public boolean isEmpty() {
        return mailbox.isEmpty();
    }

    @Validate
    public void emptiedItHoldsNoRoom() {
        Integer item = mailbox.poll();
        while (item != null) {
            item = mailbox.poll();
        }
        String free = "0 of 100 waiting, 0 of 1000 bytes";
        if (!mailbox.isEmpty()
                || !calls.toString().equals(free)
                || !votes.toString().equals(free)) {
            throw new IllegalStateException("empty, but " + calls + " among calls, " + votes + " among votes");
        }
    }

    @Test
    void isAQueueInEveryInterleaving() {
        Interleavings.oneByOne().sequentialSpecification(InTurn.class).check(MailboxInterleavingsTest.class);
    }

    @Test
    void isAQueueUnderStress() {
        Interleavings.asTheyCome().sequentialSpecification(InTurn.class).check(MailboxInterleavingsTest.class);
    }
}
