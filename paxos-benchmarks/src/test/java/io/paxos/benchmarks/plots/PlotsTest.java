// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class PlotsTest {

    private static final Path RESULTS = Path.of("results");
    private static final Path DOCS = Path.of("../docs");
    private static final double WIDTH = 960;

    @TempDir
    Path directory;

    @Test
    void thePicturesOfTheDocsAreThoseOfTheRecordedRuns() throws IOException {
        Map<String, String> drawn = new Pictures(RESULTS).draw();
        try (Stream<Path> files = Files.list(DOCS.resolve("images"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".svg")))
                    .hasSameElementsAs(drawn.keySet());
        }
        for (Map.Entry<String, String> each : drawn.entrySet()) {
            assertThat(Files.readString(DOCS.resolve("images").resolve(each.getKey())))
                    .as("%s; mvn -q -Pbenchmark -Dbenchmark=plots package draws it anew", each.getKey())
                    .isEqualTo(each.getValue());
        }
    }

    @Test
    void eachPictureIsShownSomewhere() throws IOException {
        StringBuilder docs = new StringBuilder();
        try (Stream<Path> files = Files.list(DOCS)) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(file -> docs.append(text(file)));
        }
        for (String name : new Pictures(RESULTS).draw().keySet()) {
            assertThat(docs).contains("](images/" + name + ")");
        }
    }

    @Test
    void aFigureThatChangesMovesItsDot() throws IOException {
        copyResults();
        Path file = directory.resolve("failover.json");
        Files.writeString(file, Files.readString(file).replace("113.473", "213.473"));
        Map<String, String> before = new Pictures(RESULTS).draw();
        Map<String, String> after = new Pictures(directory).draw();
        assertThat(new TreeSet<>(after.keySet()))
                .allSatisfy(name ->
                        assertThat(after.get(name).equals(before.get(name))).isEqualTo(!name.equals("failover.svg")));
    }

    @Test
    void anAnswerThatIsMissingInATimelineMovesItsLine() throws IOException {
        copyResults();
        Path file = directory.resolve("failover-timeline.json");
        String recorded = Files.readString(file);
        Files.writeString(file, recorded.replaceFirst("(\"answers\" : \\[ )\\d+", "$1999"));
        Map<String, String> before = new Pictures(RESULTS).draw();
        Map<String, String> after = new Pictures(directory).draw();
        assertThat(new TreeSet<>(after.keySet()))
                .allSatisfy(name -> assertThat(after.get(name).equals(before.get(name)))
                        .isEqualTo(!name.equals("failover-timeline.svg")));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        copyResults();
        Path file = directory.resolve("shapes.json");
        Files.writeString(file, Files.readString(file).replace("\"7 nodes\"", "\"9 nodes\""));
        assertThatThrownBy(() -> new Pictures(directory).draw())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shapes.json", "7 nodes");
    }

    @Test
    void allIsWellFormedAndOnThePaper() throws Exception {
        for (String svg : new Pictures(RESULTS).draw().values()) {
            Path file = Files.writeString(directory.resolve("picture.svg"), svg);
            Element root = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
            double height = Double.parseDouble(root.getAttribute("height"));
            NodeList dots = root.getElementsByTagName("circle");
            assertThat(dots.getLength()).isPositive();
            for (int i = 0; i < dots.getLength(); i++) {
                Element dot = (Element) dots.item(i);
                assertThat(Double.parseDouble(dot.getAttribute("cx"))).isBetween(0.0, WIDTH);
                assertThat(Double.parseDouble(dot.getAttribute("cy"))).isBetween(0.0, height);
            }
        }
    }

    @Test
    void aSpreadHasItsMedianBetweenItsEnds() {
        assertThat(Spread.of(List.of(5.0, 1.0, 3.0))).isEqualTo(new Spread(3, 1, 5));
        assertThat(Spread.of(List.of(1.0, 4.0))).isEqualTo(new Spread(2.5, 1, 4));
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void onALogarithmicAxisEqualRatiosAreEquallyLong() {
        Axis axis = Axis.logarithmic(Unit.PER_SECOND, List.of(new Spread(50, 12, 900), new Spread(70, 60, 80)));
        assertThat(axis.from()).isEqualTo(10);
        assertThat(axis.to()).isEqualTo(1000);
        assertThat(axis.at(10)).isZero();
        assertThat(axis.at(100)).isEqualTo(0.5);
        assertThat(axis.at(1000)).isEqualTo(1);
        assertThat(axis.ticks()).containsExactly(10.0, 100.0, 1000.0);
    }

    @Test
    void aLinearAxisBeginsWithNothingAndHoldsAll() {
        Axis axis = Axis.linear(Unit.MILLIS, List.of(new Spread(50, 12, 370)));
        assertThat(axis.ticks()).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0);
        assertThat(axis.at(100)).isEqualTo(0.25);
    }

    private void copyResults() throws IOException {
        try (Stream<Path> files = Files.list(RESULTS)) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
