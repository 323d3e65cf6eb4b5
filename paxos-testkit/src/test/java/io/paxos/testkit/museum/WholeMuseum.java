// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every bug of the museum is found by what must find it. Runs in the profile {@code museum} only, and writes the table. */
class WholeMuseum {

    private static final Path DIRECTORY = Path.of("target", "museum");
    private static final Map<String, String> ROWS = new TreeMap<>();

    @TestFactory
    Stream<DynamicTest> everyBugIsFound() throws IOException {
        Museum museum = new Museum(DIRECTORY);
        String only = System.getProperty("museum.only", "");
        return Exhibit.all(Museum.PATCHES).stream()
                .filter(exhibit -> exhibit.name().contains(only))
                .map(exhibit -> DynamicTest.dynamicTest(exhibit.name(), () -> row(exhibit, museum.show(exhibit))));
    }

    private static void row(Exhibit exhibit, String found) {
        boolean bySeed = exhibit.finder() instanceof Finder.Seeds;
        String property = found.substring(found.indexOf(": ") + 2);
        String needed = bySeed ? found.substring("seed ".length(), found.indexOf(": ")) : "";
        String by = exhibit.finder() instanceof Finder.Named named
                ? "`" + named.className().substring(named.className().lastIndexOf('.') + 1) + "." + named.method() + "`"
                : "the simulator: " + property;
        ROWS.put(
                exhibit.name(),
                "| " + exhibit.bug() + " | " + exhibit.where() + " | " + exhibit.planted() + " | " + by + " | "
                        + (bySeed ? Long.toString(Long.parseLong(needed) + 1) : "") + " |");
    }

    @AfterAll
    static void writeTable() throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.write(DIRECTORY.resolve("table.md"), List.copyOf(ROWS.values()));
    }
}
