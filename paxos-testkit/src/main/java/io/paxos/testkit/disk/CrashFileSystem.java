// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that can crash after each of its operations, in all ways in which disks do. Whatever is forced
 * stays; of what is not, a {@linkplain CrashChoice choice} says what has reached the disk: nothing, all, a part, in whatever
 * order, torn within a write. A directory is forced by {@code FileChannel.open(directory, READ).force(true)}, and until
 * then its new, renamed and deleted entries are as uncertain as bytes that were written.
 *
 * <p>{@link #crashed} leaves this file system as it is and gives another, as it is found when the power is back; so one
 * run of a program can be tried with every crash there is. All of them share what they have in common, and are cheap.
 *
 * <p>It knows paths, channels with positional, relative and gathering reads and writes, the standard options, atomic moves,
 * directory streams, sizes and other basic attributes, and locks. It knows no links, no permissions, no mapped files and no
 * times. Safe for any thread; operations of several threads come one after the other, in an order that only they decide.
 */
public final class CrashFileSystem extends FileSystem {

    private final Disk disk;
    private final int process;
    private final CrashFileSystemProvider provider = new CrashFileSystemProvider(this);

    private CrashFileSystem(Disk disk, int process) {
        this.disk = disk;
        this.process = process;
    }

    /**
     * A file system with nothing in it but its root.
     *
     * @return a new file system
     */
    public static CrashFileSystem empty() {
        return new CrashFileSystem(new Disk(Moment.atRest(new Image()), Image.ROOT), 0);
    }

    Disk disk() {
        return disk;
    }

    int process() {
        return process;
    }

    /**
     * The root directory.
     *
     * @return the path {@code /}
     */
    public Path root() {
        return getPath("/");
    }

    /**
     * How many operations there were since this file system was made: writes, changes of size, forces, and entries
     * created, renamed and deleted. Between any two of them it can crash.
     *
     * @return their number
     */
    public int operations() {
        return disk.operations();
    }

    /**
     * How many operations of one sort there were since this file system was made, those that failed included.
     *
     * @param what the sort
     * @return their number
     */
    public long count(DiskCount what) {
        synchronized (disk) {
            return disk.faults().count(what);
        }
    }

    /**
     * Orders a fault, in place of any that was ordered before.
     *
     * @param fault what is to go wrong and when, or null for nothing
     */
    public void fail(@Nullable LiveFault fault) {
        synchronized (disk) {
            disk.faults().arm(fault);
        }
    }

    /**
     * Whether the fault that was ordered last has come to pass.
     *
     * @return true from the operation on that it struck first
     */
    public boolean hasFailed() {
        synchronized (disk) {
            return disk.faults().met();
        }
    }

    /**
     * How many crashes of one kind there are at one moment.
     *
     * @param operation after which operation, 0 for before the first
     * @param kind the kind of crash
     * @return the number of variants, which are counted from 0; {@link Long#MAX_VALUE} if there are so many that any
     *     number names one
     * @throws IllegalArgumentException if there were not so many operations
     */
    public long variants(int operation, CrashKind kind) {
        return disk.variants(operation, kind);
    }

    /**
     * What is left after a crash. This file system is not changed; locks are released, counts begin again, no fault is
     * ordered.
     *
     * @param choice when it crashes, and what becomes of the operations that were not forced
     * @return a new file system
     * @throws IllegalArgumentException if there is no such moment or variant
     */
    public CrashFileSystem crashed(CrashChoice choice) {
        return new CrashFileSystem(disk.crashed(choice), process + 1);
    }

    /**
     * What is found when a file was damaged at rest, all else being durable as it is seen now. This file system is not
     * changed.
     *
     * @param damage the damage
     * @return a new file system
     * @throws IllegalArgumentException if there is no such file
     */
    public CrashFileSystem damaged(Damage damage) {
        CrashPath path = CrashPath.parse(this, damage.file());
        List<String> names = path.fromRoot();
        int last = names.size() - 1;
        if (last < 0) {
            throw new IllegalArgumentException("the root is no file");
        }
        return new CrashFileSystem(
                disk.damaged(damage, disk.find(names.subList(0, last)), names.get(last)), process + 1);
    }

    /**
     * The same disk, as another process sees it: a lock of the one is refused to the other by a null from
     * {@code tryLock}, while within one process a second lock ends in an {@code OverlappingFileLockException}.
     *
     * @return another view of this file system
     */
    public CrashFileSystem otherProcess() {
        return new CrashFileSystem(disk, process + 1);
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    /** Does nothing: there is nothing to give back. */
    @Override
    public void close() {
        // Whoever holds the last reference holds the last of it.
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of(new CrashFileStore());
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        return CrashPath.parse(this, more.length == 0 ? first : first + "/" + String.join("/", more));
    }

    @Override
    public PathMatcher getPathMatcher(String syntaxAndPattern) {
        PathMatcher byText = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
        return path -> byText.matches(Path.of(path.toString()));
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException("this file system knows no owners");
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("this file system has nobody to watch it");
    }
}
