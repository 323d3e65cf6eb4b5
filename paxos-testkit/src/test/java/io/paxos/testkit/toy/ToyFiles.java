// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.toy;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** What is done with files, rightly unless a fault is wanted. */
final class ToyFiles {

    private final Path directory;
    private final Set<ToyFault> faults;

    ToyFiles(Path directory, Set<ToyFault> faults) {
        this.directory = directory;
        this.faults = faults;
    }

    boolean has(ToyFault fault) {
        return faults.contains(fault);
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Path directory() {
        return directory;
    }

    void createDirectory() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        force(directory.getParent());
    }

    void forceDirectory() throws IOException {
        force(directory);
    }

    private void force(Path any) throws IOException {
        if (has(ToyFault.NO_DIRECTORY_FORCE)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(any, READ)) {
            channel.force(true);
        }
    }

    void writeFully(FileChannel channel, ByteBuffer bytes, long to) throws IOException {
        long at = to;
        do {
            at += channel.write(bytes, at);
        } while (bytes.hasRemaining() && !has(ToyFault.IGNORES_SHORT_WRITE));
    }

    /** Puts a file in place with all its bytes, or not at all. */
    void create(String name, ByteBuffer bytes, long size) throws IOException {
        Path temporary = path(name + ".tmp");
        try (FileChannel channel = FileChannel.open(temporary, CREATE, WRITE, TRUNCATE_EXISTING)) {
            writeFully(channel, bytes, 0);
            if (channel.size() < size) {
                writeFully(channel, ByteBuffer.allocate(1), size - 1);
            }
            channel.force(true);
        }
        Files.move(temporary, path(name), StandardCopyOption.ATOMIC_MOVE);
        forceDirectory();
    }

    byte[] readFully(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            continue;
        }
        return bytes.array();
    }

    IOException damaged(String name, long offset, String what) {
        if (has(ToyFault.THROWS_ANYTHING)) {
            throw new IllegalStateException("damaged");
        }
        if (has(ToyFault.HANGS_ON_DAMAGE)) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return new IOException(
                has(ToyFault.SAYS_NOTHING)
                        ? "damaged"
                        : path(name) + ", offset " + offset + ": " + what
                                + "; restore the directory from a backup as a stranger, or remove it");
    }
}
