// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.ClusterName;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Storage;
import io.paxos.spi.StoreContents;
import io.paxos.spi.StoreOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Random;
import java.util.zip.CRC32C;

/** What the tests of stores have in common. */
final class Stores {

    static final StoreOwner OWNER = new StoreOwner(new ClusterName("orders"), NodeId.of("n1"));

    private Stores() {}

    /** Writes a snapshot of random bytes. */
    static SnapshotInfo snapshot(Storage storage, GroupId group, long slot, int bytes) throws IOException {
        byte[] content = content(slot, bytes);
        CRC32C crc = new CRC32C();
        crc.update(content);
        SnapshotInfo info = new SnapshotInfo(slot, bytes, crc.getValue());
        try (SnapshotWriter writer = storage.writeSnapshot(group, slot)) {
            writer.write(ByteBuffer.wrap(content, 0, bytes / 3));
            writer.write(ByteBuffer.wrap(content, bytes / 3, bytes - bytes / 3));
            writer.commit(info);
        }
        return info;
    }

    static byte[] content(long slot, int bytes) {
        byte[] content = new byte[bytes];
        new Random(slot).nextBytes(content);
        return content;
    }

    static byte[] read(SnapshotReader reader, int atATime) throws IOException {
        try (reader) {
            ByteBuffer all = ByteBuffer.allocate((int) reader.info().bytes());
            while (all.hasRemaining()) {
                ByteBuffer part = ByteBuffer.allocate(Math.min(atATime, all.remaining()));
                assertThat(reader.read(all.position(), part)).isPositive();
                all.put(part.flip());
            }
            assertThat(reader.read(all.position(), ByteBuffer.allocate(1))).isEqualTo(-1);
            return all.array();
        }
    }

    /** What a state holds of what was written, in a form that can be compared. */
    static String describe(RecoveredState state) {
        StringBuilder text = new StringBuilder();
        text.append("formation ").append(state.formation()).append('\n');
        new java.util.TreeMap<>(toText(state.peerStarts())).forEach((k, v) -> line(text, "peer", k, v));
        new java.util.TreeMap<>(state.groups()).forEach((group, log) -> {
            line(
                    text,
                    "log",
                    group,
                    log.promised() + " " + log.decided() + " " + log.compacted() + " " + log.snapshot());
            log.slots().forEach((slot, proposal) -> line(text, "slot", slot, proposal));
        });
        new java.util.TreeMap<>(state.decrees()).forEach((k, v) -> line(text, "decree", k, v));
        new java.util.TreeMap<>(state.decided()).forEach((k, v) -> line(text, "decided", k, v));
        new java.util.TreeMap<>(state.registers()).forEach((k, v) -> line(text, "register", k, v));
        return text.toString();
    }

    private static java.util.Map<String, Object> toText(java.util.Map<?, ?> map) {
        java.util.Map<String, Object> text = new HashMap<>();
        map.forEach((k, v) -> text.put(k.toString(), v));
        return text;
    }

    private static void line(StringBuilder text, String what, Object key, Object value) {
        text.append(what).append(' ').append(key).append(": ").append(value).append('\n');
    }

    /** What a store must hold after the writes that make up these contents. */
    static String describe(StoreContents contents, Storage storage, RecoveredState like) {
        return describe(contents.recovered(like.incarnation(), like.start(), group -> {
            try (SnapshotReader reader = storage.readSnapshot(group)) {
                return reader == null ? null : reader.info();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }
}
