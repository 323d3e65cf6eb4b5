// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The directory of a store: what is in it, and how entries are made and removed so that they stay so after a crash. The
 * entry of a file is durable only when the directory has been forced, however often the file itself was.
 */
final class StoreDirectory {

    /** What has not been finished bears this at the end of its name, and is nothing after a crash. */
    static final String UNFINISHED = ".tmp";

    private final Path path;

    StoreDirectory(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Path file(String name) {
        return path.resolve(name);
    }

    /** Makes the directory and those above it, as far as they are missing. */
    void create() throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        if (Files.exists(path)) {
            throw new IOException(path + " is not a directory; name one for the store, or a path where none is yet");
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            new StoreDirectory(parent).create();
        }
        try {
            Files.createDirectory(path);
        } catch (IOException e) {
            throw new IOException(path + " cannot be created: " + e + "; create it, writable for this process", e);
        }
        if (parent != null) {
            keep(parent);
        }
    }

    /** A directory whose entry may not be durable must not be there either: nobody could tell that later. */
    private void keep(Path parent) throws IOException {
        try {
            force(parent);
        } catch (IOException e) {
            Files.delete(path);
            throw e;
        }
    }

    /** Makes sure that the directory itself, which may have been there before, is found again after a crash. */
    void forceEntry() throws IOException {
        for (Path above = path.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
            if (Files.isReadable(above)) {
                force(above);
            }
        }
    }

    SortedSet<String> names() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                if (name != null) {
                    names.add(name.toString());
                }
            }
        }
        return names;
    }

    void force() throws IOException {
        force(path);
    }

    private static void force(Path directory) throws IOException {
        if (directory.getFileSystem().getSeparator().equals("\\")) {
            // Windows opens no directories, and keeps their entries in a journal of its own.
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Lets a finished and forced file take its name, in place of one that may have it, and forces the directory. If that
     * fails, the file may or may not be found under its name after a crash, and under it now: it must not be relied on.
     */
    void publish(Path unfinished, String name) throws IOException {
        Path unused =
                Files.move(unfinished, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force();
    }

    /** Writes a small file as a whole: after a crash there is either the former content or this. */
    void replace(String name, ByteBuffer content) throws IOException {
        Path unfinished = file(name + UNFINISHED);
        try (FileChannel channel = openNew(unfinished)) {
            Channels.write(channel, content, 0);
            channel.force(true);
        }
        publish(unfinished, name);
    }

    /** Opens a file for reading and writing that was not there, or held something unfinished. */
    static FileChannel openNew(Path file) throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    void delete(String name) throws IOException {
        boolean unused = Files.deleteIfExists(file(name));
    }
}
