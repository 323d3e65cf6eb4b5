// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.replica.SnapshotHead;
import io.paxos.spi.StoreOwner;
import io.paxos.spi.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Writes the stores of a cluster that is founded on what was rescued. That it has formed is the last thing each of them is
 * told, and they have their names only when all are finished: one that lacks something must not be started beside one that
 * does not.
 */
final class NewCluster {

    /** Leaders that nobody here has heard of did not get as far as this beyond those that were. */
    private static final long ROUNDS_ABOVE = 1 << 20;

    private static final long BATCH_BYTES = 1 << 20;
    private static final String UNFINISHED = ".unfinished";

    private final Rescue rescued;
    private final ClusterName cluster;
    private final SortedSet<NodeId> members;
    private final FileStorageOptions options;

    NewCluster(Rescue rescued, ClusterName cluster, SortedSet<NodeId> members, FileStorageOptions options) {
        this.rescued = rescued;
        this.cluster = cluster;
        this.members = members;
        this.options = options;
    }

    void writeTo(Path into) throws IOException {
        Path unfinished = into.resolveSibling(into.getFileName() + UNFINISHED);
        for (Path path : List.of(into, unfinished)) {
            if (Files.exists(path)) {
                throw new IOException(
                        path + " is there already; name a path where nothing is, or remove it if it is left"
                                + " over from an attempt that failed");
            }
        }
        for (NodeId member : members) {
            if (!unfinished
                    .normalize()
                    .equals(unfinished.resolve(member.name()).normalize().getParent())) {
                throw new IllegalArgumentException(
                        "no directory can bear the name \"" + member + "\"; name the node otherwise");
            }
        }
        StoreDirectory parent = new StoreDirectory(unfinished);
        parent.create();
        Map<NodeId, FileStorage> stores = new TreeMap<>();
        try {
            TreeMap<NodeId, Incarnation> vector = new TreeMap<>();
            for (NodeId member : members) {
                FileStorage store = FileStorage.open(unfinished.resolve(member.name()), options);
                stores.put(member, store);
                vector.put(
                        member, store.recover(new StoreOwner(cluster, member)).incarnation());
            }
            for (FileStorage store : stores.values()) {
                fill(store);
            }
            Membership formed = new Membership(vector);
            for (FileStorage store : stores.values()) {
                store.write(List.of(new Write.FormationWrite(formed, formed, List.of())));
            }
        } catch (IOException | RuntimeException | Error e) {
            for (FileStorage store : stores.values()) {
                closeAfter(e, store);
            }
            throw e;
        }
        for (FileStorage store : stores.values()) {
            store.close();
        }
        parent.force();
        Path done = Files.move(unfinished, into, StandardCopyOption.ATOMIC_MOVE);
        new StoreDirectory(done).forceEntry();
    }

    private static void closeAfter(Throwable failure, FileStorage store) {
        try {
            store.close();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void fill(FileStorage store) throws IOException {
        Batches batches = new Batches(store);
        for (Map.Entry<DecreeName, Payload> decree : rescued.decided().entrySet()) {
            batches.add(
                    new Write.DecreeDecidedWrite(decree.getKey(), decree.getValue()),
                    decree.getValue().size());
        }
        for (Write.DecreeWrite decree : rescued.undecidedDecrees()) {
            batches.add(
                    decree,
                    decree.accepted() == null ? 0 : decree.accepted().value().size());
        }
        for (Write.RegisterWrite register : rescued.latestRegisters()) {
            batches.add(
                    register,
                    register.accepted() == null
                            ? 0
                            : register.accepted().value().size());
        }
        for (SurvivingLog log : rescued.logs()) {
            fill(store, log, batches);
        }
        batches.flush();
    }

    private void fill(FileStorage store, SurvivingLog log, Batches batches) throws IOException {
        copySnapshot(store, log);
        long round = log.promised().round() + ROUNDS_ABOVE;
        batches.add(new Write.PromiseWrite(log.group(), new Ballot(round, members.first(), 0)), 0);
        if (log.snapshotSlot() > 0) {
            batches.add(new Write.TrimWrite(log.group(), log.snapshotSlot()), 0);
        }
        long slot = log.snapshotSlot() + 1;
        while (slot <= log.last()) {
            long first = slot;
            List<Value> values = new ArrayList<>();
            for (long bytes = 0; slot <= log.last() && bytes < BATCH_BYTES; slot++) {
                Value value = log.valueOfNew(slot);
                values.add(value);
                bytes += value.weight();
            }
            batches.add(new Write.LearnWrite(log.group(), first, values), 0);
            batches.add(new Write.DecidedWrite(log.group(), slot - 1), BATCH_BYTES);
        }
    }

    private static void copySnapshot(FileStorage store, SurvivingLog log) throws IOException {
        SnapshotContent.In from = log.snapshot();
        if (from == null) {
            return;
        }
        try (from;
                SnapshotContent.Out to =
                        new SnapshotContent.Out(store.writeSnapshot(log.group(), log.snapshotSlot()))) {
            SnapshotHead.read(log.group(), from).writeUnchanged(to);
            from.transferTo(to);
            to.commit(log.snapshotSlot());
        }
    }

    /** Writes that go to a store many at a time. */
    private static final class Batches {

        private static final long OVERHEAD = 128;

        private final FileStorage store;
        private final List<Write> batch = new ArrayList<>();
        private long bytes;

        Batches(FileStorage store) {
            this.store = store;
        }

        void add(Write write, long weight) throws IOException {
            batch.add(write);
            bytes += weight + OVERHEAD;
            if (bytes >= BATCH_BYTES) {
                flush();
            }
        }

        void flush() throws IOException {
            if (!batch.isEmpty()) {
                store.write(List.copyOf(batch));
                batch.clear();
                bytes = 0;
            }
        }
    }
}
