// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** That memory stays bounded however large the state is. */
@Command(
        name = "large-state",
        description =
                "Three nodes with a state larger than the heap that they share: it is captured, written, fetched by a"
                        + " node that lacks it, and restored, while commands go on.")
final class LargeStateBenchmark implements Callable<Integer> {

    @Mixin
    private Scratch.Place place = new Scratch.Place();

    @Option(names = "--mib", defaultValue = "1024", description = "The size of the state. Default: 1024")
    private int mib;

    @Option(names = "--heap", defaultValue = "256m", description = "The heap that three nodes share. Default: 256m")
    private String heap = "256m";

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Scratch scratch = place.open()) {
            ChildProcess.run(
                    List.of("-Xmx" + heap, "-XX:MaxDirectMemorySize=" + heap),
                    List.of(
                            "large-state-process",
                            "--store",
                            scratch.path().toString(),
                            "--mib",
                            Integer.toString(mib)));
        }
        return 0;
    }
}
