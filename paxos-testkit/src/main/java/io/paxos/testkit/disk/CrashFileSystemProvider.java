// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link Files} asks for, turned into operations of the disk. */
final class CrashFileSystemProvider extends FileSystemProvider {

    static final String SCHEME = "crash";

    private final CrashFileSystem fileSystem;

    CrashFileSystemProvider(CrashFileSystem fileSystem) {
        this.fileSystem = fileSystem;
    }

    private Disk disk() {
        return fileSystem.disk();
    }

    /** A path, with the number of what it names or -1, and that of the directory it is in. */
    private record Place(CrashPath path, int directory, String name, int number) {
        boolean exists() {
            return number >= 0;
        }
    }

    private Place place(Path path) {
        CrashPath ours = CrashPath.of(path);
        List<String> names = ours.fromRoot();
        if (names.isEmpty()) {
            return new Place(ours, -1, "", Image.ROOT);
        }
        int last = names.size() - 1;
        return new Place(ours, disk().find(names.subList(0, last)), names.get(last), disk().find(names));
    }

    private Place existing(Path path) throws NoSuchFileException {
        Place place = place(path);
        if (!place.exists()) {
            throw new NoSuchFileException(path.toString());
        }
        return place;
    }

    private void requireParent(Place place) throws IOException {
        if (place.directory() < 0) {
            throw new NoSuchFileException(place.path().toString());
        }
        if (!disk().isDirectory(place.directory())) {
            throw new FileSystemException(place.path().toString(), null, "Not a directory");
        }
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        synchronized (disk()) {
            Place place = place(path);
            boolean writes = options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
            if (writes && options.contains(StandardOpenOption.CREATE_NEW) && place.exists()) {
                throw new FileAlreadyExistsException(path.toString());
            }
            if (place.exists() && writes && disk().isDirectory(place.number())) {
                throw new FileSystemException(path.toString(), null, "Is a directory");
            }
            int number = place.number();
            if (!place.exists()) {
                boolean creates =
                        options.contains(StandardOpenOption.CREATE) || options.contains(StandardOpenOption.CREATE_NEW);
                if (!writes || !creates) {
                    throw new NoSuchFileException(path.toString());
                }
                requireParent(place);
                number = named(path, () -> disk().create(place.directory(), place.name(), false));
            } else if (writes && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
                disk().truncate(number, 0);
            }
            return new CrashChannel(disk(), number, fileSystem.process(), options, () -> {
                if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
                    deleteOnClose(path);
                }
            });
        }
    }

    private void deleteOnClose(Path path) {
        try {
            boolean unused = deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Change<T> {
        T make() throws IOException;
    }

    /** Lets an exception bear the name of the file, as those of a real file system do. */
    private static <T> T named(Path path, Change<T> change) throws IOException {
        try {
            return change.make();
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            FileSystemException named = new FileSystemException(path.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        Place place = existing(directory);
        if (!disk().isDirectory(place.number())) {
            throw new NotDirectoryException(directory.toString());
        }
        List<Path> entries = new ArrayList<>();
        for (String name : disk().entries(place.number()).keySet()) {
            Path entry = directory.resolve(name);
            if (filter.accept(entry)) {
                entries.add(entry);
            }
        }
        // Directories have no order; whoever relies on that of the names should find out.
        entries.sort(Comparator.comparing(entry -> Integer.reverse(entry.hashCode())));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return entries.iterator();
            }

            @Override
            public void close() {
                // A list needs no closing.
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        synchronized (disk()) {
            Place place = place(directory);
            if (place.exists()) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            requireParent(place);
            int unused = named(directory, () -> disk().create(place.directory(), place.name(), true));
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        synchronized (disk()) {
            Place place = existing(path);
            if (disk().isDirectory(place.number())
                    && !disk().entries(place.number()).isEmpty()) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            named(path, () -> {
                disk().delete(place.directory(), place.name());
                return true;
            });
        }
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        synchronized (disk()) {
            Place from = existing(source);
            Place to = place(target);
            requireParent(to);
            if (from.number() == to.number()) {
                return;
            }
            Set<CopyOption> wanted = Set.of(options);
            boolean replaces = wanted.contains(StandardCopyOption.REPLACE_EXISTING)
                    || wanted.contains(StandardCopyOption.ATOMIC_MOVE);
            if (to.exists() && !replaces) {
                throw new FileAlreadyExistsException(target.toString());
            }
            if (to.exists() && disk().isDirectory(to.number())) {
                throw new FileSystemException(target.toString(), null, "Is a directory");
            }
            named(source, () -> {
                disk().rename(from.directory(), from.name(), to.directory(), to.name(), from.number());
                return true;
            });
        }
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        Place from = existing(source);
        Place to = place(target);
        if (to.exists() && !Set.of(options).contains(StandardCopyOption.REPLACE_EXISTING)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (disk().isDirectory(from.number())) {
            Files.createDirectory(target);
        } else {
            Path unused = Files.write(target, Files.readAllBytes(source));
        }
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return existing(path).number() == existing(other).number();
    }

    @Override
    public boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null && name.toString().startsWith(".");
    }

    @Override
    public FileStore getFileStore(Path path) {
        return new CrashFileStore();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        Place unused = existing(path);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    private CrashAttributes attributes(Path path) throws IOException {
        synchronized (disk()) {
            Place place = existing(path);
            boolean isDirectory = disk().isDirectory(place.number());
            return new CrashAttributes(place.number(), isDirectory, isDirectory ? 0 : disk().size(place.number()));
        }
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        if (type != BasicFileAttributes.class) {
            throw new UnsupportedOperationException("this file system knows basic attributes only, not " + type);
        }
        return type.cast(attributes(path));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) throws IOException {
        Map<String, Object> all = attributes(path).byName();
        if (names.equals("*") || names.equals("basic:*")) {
            return all;
        }
        Map<String, Object> wanted = new HashMap<>();
        for (String name : names.replaceFirst("^basic:", "").split(",", -1)) {
            Object value = all.get(name);
            if (value == null) {
                throw new IllegalArgumentException("this file system knows no attribute " + name);
            }
            wanted.put(name, value);
        }
        return wanted;
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException("this file system keeps no attributes, not even " + attribute);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
        throw new UnsupportedOperationException("a new one is made by CrashFileSystem.empty()");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        return fileSystem.getPath(uri.getPath());
    }
}
