// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.storage;

import io.paxos.testkit.disk.CrashChoice;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.testkit.disk.CrashKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Disks on which stores begin. */
final class Stage {

    private static final String DIRECTORY = "/data/store";

    private Stage() {}

    /** Where the store is to be. */
    static Path directory(CrashFileSystem disk) {
        return disk.getPath(DIRECTORY);
    }

    /**
     * A disk that is ready for a store.
     *
     * @param exists whether the directory is there, empty; if not, the store has to create it
     */
    static CrashFileSystem ready(boolean exists) {
        CrashFileSystem disk = CrashFileSystem.empty();
        Path directory = directory(disk);
        try {
            Path unused = Files.createDirectories(
                    exists ? directory : directory.getRoot().resolve("data"));
            for (Path each = directory; each != null; each = each.getParent()) {
                if (Files.exists(each)) {
                    force(each);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return disk.crashed(new CrashChoice(disk.operations(), CrashKind.NOTHING, 0));
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
