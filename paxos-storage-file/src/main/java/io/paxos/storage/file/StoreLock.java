// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a store to one user. Other processes are kept out by a lock on a file, other users within this process by a set:
 * they must not even open that file, since on some systems a process loses its lock as soon as it closes any channel of
 * the file.
 */
final class StoreLock implements AutoCloseable {

    static final String NAME = "LOCK";

    private static final Set<Path> OURS = new HashSet<>();

    private final FileChannel channel;
    private final @Nullable Path registered;

    private StoreLock(FileChannel channel, @Nullable Path registered) {
        this.channel = channel;
        this.registered = registered;
    }

    static StoreLock take(StoreDirectory directory) throws IOException {
        Path registered = register(directory);
        FileChannel channel = null;
        try {
            channel = open(directory.file(NAME));
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new IOException(directory.path() + " is in use by another process; stop that node first, or give"
                        + " this one a directory of its own");
            }
            return new StoreLock(channel, registered);
        } catch (OverlappingFileLockException e) {
            abandon(channel, registered);
            throw inUseHere(directory);
        } catch (IOException | RuntimeException e) {
            abandon(channel, registered);
            throw e;
        }
    }

    /** Whether a node uses the store now. Looking does not disturb it, nor keep out one that starts meanwhile for long. */
    static boolean isTaken(StoreDirectory directory) throws IOException {
        synchronized (OURS) {
            if (OURS.contains(directory.path().toRealPath())) {
                return true;
            }
        }
        Path file = directory.file(NAME);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            @Nullable FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    private static @Nullable Path register(StoreDirectory directory) throws IOException {
        if (!directory.path().getFileSystem().equals(FileSystems.getDefault())) {
            return null;
        }
        Path real = directory.path().toRealPath();
        synchronized (OURS) {
            if (!OURS.add(real)) {
                throw inUseHere(directory);
            }
        }
        return real;
    }

    private static FileChannel open(Path file) throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    file + " cannot be opened for writing: " + e + "; make the directory writable for this process", e);
        }
    }

    private static IOException inUseHere(StoreDirectory directory) {
        return new IOException(directory.path() + " is in use by a node in this process; close that node first, or give"
                + " this one a directory of its own");
    }

    private static void abandon(@Nullable FileChannel channel, @Nullable Path registered) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            release(registered);
        }
    }

    private static void release(@Nullable Path registered) {
        if (registered != null) {
            synchronized (OURS) {
                OURS.remove(registered);
            }
        }
    }

    @Override
    public void close() throws IOException {
        abandon(channel, registered);
    }
}
