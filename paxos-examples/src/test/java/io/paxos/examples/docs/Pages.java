// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The pages of the documentation, and where everything else lies. */
final class Pages {

    /** The root folder of the project: tests run in that of their module. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private Pages() {}

    /** README.md, everything under docs, and what greets contributors. */
    static List<Path> all() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        for (String folder : List.of("docs", ".github")) {
            pages.addAll(under(ROOT.resolve(folder), ".md"));
        }
        return pages;
    }

    /** The sources that the build compiles, those of the consumer project included. */
    static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.sorted().toList()) {
                if (Files.isDirectory(module.resolve("src"))) {
                    sources.addAll(under(module.resolve("src"), ".java"));
                }
            }
        }
        return sources;
    }

    private static List<Path> under(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
