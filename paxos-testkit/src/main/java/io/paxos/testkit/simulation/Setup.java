// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.Payload;
import io.paxos.spi.StateMachine;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What whoever runs a simulation has a say in; everything else follows from the seed.
 *
 * @param seed settles everything that is drawn
 * @param events how many events happen before the calm at the end
 * @param mostMembers no cluster has more voters than this
 * @param kept how many records of the trace a failure shows
 * @param sink takes the whole trace line by line, or null
 * @param program what runs on the nodes
 * @param stateMachine makes the state machine of one replica, or null for one of the simulator's own
 * @param commands draws commands for it, or null
 * @param ending how the run ends, or null if that is to be drawn too
 * @param tenancy whose service runs on the nodes, and what is done to them, or null
 * @param less what is left out of what the seed draws
 */
public record Setup(
        long seed,
        long events,
        int mostMembers,
        int kept,
        @Nullable Consumer<String> sink,
        Program program,
        @Nullable Supplier<StateMachine<Payload, Payload>> stateMachine,
        @Nullable Function<RandomGenerator, Payload> commands,
        @Nullable Ending ending,
        @Nullable Tenancy tenancy,
        Less less) {

    /**
     * The same with nothing left out.
     *
     * @param seed settles everything that is drawn
     * @param events how many events happen before the calm at the end
     * @param mostMembers no cluster has more voters than this
     * @param kept how many records of the trace a failure shows
     * @param sink takes the whole trace line by line, or null
     * @param program what runs on the nodes
     * @param stateMachine makes the state machine of one replica, or null for one of the simulator's own
     * @param commands draws commands for it, or null
     * @param ending how the run ends, or null if that is to be drawn too
     * @param tenancy whose service runs on the nodes, and what is done to them, or null
     */
    public Setup(
            long seed,
            long events,
            int mostMembers,
            int kept,
            @Nullable Consumer<String> sink,
            Program program,
            @Nullable Supplier<StateMachine<Payload, Payload>> stateMachine,
            @Nullable Function<RandomGenerator, Payload> commands,
            @Nullable Ending ending,
            @Nullable Tenancy tenancy) {
        this(seed, events, mostMembers, kept, sink, program, stateMachine, commands, ending, tenancy, Less.NOTHING);
    }
}
