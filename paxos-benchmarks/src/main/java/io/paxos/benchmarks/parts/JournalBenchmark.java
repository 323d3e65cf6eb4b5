// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import io.paxos.model.ClusterName;
import io.paxos.model.NodeId;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import io.paxos.storage.file.FileStorage;
import io.paxos.storage.file.FileStorageOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The append of an accepted write to the journal; one operation is one write, forced or not. */
@State(Scope.Thread)
public class JournalBenchmark {

    private static final int COMMAND_BYTES = 16;

    /** How many commands share the write. */
    @Param({"1", "64"})
    public int commands;

    /** Whether each write is forced to the disk. */
    @Param({"false", "true"})
    public boolean forced;

    private @Nullable Path directory;
    private @Nullable FileStorage storage;
    private long slot = 1;

    /** Opens a new store. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        Path target = Files.createDirectories(Path.of("target"));
        directory = Files.createTempDirectory(target, "journal-");
        FileStorageOptions options = FileStorageOptions.defaults();
        storage = FileStorage.open(directory, forced ? options : options.losingWritesOnPowerFailure());
        storage.recover(new StoreOwner(new ClusterName("memory"), NodeId.of("n2")));
        slot = 1;
    }

    /** Deletes the store. */
    @TearDown(Level.Iteration)
    public void close() throws IOException {
        Objects.requireNonNull(storage).close();
        try (Stream<Path> files = Files.walk(Objects.requireNonNull(directory))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** One write by itself. */
    @Benchmark
    public void append() throws IOException {
        Write write = Accepts.write(slot, commands, COMMAND_BYTES);
        slot += commands;
        Objects.requireNonNull(storage).write(List.of(write));
    }

    /** One write of each of so many groups, all made durable together. */
    @Benchmark
    public void groupCommit() throws IOException {
        List<Write> writes = Accepts.writes(slot, commands, COMMAND_BYTES);
        slot++;
        Objects.requireNonNull(storage).write(writes);
    }
}
