// SPDX-License-Identifier: Apache-2.0
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

    /** What happens hardly more than ten times in so many runs need not happen here; the campaign must meet it too. */
    private static final Set<Mark> RARE = EnumSet.of(
            Mark.CALM_PARTIAL,
            Mark.NO_SESSION,
            Mark.OLD_COPY,
            Mark.OLD_COPY_TOLD,
            Mark.READMITTED,
            Mark.READMITTED_UNASKED,
            Mark.SNAPSHOT_UNREADABLE,
            Mark.TRANSFER_RESTARTED);

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
            assertThat(summary.coverage().missing()).as("what was never met").isSubsetOf(RARE);
        }
    }
}
