// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of a store: of each log the newest, and the one before it, which stands in if the newest should be found
 * damaged before the log has been trimmed behind it. Safe for any thread.
 */
final class SnapshotFiles {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFiles.class);

    private final StoreDirectory directory;
    private final StoreId store;
    private final Map<GroupId, SnapshotFile> newest = new HashMap<>();
    private long writers;

    private SnapshotFiles(StoreDirectory directory, StoreId store) {
        this.directory = directory;
        this.store = store;
    }

    StoreId store() {
        return store;
    }

    /**
     * Finds the snapshots and reads the newest of each log from beginning to end: damage is better found now, when an
     * older one may still do, than when the state is restored. Nothing is changed.
     *
     * @param names what is in the directory
     * @param compacted how far each log has been trimmed: a snapshot that ends earlier is of no use
     * @throws IOException if a log has no snapshot that it needs, or a file is of another store
     */
    static SnapshotFiles open(
            StoreDirectory directory, StoreId store, Collection<String> names, Map<GroupId, Long> compacted)
            throws IOException {
        SnapshotFiles files = new SnapshotFiles(directory, store);
        Set<String> sound = new HashSet<>();
        List<String> newestFirst =
                new ArrayList<>(names.stream().filter(SnapshotFormat::isName).toList());
        newestFirst.sort(Comparator.reverseOrder());
        Map<String, JournalDamagedException> damaged = new HashMap<>();
        for (String name : newestFirst) {
            // The older ones of a log need not even be read.
            if (!sound.contains(SnapshotFormat.prefixOf(name)) && files.find(name, compacted, damaged)) {
                sound.add(SnapshotFormat.prefixOf(name));
            }
        }
        files.requireNeeded(compacted, damaged);
        damaged.forEach((name, problem) -> LOG.warn(
                "{}: a damaged snapshot is left aside; what is needed can be had without it: {}",
                directory.path(),
                problem.getMessage()));
        return files;
    }

    private boolean find(String name, Map<GroupId, Long> compacted, Map<String, JournalDamagedException> damaged)
            throws IOException {
        Path file = directory.file(name);
        SnapshotFile found;
        try {
            found = SnapshotFileReader.verify(store, file);
        } catch (JournalDamagedException e) {
            damaged.put(name, e);
            return false;
        }
        GroupId group = found.head().group();
        long slot = found.info().slot();
        if (!name.equals(SnapshotFormat.name(group, slot))) {
            damaged.put(
                    name, SnapshotFormat.damaged(file, 0, "it is the snapshot of log " + group + " at slot " + slot));
            return false;
        }
        if (slot < compacted.getOrDefault(group, 0L)) {
            return false;
        }
        newest.put(group, found);
        return true;
    }

    private void requireNeeded(Map<GroupId, Long> compacted, Map<String, JournalDamagedException> damaged)
            throws IOException {
        for (Map.Entry<GroupId, Long> entry : compacted.entrySet()) {
            if (entry.getValue() > 0 && !newest.containsKey(entry.getKey())) {
                throw missing(entry.getKey(), entry.getValue(), damaged);
            }
        }
    }

    private IOException missing(GroupId group, long compacted, Map<String, JournalDamagedException> damaged) {
        String what = "log " + group + " was trimmed up to slot " + compacted
                + ", but there is no sound snapshot that ends there or later";
        String loss = "the state of log " + group + " up to slot " + compacted + ", on this node";
        List<String> names = damaged.keySet().stream()
                .filter(name -> SnapshotFormat.prefixOf(name).equals(SnapshotFormat.prefix(group)))
                .sorted(Comparator.reverseOrder())
                .toList();
        if (names.isEmpty()) {
            Path any = directory.file(SnapshotFormat.name(group, compacted));
            return new JournalDamagedException(
                    any, 0, what + ": this file or one of a later slot is missing", loss, Remedies.REPLACE);
        }
        JournalDamagedException cause = Objects.requireNonNull(damaged.get(names.get(0)));
        return new JournalDamagedException(
                directory.file(names.get(0)),
                cause.offset(),
                what + ", since of this one " + cause.what(),
                loss,
                Remedies.REPLACE);
    }

    synchronized @Nullable SnapshotInfo info(GroupId group) {
        SnapshotFile file = newest.get(group);
        return file == null ? null : file.info();
    }

    /** Does something with a file. */
    interface Action {
        void accept(SnapshotFile file) throws IOException;
    }

    /** Goes through the newest of each log; none of them is deleted meanwhile. */
    synchronized void forEach(Action action) throws IOException {
        for (SnapshotFile file : newest.values()) {
            action.accept(file);
        }
    }

    synchronized @Nullable SnapshotReader read(GroupId group) throws IOException {
        SnapshotFile file = newest.get(group);
        return file == null ? null : SnapshotFileReader.open(file);
    }

    SnapshotWriter write(GroupId group, long slot) throws IOException {
        if (slot < 1) {
            throw new IllegalArgumentException("a snapshot ends at slot 1 or later, not " + slot);
        }
        long number;
        synchronized (this) {
            number = ++writers;
        }
        Path unfinished = directory.file(SnapshotFormat.name(group, slot) + "-" + number + StoreDirectory.UNFINISHED);
        try {
            return new SnapshotFileWriter(this, group, slot, unfinished);
        } catch (IOException e) {
            throw DiskErrors.explain(
                    "the snapshot of log " + group + " could not be begun in " + unfinished,
                    SnapshotFormat.CHUNK_ON_DISK,
                    e,
                    "the former one stays in force, and the next will be tried in its time");
        }
    }

    /** Puts a finished and forced file in force, unless there is one that is as new. */
    synchronized void commit(Path unfinished, SnapshotFormat.Head head, SnapshotInfo info) throws IOException {
        SnapshotFile current = newest.get(head.group());
        if (current != null && current.info().slot() >= info.slot()) {
            return;
        }
        String name = SnapshotFormat.name(head.group(), info.slot());
        publish(unfinished, name);
        SnapshotFile fresh = new SnapshotFile(directory.file(name), head, info);
        newest.put(head.group(), fresh);
        deleteOthers(head.group(), fresh, current);
    }

    private void publish(Path unfinished, String name) throws IOException {
        try {
            directory.publish(unfinished, name);
        } catch (IOException e) {
            // It could be read until the machine fails, and then be gone, when the log has been trimmed because of it.
            directory.delete(name);
            throw e;
        }
    }

    /** Deletes all snapshots of a log but the newest and the one before: also damaged ones, and what a crash left over. */
    private void deleteOthers(GroupId group, SnapshotFile fresh, @Nullable SnapshotFile former) {
        String prefix = SnapshotFormat.prefix(group);
        try {
            for (String name : directory.names()) {
                Path file = directory.file(name);
                if (SnapshotFormat.isName(name)
                        && SnapshotFormat.prefixOf(name).equals(prefix)
                        && !file.equals(fresh.path())
                        && (former == null || !file.equals(former.path()))) {
                    directory.delete(name);
                }
            }
        } catch (IOException e) {
            LOG.warn("{}: older snapshots of log {} could not be deleted: {}", directory.path(), group, e.toString());
        }
    }
}
