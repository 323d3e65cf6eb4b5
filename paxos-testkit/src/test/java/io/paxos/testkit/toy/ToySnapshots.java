// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.toy;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/** Snapshots, one file each: a header of a fixed size that is written last, then the bytes. */
final class ToySnapshots {

    private static final String PREFIX = "snapshot-";
    private static final int HEADER = 256;

    private record Kept(String name, SnapshotInfo info) {}

    private final ToyFiles files;
    private final Map<GroupId, Kept> newest = new ConcurrentHashMap<>();

    ToySnapshots(ToyFiles files) {
        this.files = files;
    }

    SnapshotInfo info(GroupId group) {
        Kept kept = newest.get(group);
        return kept == null ? null : kept.info;
    }

    static boolean any(ToyFiles files) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(files.directory(), PREFIX + "*")) {
            return all.iterator().hasNext();
        }
    }

    void load() throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(files.directory(), PREFIX + "*")) {
            all.forEach(paths::add);
        }
        for (Path path : paths) {
            load(path.getFileName().toString());
        }
    }

    private void load(String name) throws IOException {
        byte[] bytes;
        try (FileChannel channel = FileChannel.open(files.path(name), READ)) {
            bytes = files.readFully(channel);
        }
        if (bytes.length < HEADER) {
            throw files.damaged(name, bytes.length, "the file ends within its header");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (checksum(bytes, 4, HEADER) != header.getInt(0)) {
            throw files.damaged(name, 0, "the header is damaged");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 4, HEADER - 4));
        GroupId group = new GroupId(in.readUTF(), in.readInt());
        SnapshotInfo info = new SnapshotInfo(in.readLong(), in.readLong(), in.readLong());
        if (bytes.length != HEADER + info.bytes()
                || (checksum(bytes, HEADER, bytes.length) & 0xffffffffL) != info.checksum()) {
            throw files.damaged(name, HEADER, "the bytes are not those that were written");
        }
        Kept known = newest.get(group);
        if (known == null || known.info.slot() < info.slot()) {
            newest.put(group, new Kept(name, info));
        }
    }

    private static int checksum(byte[] bytes, int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, from, to - from);
        return (int) checksum.getValue();
    }

    SnapshotWriter write(GroupId group, long slot) throws IOException {
        String name = PREFIX + group.name() + "-" + group.generation() + "-" + slot;
        return new Writer(group, slot, name);
    }

    SnapshotReader read(GroupId group) throws IOException {
        Kept kept = newest.get(group);
        if (kept == null) {
            return null;
        }
        FileChannel channel = FileChannel.open(files.path(kept.name), READ);
        return new SnapshotReader() {
            @Override
            public SnapshotInfo info() {
                return kept.info;
            }

            @Override
            public int read(long offset, ByteBuffer into) throws IOException {
                return channel.read(into, HEADER + offset);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private final class Writer implements SnapshotWriter {
        private final GroupId group;
        private final long slot;
        private final String name;
        private final Path temporary;
        private final FileChannel channel;
        private final CRC32C checksum = new CRC32C();
        private long bytes;

        Writer(GroupId group, long slot, String name) throws IOException {
            this.group = group;
            this.slot = slot;
            this.name = name;
            this.temporary = files.path(name + ".tmp");
            this.channel = FileChannel.open(temporary, CREATE, WRITE, TRUNCATE_EXISTING);
        }

        @Override
        public void write(ByteBuffer more) throws IOException {
            checksum.update(more.duplicate());
            int size = more.remaining();
            files.writeFully(channel, more, HEADER + bytes);
            bytes += size;
        }

        @Override
        public void commit(SnapshotInfo info) throws IOException {
            SnapshotInfo written = new SnapshotInfo(slot, bytes, checksum.getValue());
            if (!written.equals(info)) {
                throw new IOException("written was " + written + ", not " + info);
            }
            Kept old = newest.get(group);
            if (old != null && old.info.slot() >= slot && !files.has(ToyFault.OLDER_SNAPSHOT_REPLACES)) {
                return;
            }
            if (old != null && files.has(ToyFault.OLD_SNAPSHOT_DELETED_FIRST)) {
                Files.deleteIfExists(files.path(old.name));
                files.forceDirectory();
            }
            if (files.has(ToyFault.SNAPSHOT_RENAMED_EARLY)) {
                putInPlace();
            }
            files.writeFully(channel, header(info), 0);
            if (!files.has(ToyFault.SNAPSHOT_NOT_FORCED)) {
                channel.force(true);
            }
            if (!files.has(ToyFault.SNAPSHOT_RENAMED_EARLY)) {
                putInPlace();
            }
            newest.put(group, new Kept(name, info));
            if (old != null && !old.name.equals(name)) {
                discard(files.path(old.name));
            }
        }

        private void putInPlace() throws IOException {
            Files.move(temporary, files.path(name), StandardCopyOption.ATOMIC_MOVE);
            files.forceDirectory();
        }

        private ByteBuffer header(SnapshotInfo info) throws IOException {
            ByteArrayOutputStream buffer = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(buffer);
            out.writeInt(0);
            out.writeUTF(group.name());
            out.writeInt(group.generation());
            out.writeLong(info.slot());
            out.writeLong(info.bytes());
            out.writeLong(info.checksum());
            byte[] header = Arrays.copyOf(buffer.toByteArray(), HEADER);
            ByteBuffer bytesOfHeader = ByteBuffer.wrap(header);
            bytesOfHeader.putInt(0, checksum(header, 4, HEADER));
            return bytesOfHeader;
        }

        @Override
        public void close() throws IOException {
            boolean aborted = channel.isOpen() && Files.exists(temporary);
            if (aborted && bytes > 0 && files.has(ToyFault.ABORTED_SNAPSHOT_COUNTS)) {
                commit(new SnapshotInfo(slot, bytes, checksum.getValue()));
            }
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }

    /** What is left over is harmless: the newest counts. */
    private static void discard(Path old) {
        try {
            Files.deleteIfExists(old);
        } catch (IOException e) {
            assert Files.exists(old) : e;
        }
    }
}
