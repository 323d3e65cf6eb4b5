// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.benchmarks.peers.Keeping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** This library in the several shapes that it can be used in, beside the wire floor. */
@Command(
        name = "shapes",
        description = {
            "Commands per second of this library: callers at followers, 5 and 7 nodes, 16 and 1000 groups at the same"
                    + " total load, decrees, reads by quorum and under a lease, logs in files, without and with force. Always with"
                    + " three nodes, one group, in memory, the caller at the leader, and with the wire floor."
        })
final class ShapesBenchmark implements Callable<Integer> {

    /** What may be asked for. */
    private enum Shape {
        FOLLOWERS(Contestants.atFollowers()),
        NODES(
                Contestants.floor(5),
                Contestants.nodes(5, Keeping.MEMORY, "5 nodes"),
                Contestants.floor(7),
                Contestants.nodes(7, Keeping.MEMORY, "7 nodes")),
        GROUPS(Contestants.groups(16), Contestants.groups(1000)),
        DECREES(Contestants.decrees(Keeping.MEMORY), Contestants.decrees(Keeping.FORCED)),
        READS(Contestants.reads(true), Contestants.reads(false), Contestants.leaseReads(), Contestants.localReads()),
        FILES(
                Contestants.nodes(3, Keeping.FILES, "files, no force"),
                Contestants.nodes(3, Keeping.FORCED, "files, forced"));

        private final List<Contestant> contestants;

        Shape(Contestant... contestants) {
            this.contestants = List.of(contestants);
        }
    }

    private static final int WARMING = 4;

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Mixin
    private Measured measured = new Measured();

    @Option(names = "--of", split = ",", description = "Which shapes: ${COMPLETION-CANDIDATES}. Default: all")
    private Set<Shape> shapes = EnumSet.allOf(Shape.class);

    @Option(
            names = "--bytes",
            split = ",",
            defaultValue = "16",
            description = "How many bytes a command has. Default: 16")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            defaultValue = "target/shapes.json",
            description = "Where to keep the figures of all rounds. Default: target/shapes.json")
    private Path json = Path.of("target/shapes.json");

    @Override
    public Integer call() throws IOException, InterruptedException {
        measured.print("This library in several shapes");
        List<Contestant> contestants =
                new ArrayList<>(List.of(Contestants.floor(3), Contestants.atLeader(Keeping.MEMORY)));
        for (Shape shape : shapes) {
            contestants.addAll(shape.contestants);
        }
        Comparison comparison;
        try (Scratch scratch = place.open()) {
            comparison = new Comparison(contestants, sizes, measured.outstanding(), scratch);
            WarmUp.run(() -> comparison.round(measured.time().dividedBy(WARMING), false), measured.warmUp());
            for (int round = 0; round < measured.rounds(); round++) {
                System.out.printf("Round %d of %d%n", round + 1, measured.rounds());
                comparison.round(measured.time(), true);
            }
        }
        ComparisonTable.print(comparison);
        ComparisonJson.write(json, comparison);
        return comparison.failures().isEmpty() ? 0 : 1;
    }
}
