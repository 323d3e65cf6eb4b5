// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.plots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the pictures of the docs from recorded runs. The same runs always give the same files, to the byte. */
@Command(name = "plots", description = "Draws the pictures of the docs from recorded runs; measures nothing.")
public final class Plots implements Callable<Integer> {

    @Option(names = "--results", description = "The directory of the recorded runs. Default: ${DEFAULT-VALUE}")
    private Path results = Path.of("results");

    @Option(names = "--images", description = "The directory for the pictures. Default: ${DEFAULT-VALUE}")
    private Path images = Path.of("../docs/images");

    /** For the command line, which sets the options. */
    public Plots() {}

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(images);
        for (Map.Entry<String, String> picture : new Pictures(results).draw().entrySet()) {
            Path file = images.resolve(picture.getKey());
            Files.writeString(file, picture.getValue());
            System.out.println(file);
        }
        return 0;
    }
}
