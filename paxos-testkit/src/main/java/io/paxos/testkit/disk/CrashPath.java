// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path of names with slashes between them. There are no links, so a path and what it names are one. */
final class CrashPath implements Path {

    private final CrashFileSystem fileSystem;
    private final boolean absolute;
    private final List<String> names;
    private final String text;

    CrashPath(CrashFileSystem fileSystem, boolean absolute, List<String> names) {
        this.fileSystem = fileSystem;
        this.absolute = absolute;
        this.names = List.copyOf(names);
        this.text = (absolute ? "/" : "") + String.join("/", names);
    }

    static CrashPath parse(CrashFileSystem fileSystem, String text) {
        List<String> names = new ArrayList<>();
        for (String name : text.split("/", -1)) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return new CrashPath(fileSystem, text.startsWith("/"), names);
    }

    static CrashPath of(Path path) {
        if (path instanceof CrashPath crashPath) {
            return crashPath;
        }
        throw new ProviderMismatchException(path + " is a path of another file system");
    }

    /** The names that lead to it from the root. */
    List<String> fromRoot() {
        if (!names.contains(".") && !names.contains("..")) {
            return names;
        }
        return ((CrashPath) toAbsolutePath().normalize()).names;
    }

    private CrashPath with(boolean isAbsolute, List<String> newNames) {
        return new CrashPath(fileSystem, isAbsolute, newNames);
    }

    @Override
    public CrashFileSystem getFileSystem() {
        return fileSystem;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? with(true, List.of()) : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : with(false, names.subList(names.size() - 1, names.size()));
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (names.size() == 1 && !absolute)) {
            return null;
        }
        return with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return subpath(index, index + 1);
    }

    @Override
    public Path subpath(int begin, int end) {
        if (begin < 0 || end > names.size() || begin >= end) {
            throw new IllegalArgumentException(this + " has no part from " + begin + " to " + end);
        }
        return with(false, names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return isOurs(other)
                && other.isAbsolute() == absolute
                && other.getNameCount() <= names.size()
                && names.subList(0, other.getNameCount()).equals(((CrashPath) other).names);
    }

    @Override
    public boolean endsWith(Path other) {
        int from = names.size() - other.getNameCount();
        return isOurs(other)
                && (other.isAbsolute()
                        ? equals(other)
                        : from >= 0 && names.subList(from, names.size()).equals(((CrashPath) other).names));
    }

    private boolean isOurs(Path other) {
        return other instanceof CrashPath path && path.fileSystem.equals(fileSystem);
    }

    @Override
    public Path normalize() {
        List<String> kept = new ArrayList<>();
        for (String name : names) {
            if (name.equals("..")
                    && !kept.isEmpty()
                    && !kept.get(kept.size() - 1).equals("..")) {
                kept.remove(kept.size() - 1);
            } else if (!name.equals(".") && !(name.equals("..") && absolute)) {
                kept.add(name);
            }
        }
        return with(absolute, kept);
    }

    @Override
    public Path resolve(Path other) {
        CrashPath path = of(other);
        if (path.absolute) {
            return path;
        }
        List<String> joined = new ArrayList<>(names);
        joined.addAll(path.names);
        return with(absolute, joined);
    }

    @Override
    public Path relativize(Path other) {
        CrashPath path = of(other);
        if (path.absolute != absolute) {
            throw new IllegalArgumentException("no way leads from " + this + " to " + other);
        }
        int common = 0;
        while (common < Math.min(names.size(), path.names.size())
                && names.get(common).equals(path.names.get(common))) {
            common++;
        }
        List<String> way = new ArrayList<>();
        for (int i = common; i < names.size(); i++) {
            way.add("..");
        }
        way.addAll(path.names.subList(common, path.names.size()));
        return with(false, way);
    }

    @Override
    public URI toUri() {
        return URI.create(CrashFileSystemProvider.SCHEME + "://" + toAbsolutePath());
    }

    @Override
    public Path toAbsolutePath() {
        return absolute ? this : with(true, names);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        if (fileSystem.disk().find(fromRoot()) < 0) {
            throw new NoSuchFileException(toString());
        }
        return toAbsolutePath().normalize();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException("this file system has nobody to watch it");
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CrashPath path && path.fileSystem.equals(fileSystem) && path.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
