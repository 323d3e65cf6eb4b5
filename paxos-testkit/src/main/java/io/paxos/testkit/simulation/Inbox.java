// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Event;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What one start of one node is still to take in, in its order. Each event is taken in alone and at once; or what comes
 * within a while is taken in as one batch, as on the loop of a real node. A tick waits for nothing.
 */
final class Inbox {

    /** An event, and what is to be noted when it is taken in. */
    private record Arrival(Event event, Runnable noted) {}

    private final World world;
    private final Host host;
    private final long gathering;
    private final Consumer<List<Event>> taker;
    private final RandomGenerator random;
    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private boolean awake;

    /**
     * An empty one.
     *
     * @param gathering microseconds for which events gather, on average; 0 if they do not
     * @param taker takes one batch, which is never empty
     */
    Inbox(World world, Host host, long gathering, Consumer<List<Event>> taker, RandomGenerator random) {
        this.world = world;
        this.host = host;
        this.gathering = gathering;
        this.taker = taker;
        this.random = random;
    }

    /** Something to be taken in. */
    void give(Event event, Runnable noted) {
        leave(event, noted);
        if (gathering == 0) {
            empty();
        } else if (!awake) {
            awake = true;
            world.timeline().after(Draw.exponential(random, gathering), host, () -> {
                awake = false;
                empty();
            });
        }
    }

    /** Something for which nobody waits: it is taken in with whatever comes next. */
    void leave(Event event, Runnable noted) {
        waiting.add(new Arrival(event, noted));
    }

    /** All that waits is taken in now. */
    void empty() {
        while (!waiting.isEmpty()) {
            List<Event> batch = new ArrayList<>();
            do {
                Arrival next = waiting.remove();
                next.noted.run();
                batch.add(next.event);
            } while (gathering > 0 && !waiting.isEmpty());
            if (batch.size() > 1) {
                world.coverage().count(Mark.BATCH);
            }
            taker.accept(batch);
        }
    }
}
