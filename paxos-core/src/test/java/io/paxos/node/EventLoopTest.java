// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Event;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLoopTest {

    private static final long HOUR_NANOS = 3_600_000_000_000L;

    private final ManualExecutor executor = new ManualExecutor();
    private final Mailbox<Event> mailbox = Mailbox.within(Limits.DEFAULTS.withQueue(2, 1000));
    private final List<String> happened = new ArrayList<>();
    private int lost;
    private int moreRounds;
    private Runnable inBatch = () -> {};

    private final EventLoop.Handler handler = new EventLoop.Handler() {
        @Override
        public void begin() {
            happened.add("begin");
        }

        @Override
        public void take(Event event) {
            happened.add(event instanceof Event.PeerUp up ? up.peer().name() : "open");
        }

        @Override
        public void tick() {
            happened.add("tick");
        }

        @Override
        public boolean endBatch() {
            happened.add("|");
            inBatch.run();
            return moreRounds-- > 0;
        }

        @Override
        public void failed(Throwable problem) {
            happened.add("failed: " + problem.getMessage());
        }
    };

    private EventLoop loop(long tickNanos) {
        return new EventLoop(executor, mailbox, tickNanos, () -> lost++);
    }

    private static boolean offer(EventLoop loop, String name) {
        return loop.offer(Mailbox.Lane.VOTES, new Event.PeerUp(NodeId.of(name)), 1);
    }

    @Test
    void whatHasGatheredIsOneBatch() {
        EventLoop loop = loop(HOUR_NANOS);
        offer(loop, "a");
        loop.start(handler);
        executor.runAll();
        offer(loop, "b");
        offer(loop, "c");
        offer(loop, "d");
        assertThat(executor.waiting()).isOne();
        executor.runAll();
        offer(loop, "e");
        executor.runAll();
        assertThat(happened).containsExactly("begin", "a", "|", "b", "c", "d", "|", "e", "|");
    }

    @Test
    void aBatchIsBoundedAndTheRestFollows() {
        EventLoop loop = loop(HOUR_NANOS);
        loop.start(handler);
        for (int i = 0; i < 1000; i++) {
            offer(loop, "x");
        }
        executor.runAll();
        assertThat(happened.indexOf("|")).isEqualTo(513);
        assertThat(happened).filteredOn("x"::equals).hasSize(1000);
    }

    @Test
    void ticksComeAfterTheMessagesAndFewAtATime() {
        EventLoop loop = loop(1);
        offer(loop, "heartbeat");
        loop.start(handler);
        executor.runAll();
        assertThat(happened.subList(0, 2)).containsExactly("begin", "heartbeat");
        assertThat(happened).filteredOn("tick"::equals).hasSizeBetween(1, TickClock.MAX_AT_ONCE);
        happened.clear();
        executor.fireTimer();
        executor.fireTimer();
        executor.fireTimer();
        assertThat(executor.waiting()).isOne();
        executor.runAll();
        assertThat(happened).hasSizeBetween(2, TickClock.MAX_AT_ONCE + 1).endsWith("|");
    }

    @Test
    void aHandlerWithWorkForItselfIsAskedAgain() {
        EventLoop loop = loop(HOUR_NANOS);
        loop.start(handler);
        moreRounds = 2;
        executor.runAll();
        assertThat(happened).containsExactly("begin", "|", "|", "|");
    }

    @Test
    void tasksRunBetweenBatches() {
        EventLoop loop = loop(HOUR_NANOS);
        loop.start(handler);
        loop.execute(() -> happened.add("task"));
        executor.runAll();
        assertThat(happened).containsExactly("begin", "|", "task", "|");
    }

    @Test
    void rule18_aFullLaneRefusesAndDoesNotBlock() {
        EventLoop loop = loop(HOUR_NANOS);
        Event event = new Event.OpenGroup(GroupId.of("g"));
        assertThat(loop.offer(Mailbox.Lane.CALLS, event, 1)).isTrue();
        assertThat(loop.offer(Mailbox.Lane.CALLS, event, 1)).isTrue();
        assertThat(loop.offer(Mailbox.Lane.CALLS, event, 1)).isFalse();
        assertThat(offer(loop, "vote")).isTrue();
    }

    @Test
    void afterTheEndNothingIsHandled() throws Exception {
        EventLoop loop = loop(HOUR_NANOS);
        loop.start(handler);
        executor.runAll();
        offer(loop, "a");
        loop.execute(() -> happened.add("task"));
        Thread other = new Thread(() -> loop.stop(() -> happened.add("last")));
        other.start();
        other.join();
        executor.runAll();
        loop.execute(() -> happened.add("late task"));
        assertThat(offer(loop, "late")).isFalse();
        executor.fireTimer();
        executor.runAll();
        assertThat(happened).containsExactly("begin", "|", "a", "|", "task", "last");
    }

    @Test
    void itCanBeEndedFromWithin() {
        EventLoop loop = loop(HOUR_NANOS);
        inBatch = () -> {
            inBatch = () -> {};
            loop.stop(() -> happened.add("last"));
        };
        moreRounds = 5;
        loop.start(handler);
        executor.runAll();
        assertThat(happened).containsExactly("begin", "|", "last");
    }

    @Test
    void rule20_anExecutorThatIsGoneIsNoticedAndTheEndStillComes() {
        EventLoop loop = loop(HOUR_NANOS);
        loop.start(handler);
        executor.runAll();
        executor.shutdown();
        offer(loop, "a");
        assertThat(lost).isOne();
        loop.stop(() -> happened.add("last"));
        assertThat(happened).endsWith("last");
    }

    @Test
    void itKnowsItsThread() throws Exception {
        EventLoop loop = loop(HOUR_NANOS);
        assertThat(loop.isLoopThread()).isFalse();
        loop.start(handler);
        executor.runAll();
        assertThat(loop.isLoopThread()).isTrue();
        boolean[] elsewhere = {true};
        Thread other = new Thread(() -> elsewhere[0] = loop.isLoopThread());
        other.start();
        other.join();
        assertThat(elsewhere[0]).isFalse();
    }

    /** Rule 20: lost in the executor, it would leave a node that looks alive and answers nobody. */
    @Test
    void rule20_whatIsThrownInABatchOrATaskIsHandedToTheHandlerAndTheLoopGoesOn() {
        EventLoop loop = loop(HOUR_NANOS);
        loop.start(handler);
        executor.runAll();
        happened.clear();
        inBatch = () -> {
            inBatch = () -> {};
            throw new IllegalStateException("a defect");
        };
        offer(loop, "a");
        executor.runAll();
        offer(loop, "b");
        executor.runAll();
        loop.execute(() -> {
            throw new AssertionError("another");
        });
        executor.runAll();
        assertThat(happened).containsExactly("a", "|", "failed: a defect", "b", "|", "failed: another", "|");
    }
}
