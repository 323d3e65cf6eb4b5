// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

/** Prints a table for each size of commands and each number outstanding. */
final class ComparisonTable {

    private static final String ROW = "  %-18s %-7s %-34s %5s  %-26s %5s  %8s %8s  %-22s %5s  %7s %5s  %6s %6s %5s%n";

    private ComparisonTable() {}

    static void print(Comparison comparison) {
        for (int bytes : comparison.sizes()) {
            for (int count : comparison.outstanding()) {
                System.out.printf(
                        "%n%d bytes, %d outstanding; each ratio is to the wire floor of as many nodes%n", bytes, count);
                System.out.printf(
                        ROW,
                        "",
                        "log",
                        "commands/s",
                        "ratio",
                        "p50 us",
                        "ratio",
                        "p99",
                        "p99.9",
                        "CPU s/million",
                        "ratio",
                        "bytes",
                        "ratio",
                        "writes",
                        "forces",
                        "MiB");
                for (Contestant contestant : comparison.contestants()) {
                    LoadRounds rounds = comparison.results().get(new Comparison.Key(bytes, count, contestant.name()));
                    LoadRounds floor =
                            comparison.results().get(new Comparison.Key(bytes, count, contestant.reference()));
                    if (rounds != null) {
                        row(contestant, rounds, floor == null ? rounds : floor);
                    }
                }
            }
        }
        System.out.printf(
                "%nwrites: calls of write, not of send, by the whole process, for each command; forces: of the"
                        + " leader's store, for each command; MiB: the most of the heap in use, garbage included%n");
    }

    private static void row(Contestant contestant, LoadRounds rounds, LoadRounds floor) {
        System.out.printf(
                ROW,
                contestant.name(),
                contestant.log(),
                rounds.rate().text(0),
                ratio(rounds.rate(), floor.rate()),
                rounds.medianMicros().text(0),
                ratio(rounds.medianMicros(), floor.medianMicros()),
                Rounds.text(rounds.p99Micros().median(), 0),
                Rounds.text(rounds.p999Micros().median(), 0),
                rounds.cpu().text(1),
                ratio(rounds.cpu(), floor.cpu()),
                Rounds.text(rounds.allocated().median(), 0),
                ratio(rounds.allocated(), floor.allocated()),
                Rounds.text(rounds.writeCalls().median(), 2),
                Rounds.text(rounds.forces().median(), 3),
                Rounds.text(rounds.peakMib().median(), 0));
    }

    private static String ratio(Rounds one, Rounds floor) {
        return Rounds.text(one.median() / floor.median(), 2);
    }
}
