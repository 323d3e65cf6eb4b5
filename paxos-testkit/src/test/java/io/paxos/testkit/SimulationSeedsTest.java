package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.testkit.coverage.Mark;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Runs seeds that nobody has run before: the range follows from the commit, so each commit searches elsewhere, and the
 * same commit always in the same place. With {@code -Dpaxos.simulation.first}, {@code .count} and {@code .events} it
 * runs any other range.
 */
class SimulationSeedsTest {

    private static final long COUNT = Long.getLong("paxos.simulation.count", 300);
    private static final long EVENTS = Long.getLong("paxos.simulation.events", 10_000);

    /** What hardly ever happens need not happen in so few runs. */
    private static final Set<Mark> RARE = EnumSet.of(Mark.NO_SESSION, Mark.CALM_PARTIAL);

    @Test
    void everyPropertyHoldsInEveryRunAndEverySituationIsMet() throws InterruptedException {
        long first = Long.getLong("paxos.simulation.first", SeedRange.firstOfCommit());
        Campaign.Summary summary = new Campaign(first, COUNT, EVENTS, 2).run();
        System.out.println(summary.table());
        assertThat(summary.failures())
                .as(
                        "failed runs, of which the first says: %s",
                        summary.failures().stream()
                                .findFirst()
                                .map(Throwable::getMessage)
                                .orElse("nothing"))
                .isEmpty();
        assertThat(summary.events()).isGreaterThanOrEqualTo(COUNT * EVENTS);
        if (COUNT >= 300) {
            for (Mark mark : EnumSet.complementOf(EnumSet.copyOf(RARE))) {
                assertThat(summary.coverage().of(mark)).as(mark.title()).isPositive();
            }
        }
    }
}
