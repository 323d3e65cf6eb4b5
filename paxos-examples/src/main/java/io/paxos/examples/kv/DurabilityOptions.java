// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.node.InMemoryStorage;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.Storage;
import io.paxos.storage.file.FileStorage;
import io.paxos.storage.file.FileStorageOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a replica keeps, and where. */
final class DurabilityOptions {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where this replica keeps its state; it is created if need be. Without it all is in memory.")
    private @Nullable Path data;

    @Option(
            names = "--segment-bytes",
            paramLabel = "BYTES",
            description = "The size of the files of the journal in DIR (default: what the library has).")
    private @Nullable Long segmentBytes;

    @Option(
            names = "--snapshot-every",
            paramLabel = "SLOTS",
            description =
                    "How often to take a snapshot (default: what the library has). As many slots are kept behind it"
                            + " for those who lag.")
    private @Nullable Long snapshotEvery;

    /**
     * What was said, checked. Nothing is created or opened yet.
     *
     * @throws IllegalArgumentException if it cannot be right
     */
    Durability durability() {
        return new Durability(storage(), snapshots());
    }

    private Storage storage() {
        if (data == null) {
            if (segmentBytes != null) {
                throw new IllegalArgumentException(
                        "--segment-bytes is " + segmentBytes + ", but without --data there are no files; give --data");
            }
            return new InMemoryStorage();
        }
        FileStorageOptions options = FileStorageOptions.defaults();
        return FileStorage.open(data, segmentBytes == null ? options : options.segmentBytes(segmentBytes));
    }

    private SnapshotPolicy snapshots() {
        SnapshotPolicy policy = SnapshotPolicy.DEFAULTS;
        return snapshotEvery == null
                ? policy
                : policy.withEvery(snapshotEvery, policy.everyBytes())
                        .withRetained(snapshotEvery, policy.retainedBytes());
    }
}
