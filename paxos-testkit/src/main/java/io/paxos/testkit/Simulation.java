// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Violation;
import io.paxos.testkit.service.ServiceSimulation;
import io.paxos.testkit.simulation.Ending;
import io.paxos.testkit.simulation.Less;
import io.paxos.testkit.simulation.Program;
import io.paxos.testkit.simulation.Result;
import io.paxos.testkit.simulation.Setup;
import io.paxos.testkit.simulation.World;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs a whole cluster in one thread on virtual time: the real machine of every node, under message loss, duplication,
 * delay, reordering, partitions, pauses, crashes, stores that are slow, fail, fill up, are damaged or lost, and snapshots
 * behind which the logs are forgotten all the time. After every event
 * all that must hold is checked. In the end the faults stop, and everything must come right.
 *
 * <pre>{@code
 * SimulationReport report = Simulation.builder(42).events(10_000).run();
 * }</pre>
 *
 * <p>Everything follows from the seed: the same seed gives the same run, to the last byte of its trace. A run shares
 * nothing with another one, so several threads may each run their own.
 */
public final class Simulation {

    private Simulation() {}

    /**
     * A simulation of this seed.
     *
     * @param seed settles everything: size and shape of the cluster, its limits, the load, the faults, every delay
     * @return a builder, to be used by one thread
     */
    public static Builder builder(long seed) {
        return new Builder(seed);
    }

    /**
     * A simulation of somebody's own service: their state machine on simulated nodes, their clients, their invariants.
     *
     * @param machine makes the state machine of one replica: a new one at each call, sharing nothing with the others
     * @param commands turns commands into bytes and back
     * @param results turns results into bytes and back
     * @param <M> the state machine
     * @param <C> the commands
     * @param <R> the results
     * @return a simulation that still needs a workload, and invariants to be of use
     */
    public static <M extends StateMachine<C, R>, C, R> ServiceSimulation<M, C, R> of(
            Supplier<M> machine, Codec<C> commands, Codec<R> results) {
        return new ServiceSimulation<>(machine, commands, results);
    }

    /** The user's state machine behind its codecs. */
    private record Encoded<C, R>(StateMachine<C, R> machine, Codec<C> commands, Codec<R> results)
            implements StateMachine<Payload, Payload> {

        @Override
        public Payload apply(ApplyContext context, Payload command) {
            return results.encode(machine.apply(context, commands.decode(command)));
        }

        @Override
        public Capture capture() {
            return machine.capture();
        }

        @Override
        public void restore(InputStream snapshot) throws IOException {
            machine.restore(snapshot);
        }
    }

    /** Collects the few things that do not follow from the seed. */
    public static final class Builder {

        private final long seed;
        private long events = 10_000;
        private int mostMembers = 7;
        private int traceRecords = 300;
        private @Nullable Consumer<String> trace;
        private @Nullable Supplier<StateMachine<Payload, Payload>> stateMachine;
        private @Nullable Function<RandomGenerator, Payload> commands;
        private @Nullable Ending ending;
        private Program program = Program.PAXOS;
        private Less less = Less.NOTHING;

        private Builder(long seed) {
            this.seed = seed;
        }

        /**
         * How long the faults last.
         *
         * @param count how many events happen before the calm at the end; 10,000 if not said
         * @return this builder
         * @throws IllegalArgumentException if the count is negative
         */
        public Builder events(long count) {
            if (count < 0) {
                throw new IllegalArgumentException("the number of events must not be negative, but is " + count);
            }
            events = count;
            return this;
        }

        /**
         * No cluster is drawn larger than this.
         *
         * @param count how many voters at most, 1 to 7; 7 if not said
         * @return this builder
         * @throws IllegalArgumentException if the count is out of range
         */
        public Builder mostMembers(int count) {
            if (count < 1 || count > 7) {
                throw new IllegalArgumentException("a simulated cluster has 1 to 7 voters, not " + count);
            }
            mostMembers = count;
            return this;
        }

        /**
         * How much of the trace a failure shows.
         *
         * @param records how many of the last records; 300 if not said
         * @return this builder
         * @throws IllegalArgumentException if the number is not positive
         */
        public Builder traceRecords(int records) {
            if (records < 1) {
                throw new IllegalArgumentException("a failure shows at least one record, not " + records);
            }
            traceRecords = records;
            return this;
        }

        /**
         * Gives the whole trace, as it is written. Much slower than without.
         *
         * @param lines takes one line for every record
         * @return this builder
         */
        public Builder trace(Consumer<String> lines) {
            trace = lines;
            return this;
        }

        /**
         * Runs the user's state machine instead of the simulator's own: every replica gets one, and all of them must
         * give the same results.
         *
         * @param machine makes the state machine of one replica
         * @param commandCodec turns commands into bytes and back
         * @param resultCodec turns results into bytes
         * @param command draws a command; it must use no other randomness
         * @param <C> the commands
         * @param <R> the results
         * @return this builder
         */
        public <C, R> Builder stateMachine(
                Supplier<? extends StateMachine<C, R>> machine,
                Codec<C> commandCodec,
                Codec<R> resultCodec,
                Function<RandomGenerator, C> command) {
            stateMachine = () -> new Encoded<>(machine.get(), commandCodec, resultCodec);
            commands = random -> commandCodec.encode(command.apply(random));
            return this;
        }

        /**
         * Ends the run with progress put to the test, instead of leaving that to the seed: a quorum is healed, everything
         * outside it stays broken for good, dead or connected one way only, and within a bound of virtual time the quorum
         * must answer every request and come to stand at one slot.
         *
         * @return this builder
         */
        public Builder progress() {
            ending = Ending.CORE;
            return this;
        }

        Builder less(Less other) {
            less = other;
            return this;
        }

        Builder program(Program other) {
            program = other;
            return this;
        }

        /**
         * Runs it.
         *
         * @return what it came to
         * @throws SimulationFailure if a property did not hold or a machine threw
         */
        public SimulationReport run() {
            World world = new World(new Setup(
                    seed,
                    events,
                    mostMembers,
                    traceRecords,
                    trace,
                    program,
                    stateMachine,
                    commands,
                    ending,
                    null,
                    less));
            try {
                Result result = world.run();
                return new SimulationReport(
                        seed,
                        result.scenario(),
                        result.events(),
                        result.virtualMicros() / 1_000,
                        result.calmMicros() / 1_000,
                        result.traceHash(),
                        result.coverage());
            } catch (Violation e) {
                throw failure(world, e.property(), String.valueOf(e.getMessage()), e);
            } catch (RuntimeException e) {
                throw failure(world, e.getClass().getSimpleName(), "a machine threw " + e, e);
            }
        }

        private SimulationFailure failure(World world, String property, String what, RuntimeException cause) {
            String missing = less.equals(Less.NOTHING) ? "" : ", " + less;
            String summary = "seed " + seed + " (" + events + " events" + missing + "): " + what + "\n"
                    + world.describe() + "\nmet so far: " + world.met();
            return new SimulationFailure(seed, property, summary, world.trace().tail(), cause);
        }
    }
}
