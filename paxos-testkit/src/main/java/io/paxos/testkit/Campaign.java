package io.paxos.testkit;

import io.paxos.testkit.coverage.Coverage;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs a range of seeds and prints what was met, as a table. From the command line: {@code Campaign FIRST COUNT
 * [EVENTS [THREADS]]}; the process fails if a seed does.
 */
public final class Campaign {

    private final long first;
    private final long count;
    private final long events;
    private final int threads;

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
        if (count < 1 || events < 0 || threads < 1) {
            throw new IllegalArgumentException("a campaign needs at least one seed and one thread, not " + count
                    + " and " + threads + ", and no negative number of events, such as " + events);
        }
        this.first = first;
        this.count = count;
        this.events = events;
        this.threads = threads;
    }

    /**
     * What a campaign came to.
     *
     * @param first the first seed
     * @param seeds how many seeds were run
     * @param events how many events happened in all of them
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
                            "seeds %d to %d: %,d events in %.1f s (%,d per second), trace hash %016x; after the faults"
                                    + " all came right within %.1f s of virtual time; %d failed%n%n",
                            first,
                            first + seeds - 1,
                            events,
                            millis / 1000.0,
                            millis == 0 ? 0 : events * 1000 / millis,
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
                    count,
                    all.events,
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
        for (long seed = next.getAndIncrement(); seed < first + count; seed = next.getAndIncrement()) {
            try {
                part.add(Simulation.builder(seed).events(events).run());
            } catch (SimulationFailure e) {
                part.failures.add(e);
            }
        }
        return part;
    }

    /** What one thread has run. */
    private static final class Part {
        private final Coverage coverage = new Coverage();
        private final List<SimulationFailure> failures = new ArrayList<>();
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
     * @param args first seed, number of seeds, and if wanted the number of events (10,000) and of threads (2)
     * @throws InterruptedException if interrupted
     * @throws SimulationFailure the first failure, after all of them were printed
     */
    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            throw new IllegalArgumentException("usage: Campaign FIRST-SEED COUNT [EVENTS [THREADS]]");
        }
        Campaign campaign = new Campaign(
                Long.parseLong(args[0]),
                Long.parseLong(args[1]),
                args.length > 2 ? Long.parseLong(args[2]) : 10_000,
                args.length > 3 ? Integer.parseInt(args[3]) : 2);
        Summary summary = campaign.run();
        print(System.out, summary);
        if (!summary.failures().isEmpty()) {
            throw summary.failures().get(0);
        }
    }

    private static void print(PrintStream out, Summary summary) {
        for (SimulationFailure failure : summary.failures()) {
            out.println("FAILED " + failure.summary());
        }
        out.println(summary.table());
    }
}
