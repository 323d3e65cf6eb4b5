// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.faults.Faults;
import io.paxos.testkit.history.Model;
import io.paxos.testkit.simulation.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Runs somebody's own state machine on simulated nodes, under faults, and holds what they demand of it. The nodes are the
 * product's: their logs, elections, sessions, snapshots. Besides the given invariants, these are held in every run: the
 * same commands give the same results and the same state on every replica; what is restored from a snapshot is what was
 * captured; a capture does not change; nothing throws; every command is executed at most once, an acknowledged one
 * exactly once; when the faults are over, everything comes right.
 *
 * <pre>{@code
 * Simulation.of(LockService::new, LockCommand.CODEC, Codec.int64())
 *         .workload((random, client) -> LockCommand.acquire("a", client.number()))
 *         .invariant("an owner has the highest token", LockService::ownersHaveTheHighestTokens)
 *         .faults(Faults.all())
 *         .seeds(200)
 *         .run();
 * }</pre>
 *
 * <p>Everything follows from the seeds, provided that the given code draws from nothing but the randomness it is handed.
 * What fails is tried again with fewer faults and commands, and reported with the fewest found; see
 * {@link ServiceFailure}. For use by one thread.
 *
 * @param <M> the state machine
 * @param <C> the commands
 * @param <R> the results
 */
public final class ServiceSimulation<M extends StateMachine<C, R>, C, R> {

    private static final int MICROS_PER_SECOND = 1_000_000;

    private final Supplier<? extends M> machine;
    private final Codec<C> commands;
    private final Codec<R> results;
    private final List<Service.Rule<M>> ofEach = new ArrayList<>();
    private final List<Service.Rule<List<M>>> ofAll = new ArrayList<>();
    private final List<Service.Rule<List<Operation<C, R>>>> ofHistory = new ArrayList<>();
    private final List<Service.Rule<Ending<M, C, R>>> ofEnding = new ArrayList<>();
    private final List<Model<?, C, R>> models = new ArrayList<>();
    private int nodes = 3;
    private int clients = 3;
    private Workload<C, R> workload = (random, client) -> null;
    private boolean hasWorkload;
    private Faults faults = Faults.all();
    private int seconds = 10;
    private long firstSeed = 1;
    private long seeds = 100;
    private int minimisingRuns = 500;

    /**
     * A simulation with three nodes, three clients, all faults, ten seconds of virtual time and 100 seeds; see
     * {@link io.paxos.testkit.Simulation#of}.
     *
     * @param machine makes the state machine of one replica: a new one at each call, sharing nothing with the others
     * @param commands turns commands into bytes and back
     * @param results turns results into bytes and back
     */
    public ServiceSimulation(Supplier<? extends M> machine, Codec<C> commands, Codec<R> results) {
        this.machine = machine;
        this.commands = commands;
        this.results = results;
    }

    /**
     * How many nodes there are.
     *
     * @param count 1 to 7; 3 if not said
     * @return this
     * @throws IllegalArgumentException if the count is out of range
     */
    public ServiceSimulation<M, C, R> nodes(int count) {
        nodes = within("number of nodes", count, 1, 7);
        return this;
    }

    /**
     * How many clients there are, each of which asks for one thing at a time.
     *
     * @param count 1 to 100; 3 if not said
     * @return this
     * @throws IllegalArgumentException if the count is out of range
     */
    public ServiceSimulation<M, C, R> clients(int count) {
        clients = within("number of clients", count, 1, 100);
        return this;
    }

    /**
     * What clients ask for.
     *
     * @param commandsOfClients gives the next command of a client
     * @return this
     */
    public ServiceSimulation<M, C, R> workload(Workload<C, R> commandsOfClients) {
        workload = commandsOfClients;
        hasWorkload = true;
        return this;
    }

    /**
     * Something that must hold of each replica, after every command it executes and every snapshot it restores.
     *
     * @param name what must hold, in words; the failure bears it
     * @param holds looks at the state of one replica, and changes nothing; it says no, or throws as assertions do
     * @return this
     */
    public ServiceSimulation<M, C, R> invariant(String name, Predicate<? super M> holds) {
        ofEach.add(new Service.Rule<>(name, holds));
        return this;
    }

    /**
     * Something that must hold of all replicas that are up, after every command that one of them executes and every
     * snapshot it restores. Some of them are behind the others.
     *
     * @param name what must hold, in words; the failure bears it
     * @param holds looks at the states, and changes nothing; it says no, or throws as assertions do
     * @return this
     */
    public ServiceSimulation<M, C, R> invariantAcross(String name, Predicate<? super List<M>> holds) {
        ofAll.add(new Service.Rule<>(name, holds));
        return this;
    }

    /**
     * Something that must hold of what clients asked for and heard, after every answer.
     *
     * @param name what must hold, in words; the failure bears it
     * @param holds looks at all operations so far, in the order in which they were asked for; some have no answer yet. It
     *     says no, or throws as assertions do
     * @return this
     */
    public ServiceSimulation<M, C, R> invariantOfHistory(String name, Predicate<? super List<Operation<C, R>>> holds) {
        ofHistory.add(new Service.Rule<>(name, holds));
        return this;
    }

    /**
     * Something that must hold at the end of a run, when the faults are over and everything has been answered and executed.
     *
     * @param name what must hold, in words; the failure bears it
     * @param holds looks at the states, which stand at the same slot, and at all operations; it says no, or throws as
     *     assertions do
     * @return this
     */
    public ServiceSimulation<M, C, R> afterwards(String name, Predicate<? super Ending<M, C, R>> holds) {
        ofEnding.add(new Service.Rule<>(name, holds));
        return this;
    }

    /**
     * All that clients asked for and heard must be linearizable: as if each command had its effect at one moment between the
     * question and the answer, one after another, as the model says. Looked at when a run ends.
     *
     * @param model what the commands do when nobody else asks for anything; commands and results need {@code equals}
     * @return this
     */
    public ServiceSimulation<M, C, R> linearizable(Model<?, C, R> model) {
        models.add(model);
        return this;
    }

    /**
     * What may go wrong.
     *
     * @param chosen each run draws some of these; all if not said
     * @return this
     */
    public ServiceSimulation<M, C, R> faults(Faults chosen) {
        faults = chosen;
        return this;
    }

    /**
     * How long the faults last in each run.
     *
     * @param virtual seconds of virtual time, 1 to 3600; 10 if not said
     * @return this
     * @throws IllegalArgumentException if the time is out of range
     */
    public ServiceSimulation<M, C, R> seconds(int virtual) {
        seconds = within("number of virtual seconds", virtual, 1, 3600);
        return this;
    }

    /**
     * How many seeds to run, from seed 1 on.
     *
     * @param count at least 1; 100 if not said
     * @return this
     * @throws IllegalArgumentException if the count is not positive
     */
    public ServiceSimulation<M, C, R> seeds(long count) {
        return seeds(1, count);
    }

    /**
     * Which seeds to run.
     *
     * @param first the first one
     * @param count how many
     * @return this
     * @throws IllegalArgumentException if the count is not positive
     */
    public ServiceSimulation<M, C, R> seeds(long first, long count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one seed is run, not " + count);
        }
        firstSeed = first;
        seeds = count;
        return this;
    }

    /**
     * Runs one seed only, such as one that failed.
     *
     * @param seed which
     * @return this
     */
    public ServiceSimulation<M, C, R> seed(long seed) {
        return seeds(seed, 1);
    }

    /**
     * How hard to look for a shorter plan when a seed fails.
     *
     * @param most how many plans are tried at most, 0 or more; 500 if not said
     * @return this
     * @throws IllegalArgumentException if the number is negative
     */
    public ServiceSimulation<M, C, R> minimisingRuns(int most) {
        minimisingRuns = within("number of plans tried", most, 0, Integer.MAX_VALUE);
        return this;
    }

    /**
     * Runs every seed, until one fails.
     *
     * @return what they came to
     * @throws ServiceFailure if something does not hold
     * @throws IllegalStateException if there is no workload
     */
    public ServiceReport run() {
        if (!hasWorkload) {
            throw new IllegalStateException(
                    "nobody asks for anything: say .workload((random, client) -> …) before .run()");
        }
        Service<M, C, R> service = service();
        Runs<M, C, R> runs = new Runs<>(service);
        Coverage coverage = new Coverage();
        long operations = 0;
        long applied = 0;
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            Run run = runs.draw(seed);
            if (run.failure() != null) {
                throw new Investigation<>(service, runs, minimisingRuns).failure(run, run.failure());
            }
            operations += run.operations();
            applied += run.applied();
            coverage.add(run.coverage());
        }
        return new ServiceReport(seeds, operations, applied, coverage);
    }

    /**
     * Does again what a failure printed, and nothing else: the workload is not asked.
     *
     * @param plan the text of a plan
     * @return what it came to, if nothing fails any more
     * @throws ServiceFailure if something does not hold
     * @throws IllegalArgumentException naming a line that cannot be read
     */
    public ServiceReport replay(String plan) {
        Service<M, C, R> service = service();
        Runs<M, C, R> runs = new Runs<>(service);
        Run run = runs.play(Plan.read(plan), null);
        if (run.failure() != null) {
            throw new Investigation<>(service, runs, 0).failure(run, run.failure());
        }
        return new ServiceReport(1, run.operations(), run.applied(), run.coverage());
    }

    private Service<M, C, R> service() {
        return new Service<>(
                machine,
                commands,
                results,
                nodes,
                clients,
                workload,
                new Service.Rules<>(ofEach, ofAll, ofHistory, ofEnding, models),
                faults,
                (long) seconds * MICROS_PER_SECOND);
    }

    private static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "the " + what + " is " + least + " to " + most + ", but " + value + " was given");
        }
        return value;
    }
}
