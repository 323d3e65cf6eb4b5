// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallDoorTest {

    private final List<Runnable> elsewhere = new ArrayList<>();
    private final Callbacks callbacks = new Callbacks(elsewhere::add, true);
    private final PendingCalls calls = new PendingCalls(callbacks::run);
    private final Room room = new Room(1, 1000);
    private final Mailbox<Event> mailbox = new Mailbox<>(room, room, new Room(2, 1000));
    private final EventLoop loop = new EventLoop(new ManualExecutor(), mailbox, 1, () -> {});
    private final CallDoor door = new CallDoor(calls, loop, mailbox, callbacks, () -> false, 100, new Metering());

    private CompletableFuture<Outcome> submit() {
        return door.submit(GroupId.of("g"), Payload.EMPTY, 10, outcome -> {
            throw PaxosException.of(outcome);
        });
    }

    /** Rule 18: callers who come faster than they can be told must not fill the heap with what they are to be told. */
    @Test
    void rule18_whoFindsNoRoomIsToldAtOnceAndNobodyElseHasToDoIt() {
        assertThat(submit()).isNotDone();
        assertThat(submit()).isNotDone();
        for (int i = 0; i < 1000; i++) {
            assertThat(submit())
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(RefusedException.class)
                    .withMessageContaining("OVERLOADED");
        }
        assertThat(door.ask(request -> new Event.Learn(request, new DecreeName("d"), 10), outcome -> {
                    throw PaxosException.of(outcome);
                }))
                .isCompletedExceptionally();
        assertThat(elsewhere).isEmpty();
        assertThat(calls.size()).isEqualTo(2);
    }
}
