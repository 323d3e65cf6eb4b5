// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Membership;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StartId;
import io.paxos.model.Value;
import io.paxos.replica.SnapshotHead;
import io.paxos.spi.SnapshotReader;
import io.paxos.spi.StoreOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A store, or the backup of one, that nobody writes to, with all that it holds. */
final class SurvivingStore {

    private final Path path;
    private final StoreDirectory directory;
    private final FileTime openedBefore;
    private final boolean inUse;
    private final StoreOwner owner;
    private final Endpoint endpoint;
    private final boolean backup;
    private final boolean lostVotes;
    private final StoreRecord.Started started;
    private final StoreContent content;
    private final Map<GroupId, SortedMap<Long, Proposal<Value>>> slots = new HashMap<>();

    private SurvivingStore(StoreDirectory directory, Identity identity, boolean backup) throws IOException {
        this.path = directory.path();
        this.directory = directory;
        this.openedBefore = lastOpened(directory, backup);
        this.inUse = !backup && StoreLock.isTaken(directory);
        this.owner = identity.owner();
        this.endpoint = new Endpoint(owner.node(), identity.incarnation());
        this.backup = backup;
        this.content = StoreContent.read(directory, identity);
        this.started = content.lastStart(directory);
        this.lostVotes = Recovery.lostVotes(started, content.tail(), BootId.current());
        content.index().logs().forEach((group, log) -> slots.put(group, log.freeze()));
    }

    /**
     * Reads a store, or a backup.
     *
     * @throws IOException if it is damaged, or nothing was ever written to it
     */
    static SurvivingStore read(Path path) throws IOException {
        StoreDirectory directory = new StoreDirectory(path);
        Set<String> names = Files.isDirectory(path) ? directory.names() : Set.of();
        boolean backup = names.contains(StoreBackup.NAME);
        if (!backup && !names.contains(Identity.NAME)) {
            throw new IOException(path + " holds neither a file " + Identity.NAME + " nor a file " + StoreBackup.NAME
                    + ", so it is neither the store of a node nor a backup; leave it out");
        }
        Identity identity = Identity.read(directory, backup ? StoreBackup.NAME : Identity.NAME);
        if (identity.lastSegment() == 0) {
            throw new IOException(path + " was created and never used, so there is nothing in it; leave it out");
        }
        return new SurvivingStore(directory, identity, backup);
    }

    Path path() {
        return path;
    }

    StoreOwner owner() {
        return owner;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean isBackup() {
        return backup;
    }

    /** Each opening writes the file that says whose the store is. */
    private static FileTime lastOpened(StoreDirectory directory, boolean backup) throws IOException {
        return Files.getLastModifiedTime(directory.file(backup ? StoreBackup.NAME : Identity.NAME));
    }

    /** Whether a node had it open when it was read. */
    boolean isInUse() {
        return inUse;
    }

    /** Whether a node has it open, or has opened it since it was read: people take their time before they act on a plan. */
    boolean mayHaveChanged() throws IOException {
        return inUse
                || (!backup && StoreLock.isTaken(directory))
                || !lastOpened(directory, backup).equals(openedBefore);
    }

    /** How often it was opened. */
    long starts() {
        return started.start();
    }

    LiveIndex index() {
        return content.index();
    }

    Map<DecreeName, Payload> decided() {
        return content.decided();
    }

    /** The vector with which the cluster formed, or null if this store does not know that it ever did. */
    @Nullable
    Membership formed() {
        return content.index().formation().formed();
    }

    /** Why votes that its node gave may not be in it, or null if all are. */
    @Nullable
    String votesMissing(Collection<SurvivingStore> others) {
        if (backup) {
            return "a backup, which does not hold what was voted after it";
        }
        if (lostVotes) {
            return "written without forcing, and the machine was restarted before it was closed: votes may be missing";
        }
        for (SurvivingStore other : others) {
            Long heard = other.index().peerStarts().get(endpoint);
            if (heard != null && new StartId(heard).number() > starts()) {
                return "an old copy: it was opened " + starts() + " times, and " + other + " has heard start "
                        + new StartId(heard).number() + " of it";
            }
        }
        if (index().peerStarts().containsKey(endpoint)) {
            return "an old copy, as its node was told by the others";
        }
        return null;
    }

    /** What the slots of a log hold that are not forgotten; nothing if there is no such log. */
    SortedMap<Long, Proposal<Value>> slots(GroupId group) {
        SortedMap<Long, Proposal<Value>> found = slots.get(group);
        return found == null ? Collections.emptySortedMap() : found;
    }

    boolean hasLog(GroupId group) {
        return slots.containsKey(group);
    }

    /** Every slot of a log up to here is decided: each is held, or a snapshot stands for it. */
    long decided(GroupId group) {
        LiveLog log = index().logs().get(group);
        return Math.max(log == null ? 0 : log.decided(), snapshotSlot(group));
    }

    /** The last slot of a log that holds anything. */
    long highest(GroupId group) {
        SortedMap<Long, Proposal<Value>> held = slots(group);
        return Math.max(decided(group), held.isEmpty() ? 0 : held.lastKey());
    }

    /** Up to where the newest snapshot of a log stands for its slots; 0 if there is none. */
    long snapshotSlot(GroupId group) {
        SnapshotInfo info = content.snapshots().info(group);
        return info == null ? 0 : info.slot();
    }

    /** The newest snapshot of a log, which has one. */
    SnapshotContent.In snapshot(GroupId group) throws IOException {
        SnapshotReader reader = content.snapshots().read(group);
        return new SnapshotContent.In(Objects.requireNonNull(reader, "the log has a snapshot"));
    }

    /** What that snapshot says before the state of the user's machine. */
    SnapshotHead head(GroupId group) throws IOException {
        try (SnapshotContent.In in = snapshot(group)) {
            return SnapshotHead.read(group, in);
        }
    }

    @Override
    public String toString() {
        return owner.node() + " (" + path + ")";
    }
}
