// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import io.paxos.event.Event;
import io.paxos.event.RequestId;
import io.paxos.model.Payload;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Three machines on one thread, without a store, a network or bytes; one operation is one command, from its submission
 * to the answer, with all steps of the leader and of both followers.
 */
@State(Scope.Thread)
public class MachineBenchmark {

    private static final int BATCH = 64;
    private static final int TICKS = 1_000_000;

    private final Payload command = Payload.wrap(new byte[16]);
    private Machines machines = new Machines();
    private long requests;

    /** A log that begins anew, as nothing is trimmed here. */
    @Setup(Level.Iteration)
    public void elect() {
        machines = new Machines();
    }

    /** Each command goes all its way before the next comes. */
    @Benchmark
    public long oneByOne() {
        return machines.submit(List.of(next()));
    }

    /** Commands that come together. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long together() {
        List<Event> events = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            events.add(next());
        }
        return machines.submit(events);
    }

    private Event next() {
        return new Event.Submit(new RequestId(++requests), Machines.GROUP, command, TICKS);
    }
}
