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
        pictures.put("failover", failover(failover));
        Map<String, String> drawn = new LinkedHashMap<>();
        pictures.forEach((name, picture) -> drawn.put(name + ".svg", picture.svg()));
        return drawn;
    }

    private static Picture throughput(Recorded memory) {
        return new Picture(
                "Commands per second, three nodes, logs without force",
                List.of(ALONE),
                besidePeers(memory, BYTES, Unit.PER_SECOND, List.of(RATE), ""),
                false,
                caption(memory, SIGNS + "The scale is logarithmic. Code was not yet warm.", "peers"));
    }

    private static Picture latency(Recorded memory) {
        return new Picture(
                "Time to an answer, three nodes, logs without force",
                List.of(new Series("half of the answers within", false, false), new Series("99 of 100", false, true)),
                besidePeers(memory, BYTES, Unit.MICROS, List.of(MEDIAN, P99), ""),
                false,
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
                false,
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
                        List.of("3 nodes", "5 nodes", "7 nodes"),
                        (outstanding) -> List.of(
                                both(shapes, OWN, FLOOR, 16, outstanding),
                                both(shapes, "5 nodes", "wire floor, 5", 16, outstanding),
                                both(shapes, "7 nodes", "wire floor, 7", 16, outstanding)))),
                true,
                caption(shapes, SIGNS + "Two rounds only, of code that was not warm.", "shapes"));
    }

    private static Picture valueSize(Recorded memory) {
        return new Picture(
                "Commands per second as commands grow, three nodes, logs in memory",
                List.of(new Series("Paxos", true, false), new Series("wire floor", false, true)),
                List.of(growth(BYTES.stream().map(bytes -> bytes + " bytes").toList(), (outstanding) -> BYTES.stream()
                        .map(bytes -> both(memory, OWN, FLOOR, bytes, outstanding))
                        .toList())),
                true,
                caption(memory, SIGNS + "Code was not yet warm.", "peers"));
    }

    private static List<Spread> both(Recorded recorded, String own, String floor, int bytes, int outstanding) {
        return List.of(
                recorded.result(own, bytes, outstanding).figure(RATE),
                recorded.result(floor, bytes, outstanding).figure(RATE));
    }

    private static List<Panel> growth(List<String> steps, Function<Integer, List<List<Spread>>> values) {
        List<Panel> panels = new ArrayList<>();
        for (int outstanding : OUTSTANDING) {
            List<List<Spread>> each = values.apply(outstanding);
            List<Panel.Row> rows = new ArrayList<>();
            for (int i = 0; i < steps.size(); i++) {
                rows.add(new Panel.Row(steps.get(i), false, each.get(i)));
            }
            Axis axis = Axis.linear(
                    Unit.PER_SECOND, each.stream().flatMap(List::stream).toList());
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
                false,
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

    private static List<String> caption(Recorded recorded, String signs, String command) {
        return List.of(
                signs,
                "Recorded in paxos-benchmarks/results/" + recorded.file() + " by mvn -q -Pbenchmark \"-Dbenchmark="
                        + command + "\" package, on " + recorded.facts().get("processors") + " processors,",
                "Java " + recorded.facts().get("java") + ", " + recorded.facts().get("system")
                        + ". Drawn by mvn -q -Pbenchmark -Dbenchmark=plots package.");
    }
}
