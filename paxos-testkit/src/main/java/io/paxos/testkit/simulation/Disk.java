// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.spi.Write;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * The way from a Persist to its messages, for one start of one node: writes become durable in their order, after a
 * while, alone or several together, and then their messages leave. A crash keeps some first part of the batch under way,
 * without its messages, and nothing else of what waits.
 */
final class Disk {

    private final World world;
    private final Host host;
    private final RandomGenerator random;
    private final Deque<Effect.Persist> waiting = new ArrayDeque<>();
    private int underWay;
    private int factor = 1;
    private boolean failNext;
    private boolean failed;

    Disk(World world, Host host, RandomGenerator random) {
        this.world = world;
        this.host = host;
        this.random = random;
    }

    void slow(int times) {
        factor = times;
    }

    /** How many times slower than usual it is. */
    int factor() {
        return factor;
    }

    void failNextWrite() {
        failNext = true;
    }

    /** From now on it does what disks should do. */
    void mend() {
        factor = 1;
        failNext = false;
    }

    boolean hasFailed() {
        return failed;
    }

    void persist(Effect.Persist persist) {
        if (failed) {
            return;
        }
        waiting.add(persist);
        if (underWay > 0) {
            return;
        }
        if (world.disks().inline() && factor == 1 && !failNext && !host.isFull()) {
            commit(waiting.remove());
        } else {
            begin();
        }
    }

    private void begin() {
        underWay = world.disks().group() ? waiting.size() : 1;
        long delay = Draw.exponential(random, world.disks().meanDelay()) * factor;
        world.timeline().after(delay, host, this::end);
    }

    private void end() {
        if (failNext) {
            fail("the simulated disk is broken");
            return;
        }
        if (host.isFull()
                && waiting.stream().limit(underWay).anyMatch(p -> !p.writes().isEmpty())) {
            fail("no space is left on the simulated disk");
            return;
        }
        int done = underWay;
        underWay = 0;
        for (int i = 0; i < done; i++) {
            commit(waiting.remove());
        }
        if (!waiting.isEmpty() && underWay == 0) {
            begin();
        }
    }

    private void fail(String problem) {
        failed = true;
        writeSome();
        waiting.clear();
        host.step(new Event.WriteFailed(problem));
    }

    /** After a failure or a crash nobody knows how much of the batch under way was written. */
    private int writeSome() {
        int survive = random.nextInt(underWay + 1);
        for (int i = 0; i < survive; i++) {
            write(waiting.remove());
        }
        return survive;
    }

    void crash() {
        if (failed) {
            return;
        }
        if (writeSome() > 0) {
            world.coverage().count(Mark.UNSENT);
        }
        if (waiting.stream().anyMatch(p -> !p.writes().isEmpty())) {
            world.coverage().count(Mark.UNWRITTEN);
        }
    }

    private void commit(Effect.Persist persist) {
        write(persist);
        world.post().send(host, persist.afterDurable());
    }

    private void write(Effect.Persist persist) {
        for (Write write : persist.writes()) {
            world.judge().write(host, write);
            world.trace().add(world.now(), Trace.Kind.DURABLE, host.name(), write);
            if (write instanceof Write.TrimWrite) {
                world.coverage().count(Mark.TRIM);
            }
        }
    }
}
