// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A bug of another system, planted in this code.
 *
 * @param name the name of its file, without the ending
 * @param bug what went wrong, after its number in the catalogue
 * @param where the system and the ticket
 * @param planted what the patch does to this code
 * @param finder what must notice it
 * @param patch the change
 */
record Exhibit(String name, String bug, String where, String planted, Finder finder, Patch patch) {

    /** All of them, by name; there is always one, or something is wrong with the place. */
    static List<Exhibit> all(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> patches = files.filter(file -> file.toString().endsWith(".patch"))
                    .sorted()
                    .toList();
            if (patches.isEmpty()) {
                throw new IOException("no patches in " + directory);
            }
            return patches.stream().map(Exhibit::read).toList();
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if a line of the header is missing, or the patch is none
     */
    static Exhibit read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return new Exhibit(
                    file.getFileName().toString().replace(".patch", ""),
                    header(file, lines, "Bug: "),
                    header(file, lines, "Where: "),
                    header(file, lines, "Planted: "),
                    Finder.parse(header(file, lines, "Found by: ")),
                    Patch.parse(lines));
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file, e);
        }
    }

    private static String header(Path file, List<String> lines, String key) {
        return lines.stream()
                .takeWhile(line -> !line.startsWith("--- "))
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(file + " has no line '" + key.strip() + "'"));
    }
}
