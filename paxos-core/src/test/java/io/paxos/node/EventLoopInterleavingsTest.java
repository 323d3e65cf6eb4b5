// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Event;
import io.paxos.model.NodeId;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** However callers and the loop meet, the loop is woken for all that they leave, and takes it once. */
public class EventLoopInterleavingsTest {

    private static final Event EVENT = new Event.PeerUp(NodeId.of("n1"));
    private static final long HOUR_NANOS = 3_600_000_000_000L;

    private final ManualExecutor executor = new ManualExecutor();
    private final Mailbox<Event> mailbox = Mailbox.within(Limits.DEFAULTS);
    private final EventLoop loop = new EventLoop(executor, mailbox, HOUR_NANOS, () -> {});
    private final AtomicInteger offered = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();

    public EventLoopInterleavingsTest() {
        loop.start(new EventLoop.Handler() {
            @Override
            public void begin() {}

            @Override
            public void take(Event event) {
                taken.incrementAndGet();
            }

            @Override
            public void tick() {}

            @Override
            public boolean endBatch() {
                return false;
            }

            @Override
            public void failed(Throwable problem) {
                throw new IllegalStateException(problem);
            }
        });
    }

    @Operation
    public void offer() {
        offered.incrementAndGet();
        boolean unused = loop.offer(Mailbox.Lane.CALLS, EVENT, 1);
    }

    @Operation(nonParallelGroup = "the loop")
    public void turns() {
        executor.runAll();
    }

    @Validate
    public void allIsTakenOnce() {
        executor.runAll();
        if (taken.get() != offered.get()) {
            throw new IllegalStateException("taken " + taken + " of " + offered);
        }
    }

    @Test
    void allIsTakenOnceInEveryInterleaving() {
        Interleavings.oneByOne().check(EventLoopInterleavingsTest.class);
    }

    @Test
    void allIsTakenOnceUnderStress() {
        Interleavings.asTheyCome().check(EventLoopInterleavingsTest.class);
    }
}
