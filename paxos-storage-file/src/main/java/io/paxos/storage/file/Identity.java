// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.ClusterName;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.spi.StoreOwner;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Whose store it is, and which files it consists of: the root of the store. It is replaced as a whole whenever a file
 * joins or leaves, so a file that is missing is told from one that was never there, and one that was left over from one
 * that counts.
 *
 * @param store marks the files
 * @param incarnation the identity that votes
 * @param owner the node and its cluster
 * @param createdMillis when the store was made, in milliseconds since 1970-01-01T00:00Z, for people
 * @param firstSegment the number of the first segment of the journal
 * @param lastSegment the number of the last, 0 if the store was never handed out to a node
 * @param vouched every batch up to the one of this number was on the disk for certain when this was written: should
 *     one of them be found damaged, it is no use that nothing after it tells so
 * @param decrees the numbers of the files of decided decrees
 */
record Identity(
        StoreId store,
        Incarnation incarnation,
        StoreOwner owner,
        long createdMillis,
        long firstSegment,
        long lastSegment,
        long vouched,
        List<Long> decrees) {

    static final String NAME = "IDENTITY";

    private static final int LIMIT = 1 << 20;
    private static final int FIXED_BYTES = FileHeader.BYTES + 5 * Long.BYTES + 2 * Integer.BYTES;

    Identity {
        if (incarnation.equals(Incarnation.ANY)) {
            throw new IllegalArgumentException("the incarnation of a store is definite");
        }
        boolean none = firstSegment == 1 && lastSegment == 0;
        if (!none && (firstSegment < 1 || lastSegment < firstSegment)) {
            throw new IllegalArgumentException(
                    "there cannot be segments " + firstSegment + " to " + lastSegment + " of a journal");
        }
        decrees = List.copyOf(decrees);
    }

    Identity withSegments(long first, long last) {
        return new Identity(store, incarnation, owner, createdMillis, first, last, vouched, decrees);
    }

    Identity withDecrees(List<Long> newDecrees) {
        return new Identity(store, incarnation, owner, createdMillis, firstSegment, lastSegment, vouched, newDecrees);
    }

    Identity withIncarnation(Incarnation fresh) {
        return new Identity(store, fresh, owner, createdMillis, firstSegment, lastSegment, vouched, decrees);
    }

    Identity withVouched(long sequence) {
        return new Identity(store, incarnation, owner, createdMillis, firstSegment, lastSegment, sequence, decrees);
    }

    void writeTo(StoreDirectory directory) throws IOException {
        writeTo(directory, NAME);
    }

    void writeTo(StoreDirectory directory, String name) throws IOException {
        byte[] cluster = owner.cluster().name().getBytes(StandardCharsets.UTF_8);
        byte[] node = owner.node().name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(
                FIXED_BYTES + 2 * Short.BYTES + cluster.length + node.length + decrees.size() * Long.BYTES);
        new FileHeader(FileHeader.Kind.IDENTITY, 0, store, 0, 0, 0, 0).writeTo(buffer);
        buffer.putLong(incarnation.bits())
                .putShort((short) cluster.length)
                .put(cluster)
                .putShort((short) node.length)
                .put(node)
                .putLong(createdMillis)
                .putLong(firstSegment)
                .putLong(lastSegment)
                .putLong(vouched)
                .putInt(decrees.size());
        decrees.forEach(buffer::putLong);
        buffer.putInt(crc(buffer.duplicate().flip()));
        directory.replace(name, buffer.flip());
    }

    /**
     * Reads the identity of a store.
     *
     * @throws IOException if it is damaged or of another version
     */
    static Identity read(StoreDirectory directory) throws IOException {
        return read(directory, NAME);
    }

    /** The same, from a file of another name. */
    static Identity read(StoreDirectory directory, String name) throws IOException {
        Path file = directory.file(name);
        long size = Files.size(file);
        if (size > LIMIT) {
            throw damaged(file, LIMIT, "it has " + size + " bytes, far more than it needs");
        }
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file));
        FileHeader header = FileHeader.read(FileHeader.Kind.IDENTITY, file, buffer);
        if (size < FIXED_BYTES || buffer.getInt((int) size - Integer.BYTES) != crc(buffer.slice(0, (int) size - 4))) {
            throw damaged(file, FileHeader.BYTES, "it is cut short, or its checksum does not match");
        }
        try {
            return new Identity(
                    header.store(),
                    new Incarnation(buffer.getLong()),
                    new StoreOwner(new ClusterName(text(buffer)), new NodeId(text(buffer))),
                    buffer.getLong(),
                    buffer.getLong(),
                    buffer.getLong(),
                    buffer.getLong(),
                    numbers(buffer));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(file, FileHeader.BYTES, "its parts do not fit together: " + e);
        }
    }

    /** Refuses whoever the store does not belong to. */
    void require(StoreOwner expected, Path directory) throws IOException {
        if (!owner.equals(expected)) {
            throw new IOException(directory + " belongs to node " + owner.node() + " of cluster " + owner.cluster()
                    + " and cannot serve node " + expected.node() + " of cluster " + expected.cluster()
                    + "; give each node a directory of its own");
        }
    }

    private static String text(ByteBuffer buffer) {
        byte[] bytes = new byte[Short.toUnsignedInt(buffer.getShort())];
        buffer.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<Long> numbers(ByteBuffer buffer) {
        int count = buffer.getInt();
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(buffer.getLong());
        }
        return numbers;
    }

    private static int crc(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }

    private static JournalDamagedException damaged(Path file, long offset, String what) {
        return new JournalDamagedException(file, offset, what, Remedies.WHOLE_STORE, Remedies.REPLACE);
    }
}
