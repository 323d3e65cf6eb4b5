// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import io.paxos.testkit.simulation.Less;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a range of seeds and prints what was met, as a table. From the command line: {@code Campaign FIRST COUNT
 * [EVENTS [THREADS [MINUTES [LESS]]]]}, with 0 for MINUTES to run them all however long that takes, and LESS to leave out
 * of each run what that names; the process fails if a seed does, or if so many were run that every {@link Mark} should
 * have been met and one was not. Of the first seeds that fail it tells how little of them is enough to fail.
 */
public final class Campaign {

    private final long first;
    private final long count;
    private final long events;
    private final int threads;
    private final Duration most;
    private final Less less;
    private final Consumer<SimulationFailure> onFailure;

    /** In so many runs even what is rare should happen. */
    private static final long ENOUGH_FOR_EVERY_MARK = 2_000;

    /** What is behind most failures is behind the first ones too. */
    private static final int MOST_MINIMISED = 3;

    /**
     * A campaign over consecutive seeds.
     *
     * @param first the first seed
     * @param count how many seeds
     * @param events how many events each, before the calm at the end
     * @param threads how many threads share the work; each seed is run by one of them
     * @throws IllegalArgumentException if a number is out of range
     */
    public Campaign(long first, long count, long events, int threads) {
        this(first, count, events, threads, Duration.ZERO);
    }

    /**
     * A campaign over consecutive seeds that ends after some time, with those that are under way then.
     *
     * @param first the first seed
     * @param count how many seeds at most
     * @param events how many events each, before the calm at the end
     * @param threads how many threads share the work; each seed is run by one of them
     * @param most how long it goes on at most, or zero if only the count ends it
     * @throws IllegalArgumentException if a number is out of range
     */
    public Campaign(long first, long count, long events, int threads, Duration most) {
        this(first, count, events, threads, most, Less.NOTHING, failure -> {});
    }

    /** The same with less in each run, and someone who hears of each failure at once, from the thread that met it. */
    Campaign(
            long first,
            long count,
            long events,
            int threads,
            Duration most,
            Less less,
            Consumer<SimulationFailure> onFailure) {
        if (count < 1 || events < 0 || threads < 1) {
            throw new IllegalArgumentException("a campaign needs at least one seed and one thread, not " + count
                    + " and " + threads + ", and no negative number of events, such as " + events);
        }
        this.first = first;
        this.count = count;
        this.events = events;
        this.threads = threads;
        this.most = most;
        this.less = less;
        this.onFailure = onFailure;
    }

    /**
     * What a campaign came to.
     *
     * @param first the first seed
     * @param seeds how many seeds were run
     * @param events how many events happened in all of them
     * @param threads how many threads shared the work
     * @param millis how long it took by the clock
     * @param longestCalmMillis the longest virtual time that any run needed to come right after its faults had stopped
     * @param traceHash a hash over the traces of all seeds; the same for the same range
     * @param coverage what was met
     * @param failures the runs that failed, by seed
     */
    public record Summary(
            long first,
            long seeds,
            long events,
            int threads,
            long millis,
            long longestCalmMillis,
            long traceHash,
            Coverage coverage,
            List<SimulationFailure> failures) {
        /** Copies the list. */
        public Summary {
            failures = List.copyOf(failures);
        }

        /**
         * The summary as text.
         *
         * @return a line and a table in Markdown
         */
        public String table() {
            return String.format(
                            Locale.ROOT,
                            "seeds %d to %d, %,d in all: %,d events in %.1f s on %d threads (%.1f seeds and %,d events"
                                    + " per second), trace hash %016x; after the faults all came right within %.1f s"
                                    + " of virtual time; %d failed%n%n",
                            first,
                            first + seeds - 1,
                            seeds,
                            events,
                            millis / 1000.0,
                            threads,
                            seeds * 1000.0 / Math.max(1, millis),
                            events * 1000 / Math.max(1, millis),
                            traceHash,
                            longestCalmMillis / 1000.0,
                            failures.size())
                    + coverage.table();
        }
    }

    /**
     * Runs all seeds, also behind one that fails.
     *
     * @return what they came to
     * @throws InterruptedException if the thread is interrupted; seeds under way are then finished unseen
     */
    public Summary run() throws InterruptedException {
        long begin = System.nanoTime();
        AtomicLong next = new AtomicLong(first);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Part>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(pool.submit(() -> work(next)));
            }
            Part all = new Part();
            for (Future<Part> part : parts) {
                all.add(part.get());
            }
            all.failures.sort((a, b) -> Long.compare(a.seed(), b.seed()));
            return new Summary(
                    first,
                    all.seeds,
                    all.events,
                    threads,
                    (System.nanoTime() - begin) / 1_000_000,
                    all.longestCalm,
                    all.hash,
                    all.coverage,
                    all.failures);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a campaign broke off", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private Part work(AtomicLong next) {
        Part part = new Part();
        long begin = System.nanoTime();
        for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
            if (!most.isZero() && System.nanoTime() - begin > most.toNanos()) {
                break;
            }
            part.seeds++;
            try {
                part.add(Simulation.builder(seed).events(events).less(less).run());
            } catch (SimulationFailure e) {
                part.failures.add(e);
                onFailure.accept(e);
            }
        }
        return part;
    }

    /** What one thread has run. */
    private static final class Part {
        private final Coverage coverage = new Coverage();
        private final List<SimulationFailure> failures = new ArrayList<>();
        private long seeds;
        private long events;
        private long longestCalm;
        private long hash;

        void add(SimulationReport report) {
            events += report.events();
            longestCalm = Math.max(longestCalm, report.calmMillis());
            hash += report.traceHash() * (2 * report.seed() + 1); // a sum, so that the order of the threads is nothing
            coverage.add(report.coverage());
        }

        void add(Part other) {
            seeds += other.seeds;
            events += other.events;
            longestCalm = Math.max(longestCalm, other.longestCalm);
            hash += other.hash;
            coverage.add(other.coverage);
            failures.addAll(other.failures);
        }
    }

    /**
     * Runs a range of seeds.
     *
     * @param args first seed, number of seeds, and if wanted the number of events (10,000), of threads (2), of minutes
     *     after which to end (0: not before all seeds were run), and what is left out of each run ({@code nothing}), as
     *     this class prints it for a seed that fails
     * @throws InterruptedException if interrupted
     * @throws SimulationFailure the first failure, after all of them were printed
     * @throws IllegalStateException if something was not met once in very many runs, so that it is not put to the test
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: Campaign FIRST-SEED COUNT [EVENTS [THREADS [MINUTES [LESS]]]]");
        }
        Campaign campaign = new Campaign(
                Long.parseLong(args[0]),
                Long.parseLong(args[1]),
                args.length > 2 ? Long.parseLong(args[2]) : 10_000,
                args.length > 3 ? Integer.parseInt(args[3]) : 2,
                Duration.ofMinutes(args.length > 4 ? Long.parseLong(args[4]) : 0),
                args.length > 5 ? Less.parse(args[5]) : Less.NOTHING,
                failure -> System.out.println("FAILED " + failure.summary()));
        Summary summary = campaign.run();
        System.out.println(summary.table());
        campaign.minimise(System.out, summary.failures());
        if (!summary.failures().isEmpty()) {
            throw summary.failures().get(0);
        }
        List<Mark> missing = summary.coverage().missing();
        if (summary.seeds() >= ENOUGH_FOR_EVERY_MARK && !missing.isEmpty()) {
            throw new IllegalStateException("never met in " + summary.seeds() + " runs: "
                    + missing.stream().map(Mark::title).toList());
        }
    }

    private void minimise(PrintStream out, List<SimulationFailure> failures) {
        for (SimulationFailure failure : failures.subList(0, Math.min(MOST_MINIMISED, failures.size()))) {
            SeedMinimiser minimiser =
                    new SeedMinimiser(failure, (fewer, rest) -> failureOf(failure.seed(), fewer, rest));
            SeedMinimiser.Shortest shortest = minimiser.minimise(events, less);
            out.println("SHORTEST " + shortest.failure().summary());
            out.println("to replay it: mvn -q -Pcampaign -pl paxos-testkit -am test-compile -Dcampaign.first="
                    + failure.seed() + " -Dcampaign.seeds=1 -Dcampaign.events=" + shortest.events()
                    + " -Dcampaign.less=" + shortest.less());
        }
    }

    private static @Nullable SimulationFailure failureOf(long seed, long events, Less less) {
        try {
            SimulationReport unused =
                    Simulation.builder(seed).events(events).less(less).run();
            return null;
        } catch (SimulationFailure failure) {
            return failure;
        }
    }
}
