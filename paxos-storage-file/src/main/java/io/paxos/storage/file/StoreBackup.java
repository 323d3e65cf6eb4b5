// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A store as it was between two writes, held fast by open files so that it can be copied while the store goes on: what it
 * consists of is only added to, or given up as whole files, and a file that is given up stays readable until it is closed.
 *
 * <p>In the copy the file that says whose the store is bears another name, so that no node can open it: it has forgotten
 * the votes given since (rule 7).
 */
final class StoreBackup implements AutoCloseable {

    /** In place of {@link Identity#NAME}. */
    static final String NAME = "BACKUP";

    private static final int PART_BYTES = 1 << 20;

    /** A file, how much of it there was, and how long the copy must be: a segment is longer than what it holds. */
    private record Part(String name, FileChannel from, long bytes, long size) {}

    private final Identity identity;
    private final List<Part> parts = new ArrayList<>();

    private StoreBackup(Identity identity) {
        this.identity = identity;
    }

    /** Takes hold of a store. Nothing may be written to its journal meanwhile. */
    static StoreBackup cut(StoreDirectory directory, Journal journal, SnapshotFiles snapshots) throws IOException {
        Identity identity = journal.identity();
        StoreBackup backup = new StoreBackup(identity);
        try {
            for (long number : identity.decrees()) {
                backup.hold(directory.file(DecreeFile.name(number)), DecreeFile.name(number), Long.MAX_VALUE);
            }
            for (long number = identity.firstSegment(); number <= identity.lastSegment(); number++) {
                long bytes = number == journal.segment() ? journal.filled() : Long.MAX_VALUE;
                backup.hold(directory.file(SegmentFile.name(number)), SegmentFile.name(number), bytes);
            }
            snapshots.forEach(file -> backup.hold(
                    file.path(),
                    SnapshotFormat.name(file.head().group(), file.info().slot()),
                    Long.MAX_VALUE));
        } catch (IOException | RuntimeException e) {
            try {
                backup.close();
            } catch (IOException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
        return backup;
    }

    private void hold(Path file, String name, long bytes) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        parts.add(new Part(name, channel, Math.min(bytes, channel.size()), channel.size()));
    }

    /** Copies everything, durably, the file that makes it a backup last. */
    void copyTo(StoreDirectory target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PART_BYTES);
        for (Part part : parts) {
            copy(part, target.file(part.name()), buffer);
        }
        target.force();
        identity.writeTo(target, NAME);
    }

    private static void copy(Part part, Path file, ByteBuffer buffer) throws IOException {
        try (FileChannel to = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < part.bytes(); ) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), part.bytes() - at));
                int wanted = buffer.limit();
                if (Channels.read(part.from(), buffer, at) < wanted) {
                    throw new IOException(part.name() + " ends before offset " + (at + wanted)
                            + ", where it was longer a moment ago; see what the system says about the disk");
                }
                Channels.write(to, buffer.flip(), at);
                at += wanted;
            }
            if (part.size() > part.bytes()) {
                // What lies between is zeros, and takes no room where the file system knows holes.
                Channels.write(to, ByteBuffer.allocate(1), part.size() - 1);
            }
            to.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        Channels.closeAll(parts.stream().map(Part::from).toList());
    }
}
