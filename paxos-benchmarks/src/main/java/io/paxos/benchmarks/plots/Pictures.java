// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All pictures of the docs, from the files of one directory. */
final class Pictures {

    private static final String OWN = "Paxos";
    private static final String FLOOR = "wire floor";
    private static final List<Integer> OUTSTANDING = List.of(1, 64, 1024);
    private static final List<Integer> BYTES = List.of(16, 1024);
    private static final List<Integer> SIZES = List.of(16, 64, 256, 1024, 4096, 16384);

    /** More of the largest would not fit into the queues. */
    private static final List<Integer> FEWER_OUTSTANDING = List.of(1, 64, 256);

    private static final List<Series> OWN_AND_FLOOR =
            List.of(new Series("Paxos", true, false), new Series("wire floor", false, true));

    private static final Series ALONE = new Series("median", false, false);
    private static final String RATE = "commandsPerSecond";
    private static final String MEDIAN = "p50Micros";
    private static final String P99 = "p99Micros";
    private static final String SIGNS = "Dots are medians of the rounds, whiskers reach from the least to the most. ";

    private final Path directory;

    Pictures(Path directory) {
        this.directory = directory;
    }

    /**
     * Draws all.
     *
     * @return the text of each, by the name of its file
     * @throws IOException if what was recorded cannot be read
     */
    Map<String, String> draw() throws IOException {
        Recorded memory = Recorded.read(directory.resolve("peers-memory.json"));
        Recorded forced = Recorded.read(directory.resolve("peers-forced.json"));
        Recorded shapes = Recorded.read(directory.resolve("shapes.json"));
        Recorded failover = Recorded.read(directory.resolve("failover.json"));
        Map<String, Picture> pictures = new LinkedHashMap<>();
        pictures.put("throughput", throughput(memory));
        pictures.put("latency", latency(memory));
        pictures.put("forced", forced(forced));
        pictures.put("cluster-size", clusterSize(shapes));
        pictures.put("value-size", valueSize(memory));
        pictures.put("value-sizes", valueSizes(Recorded.read(directory.resolve("sizes.json"))));
        pictures.put("failover", failover(failover));
        pictures.put("failover-timeline", timeline(Recorded.read(directory.resolve("failover-timeline.json"))));
        Map<String, String> drawn = new LinkedHashMap<>();
        pictures.forEach((name, picture) -> drawn.put(name + ".svg", picture.svg()));
        return drawn;
    }

    private static Picture throughput(Recorded memory) {
        return new Picture(
                "Commands per second, three nodes, logs without force",
                List.of(ALONE),
                besidePeers(memory, BYTES, Unit.PER_SECOND, List.of(RATE), ""),
                Picture.Way.DOTS,
                caption(memory, SIGNS + "The scale is logarithmic. Code was not yet warm.", "peers"));
    }

    private static Picture latency(Recorded memory) {
        return new Picture(
                "Time to an answer, three nodes, logs without force",
                List.of(new Series("half of the answers within", false, false), new Series("99 of 100", false, true)),
                besidePeers(memory, BYTES, Unit.MICROS, List.of(MEDIAN, P99), ""),
                Picture.Way.DOTS,
                caption(memory, SIGNS + "The scale is logarithmic. Code was not yet warm.", "peers"));
    }

    private static Picture forced(Recorded forced) {
        List<Integer> bytes = List.of(16);
        List<List<Panel>> panels =
                new ArrayList<>(besidePeers(forced, bytes, Unit.PER_SECOND, List.of(RATE), ": commands/s"));
        panels.addAll(besidePeers(forced, bytes, Unit.MICROS, List.of(MEDIAN), ": median time"));
        return new Picture(
                "Logs forced to the disk before an answer, three nodes",
                List.of(ALONE),
                panels,
                Picture.Way.DOTS,
                caption(
                        forced,
                        SIGNS + "The scales are logarithmic. The floor forces nothing.",
                        "peers --log FORCED --bytes 16"));
    }

    /** A row of panels for each size of commands, a panel for each number outstanding, all with one axis. */
    private static List<List<Panel>> besidePeers(
            Recorded peers, List<Integer> sizes, Unit unit, List<String> figures, String what) {
        List<Spread> all = new ArrayList<>();
        peers.results().forEach(each -> figures.forEach(figure -> all.add(each.figure(figure))));
        Axis axis = Axis.logarithmic(unit, all);
        List<List<Panel>> panels = new ArrayList<>();
        for (int bytes : sizes) {
            panels.add(OUTSTANDING.stream()
                    .map(outstanding -> new Panel(
                            (what.isEmpty() ? bytes + " bytes, " : "") + outstanding + " outstanding" + what,
                            axis,
                            peers.names().stream()
                                    .map(name -> contestant(peers.result(name, bytes, outstanding), name, figures))
                                    .toList()))
                    .toList());
        }
        return panels;
    }

    private static Panel.Row contestant(Recorded result, String name, List<String> figures) {
        String label = name;
        if (name.endsWith("*")) {
            label = name.substring(0, name.length() - 1) + ", no network";
        } else if ("files".equals(result.facts().get("log"))) {
            label = name + ", files";
        }
        return new Panel.Row(
                label, name.equals(OWN), figures.stream().map(result::figure).toList());
    }

    private static Picture clusterSize(Recorded shapes) {
        return new Picture(
                "Commands per second as the cluster grows, 16 bytes, logs in memory",
                List.of(new Series("Paxos", true, false), new Series("wire floor with as many followers", false, true)),
                List.of(growth(
                        OUTSTANDING,
                        List.of("3 nodes", "5 nodes", "7 nodes"),
                        (outstanding) -> List.of(
                                both(shapes, OWN, FLOOR, 16, outstanding),
                                both(shapes, "5 nodes", "wire floor, 5", 16, outstanding),
                                both(shapes, "7 nodes", "wire floor, 7", 16, outstanding)),
                        false)),
                Picture.Way.GROWTH,
                caption(shapes, SIGNS + "Two rounds only, of code that was not warm.", "shapes"));
    }

    private static Picture valueSize(Recorded memory) {
        return new Picture(
                "Commands per second as commands grow, three nodes, logs in memory",
                OWN_AND_FLOOR,
                List.of(growth(
                        OUTSTANDING,
                        BYTES.stream().map(bytes -> bytes + " bytes").toList(),
                        (outstanding) -> BYTES.stream()
                                .map(bytes -> both(memory, OWN, FLOOR, bytes, outstanding))
                                .toList(),
                        false)),
                Picture.Way.GROWTH,
                caption(memory, SIGNS + "Code was not yet warm.", "peers"));
    }

    private static Picture valueSizes(Recorded sizes) {
        return new Picture(
                "Commands per second with commands of 16 bytes to 16 KiB, three nodes, logs in memory",
                OWN_AND_FLOOR,
                List.of(growth(
                        FEWER_OUTSTANDING,
                        SIZES.stream().map(Pictures::size).toList(),
                        (outstanding) -> SIZES.stream()
                                .map(bytes -> both(sizes, OWN, FLOOR, bytes, outstanding))
                                .toList(),
                        true)),
                Picture.Way.GROWTH,
                caption(
                        sizes,
                        SIGNS + "The scales are logarithmic.",
                        "sizes --rounds 3 --millis 600 --outstanding 1,64,256 --warm-up-seconds 30"));
    }

    private static String size(int bytes) {
        return bytes < 1024 ? bytes + " B" : bytes / 1024 + " KiB";
    }

    private static List<Spread> both(Recorded recorded, String own, String floor, int bytes, int outstanding) {
        return List.of(
                recorded.result(own, bytes, outstanding).figure(RATE),
                recorded.result(floor, bytes, outstanding).figure(RATE));
    }

    private static List<Panel> growth(
            List<Integer> counts,
            List<String> steps,
            Function<Integer, List<List<Spread>>> values,
            boolean isLogarithmic) {
        List<Panel> panels = new ArrayList<>();
        for (int outstanding : counts) {
            List<List<Spread>> each = values.apply(outstanding);
            List<Panel.Row> rows = new ArrayList<>();
            for (int i = 0; i < steps.size(); i++) {
                rows.add(new Panel.Row(steps.get(i), false, each.get(i)));
            }
            List<Spread> all = each.stream().flatMap(List::stream).toList();
            Axis axis = isLogarithmic ? Axis.logarithmic(Unit.PER_SECOND, all) : Axis.linear(Unit.PER_SECOND, all);
            panels.add(new Panel(outstanding + " outstanding", axis, rows));
        }
        return panels;
    }

    private static Picture failover(Recorded failover) {
        List<String> events = List.of(
                "the leader is killed",
                "the leader hands over",
                "a follower is killed",
                "decrees: the node asked is killed",
                "decrees: another node is killed");
        Axis axis = Axis.linear(Unit.MILLIS, failover.figures().values());
        return new Picture(
                "The longest time between two answers when something happens",
                List.of(
                        new Series("in the 3 s after it", true, false),
                        new Series("in the 3 s before, when nothing happened", true, true)),
                List.of(List.of(
                        pauses(failover, events, "defaults", "election timeout of 300 ms", 300, axis),
                        pauses(failover, events, "50 ms", "election timeout of 50 ms", 50, axis))),
                Picture.Way.DOTS,
                caption(failover, SIGNS + "Dashed: the election timeout.", "failover"));
    }

    private static Panel pauses(
            Recorded failover, List<String> events, String setting, String title, double timeout, Axis axis) {
        return new Panel(
                title,
                axis,
                events.stream()
                        .map(event -> new Panel.Row(
                                event,
                                false,
                                List.of(
                                        failover.figure(event + ", " + setting),
                                        failover.figure(event + ", " + setting + ", before"))))
                        .toList(),
                List.of(timeout));
    }

    private static Picture timeline(Recorded timelines) {
        List<List<Panel.Row>> kinds = List.of(
                moments(timelines, "the leader is killed, defaults"),
                moments(timelines, "the leader is killed, 50 ms"));
        Axis axis = Axis.linear(
                Unit.PER_SECOND,
                kinds.stream()
                        .flatMap(List::stream)
                        .flatMap(row -> row.values().stream())
                        .toList());
        return new Picture(
                "Commands per second around the death of the leader, one outstanding",
                List.of(new Series("median of the rounds", true, false), new Series("each round", false, true)),
                List.of(List.of(
                        new Panel("election timeout of 300 ms", axis, kinds.get(0), List.of(0.0)),
                        new Panel("election timeout of 50 ms", axis, kinds.get(1), List.of(0.0)))),
                Picture.Way.TIME,
                caption(
                        timelines,
                        "Answers in each 20 ms. Dashed: the leader's process is killed. The code is cold.",
                        "failover --of LEADER_KILLED --rounds 5"));
    }

    /** The buckets of a timeline, each with the median of its rounds and then every round, as commands per second. */
    private static List<Panel.Row> moments(Recorded timelines, String name) {
        List<Recorded> rounds = timelines.rounds(name);
        int first = Integer.parseInt(rounds.get(0).facts().getOrDefault("firstMillis", "0"));
        int bucket = Integer.parseInt(rounds.get(0).facts().getOrDefault("bucketMillis", "1"));
        List<Panel.Row> rows = new ArrayList<>();
        for (int i = 0; i < rounds.get(0).list("answers").size(); i++) {
            int at = i;
            List<Double> rates = rounds.stream()
                    .map(round -> round.list("answers").get(at) * 1000 / bucket)
                    .toList();
            List<Spread> values = new ArrayList<>();
            values.add(Spread.of(rates));
            rates.forEach(rate -> values.add(Spread.of(List.of(rate))));
            rows.add(new Panel.Row(Integer.toString(first + i * bucket), false, values));
        }
        return rows;
    }

    private static List<String> caption(Recorded recorded, String signs, String command) {
        return List.of(
                signs,
                "Recorded in paxos-benchmarks/results/" + recorded.file() + " by mvn -q -Pbenchmark \"-Dbenchmark="
                        + command + "\" package, on " + recorded.facts().get("processors") + " processors,",
                "Java " + recorded.facts().get("java") + ", " + recorded.facts().get("system")
                        + ". Drawn by mvn -q -Pbenchmark -Dbenchmark=plots package.");
    }
}
