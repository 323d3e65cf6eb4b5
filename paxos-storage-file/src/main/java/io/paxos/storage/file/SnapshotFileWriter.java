// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Writes a snapshot to a file that has no name to count by until it is committed. */
final class SnapshotFileWriter implements SnapshotWriter {

    /** The disk is given its work as it comes: a force of all at the end would hold up those of the journal. */
    private static final long FORCED_AT_A_TIME = 8 << 20;

    private final SnapshotFiles files;
    private final GroupId group;
    private final long slot;
    private final Path unfinished;
    private final FileChannel channel;
    private final long dataFrom;
    private final ByteBuffer chunk = ByteBuffer.allocate(SnapshotFormat.CHUNK_ON_DISK);
    private final CRC32C checksum = new CRC32C();
    private long chunks;
    private long bytes;
    private long end;
    private boolean usable = true;
    private long unforced;

    SnapshotFileWriter(SnapshotFiles files, GroupId group, long slot, Path unfinished) throws IOException {
        this.files = files;
        this.group = group;
        this.slot = slot;
        this.unfinished = unfinished;
        this.channel = StoreDirectory.openNew(unfinished);
        chunk.limit(SnapshotFormat.CHUNK_BYTES);
        try {
            ByteBuffer header = SnapshotFormat.header(files.store(), group, slot);
            dataFrom = header.remaining();
            end = dataFrom;
            Channels.write(channel, header, 0);
        } catch (IOException | RuntimeException e) {
            channel.close();
            boolean unused = Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    @Override
    public void write(ByteBuffer more) throws IOException {
        requireUsable();
        bytes += more.remaining();
        while (more.hasRemaining()) {
            int length = Math.min(more.remaining(), chunk.remaining());
            ByteBuffer part = more.slice(more.position(), length);
            checksum.update(part.duplicate());
            chunk.put(part);
            more.position(more.position() + length);
            if (!chunk.hasRemaining()) {
                writeChunk();
            }
        }
    }

    private void writeChunk() throws IOException {
        int length = chunk.position();
        int crc = SnapshotFormat.crc(chunks, chunk.slice(0, length));
        chunk.limit(length + Integer.BYTES).putInt(crc).flip();
        append(chunk);
        chunks++;
        chunk.clear().limit(SnapshotFormat.CHUNK_BYTES);
    }

    private void append(ByteBuffer more) throws IOException {
        int length = more.remaining();
        // If this fails, nobody knows any more what is in the file.
        usable = false;
        try {
            Channels.write(channel, more, end);
            end += length;
            unforced += length;
            if (unforced >= FORCED_AT_A_TIME) {
                force();
            }
        } catch (IOException e) {
            throw explain(length, e);
        }
        usable = true;
    }

    private void force() throws IOException {
        channel.force(true);
        unforced = 0;
    }

    @Override
    public void commit(SnapshotInfo info) throws IOException {
        requireUsable();
        if (chunk.position() > 0) {
            writeChunk();
        }
        if (info.slot() != slot || info.bytes() != bytes || info.checksum() != checksum.getValue()) {
            usable = false;
            throw new IOException("written were " + bytes + " bytes up to slot " + slot + " with checksum "
                    + Long.toHexString(checksum.getValue()) + ", not " + info);
        }
        append(SnapshotFormat.footer(info));
        usable = false;
        try {
            force();
            files.commit(unfinished, new SnapshotFormat.Head(group, slot, dataFrom), info);
        } catch (IOException e) {
            throw explain(0, e);
        }
    }

    private IOException explain(long length, IOException problem) {
        return DiskErrors.explain(
                "the snapshot of log " + group + " at slot " + slot + " could not be written to " + unfinished,
                length,
                problem,
                "the former one stays in force");
    }

    private void requireUsable() throws IOException {
        if (!usable) {
            throw new IOException("the snapshot of log " + group + " at slot " + slot
                    + " was committed, or given up, or could not be written; begin a new one");
        }
    }

    @Override
    public void close() throws IOException {
        usable = false;
        try {
            channel.close();
        } finally {
            // Nothing is there any more under this name if it was committed.
            boolean unused = Files.deleteIfExists(unfinished);
        }
    }
}
