// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An open file or directory. Of a directory it can only be forced. */
final class CrashChannel extends FileChannel {

    private static final int PIECE = 1 << 16;

    private final Disk disk;
    private final int file;
    private final int process;
    private final boolean reads;
    private final boolean writes;
    private final boolean appends;
    private final boolean forces;
    private final boolean directory;
    private final Runnable afterClose;
    private long position;

    CrashChannel(Disk disk, int file, int process, Set<? extends OpenOption> options, Runnable afterClose) {
        this.disk = disk;
        this.file = file;
        this.process = process;
        this.appends = options.contains(StandardOpenOption.APPEND);
        this.writes = appends || options.contains(StandardOpenOption.WRITE);
        this.reads = !writes || options.contains(StandardOpenOption.READ);
        this.forces = options.contains(StandardOpenOption.SYNC) || options.contains(StandardOpenOption.DSYNC);
        this.directory = disk.isDirectory(file);
        this.afterClose = afterClose;
    }

    int file() {
        return file;
    }

    int process() {
        return process;
    }

    Locks locks() {
        return disk.locks();
    }

    private void requireReadable() throws IOException {
        requireOpen();
        if (!reads) {
            throw new NonReadableChannelException();
        }
        if (directory) {
            throw new IOException("Is a directory");
        }
    }

    private void requireWritable() throws IOException {
        requireOpen();
        if (!writes) {
            throw new NonWritableChannelException();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private static void requireNotNegative(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("there is no position " + position + " in a file");
        }
    }

    @Override
    public synchronized int read(ByteBuffer into) throws IOException {
        int count = read(into, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public synchronized long read(ByteBuffer[] into, int offset, int length) throws IOException {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            boolean wanted = into[i].hasRemaining();
            int count = read(into[i]);
            if (count < 0) {
                return sum == 0 ? -1 : sum;
            }
            sum += count;
            if (wanted && into[i].hasRemaining()) {
                break;
            }
        }
        return sum;
    }

    @Override
    public int read(ByteBuffer into, long from) throws IOException {
        requireNotNegative(from);
        requireReadable();
        return disk.read(file, from, into);
    }

    @Override
    public synchronized int write(ByteBuffer bytes) throws IOException {
        requireWritable();
        if (appends) {
            position = disk.size(file);
        }
        int count = write(bytes, position);
        position += count;
        return count;
    }

    @Override
    public synchronized long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
        int total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += bytes[i].remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(total);
        for (int i = offset; i < offset + length; i++) {
            all.put(bytes[i].duplicate());
        }
        int count = write(all.flip());
        int left = count;
        for (int i = offset; i < offset + length; i++) {
            int taken = Math.min(left, bytes[i].remaining());
            bytes[i].position(bytes[i].position() + taken);
            left -= taken;
        }
        return count;
    }

    @Override
    public int write(ByteBuffer bytes, long to) throws IOException {
        requireNotNegative(to);
        requireWritable();
        if (!bytes.hasRemaining()) {
            return 0;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        int count = disk.write(file, to, copy);
        if (forces) {
            disk.force(file);
        }
        bytes.position(bytes.position() + count);
        return count;
    }

    @Override
    public synchronized long position() throws IOException {
        requireOpen();
        return position;
    }

    @Override
    public synchronized FileChannel position(long newPosition) throws IOException {
        requireNotNegative(newPosition);
        requireOpen();
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        requireOpen();
        return disk.size(file);
    }

    @Override
    public synchronized FileChannel truncate(long size) throws IOException {
        requireNotNegative(size);
        requireWritable();
        disk.truncate(file, size);
        position = Math.min(position, size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        requireOpen();
        disk.force(file);
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        requireReadable();
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE));
        if (read(piece, from) <= 0) {
            return 0;
        }
        return target.write(piece.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
        requireWritable();
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(count, PIECE));
        if (to > size() || source.read(piece) <= 0) {
            return 0;
        }
        return write(piece.flip(), to);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException(
                "what a mapped file writes to the disk, and when, is not modelled here; read and write by the channel");
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) throws IOException {
        FileLock lock = tryLock(from, size, shared);
        if (lock == null) {
            throw new IOException("another process holds a lock on this file, and this call would wait for ever;"
                    + " use tryLock and refuse to open");
        }
        return lock;
    }

    @Override
    public @Nullable FileLock tryLock(long from, long size, boolean shared) throws IOException {
        requireOpen();
        return disk.locks().take(new CrashLock(this, from, size, shared));
    }

    @Override
    protected void implCloseChannel() {
        disk.locks().releaseAll(this);
        afterClose.run();
    }
}
