// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StoreOwner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a store: reads it, changing nothing until all of it is known to be sound, then clears away what a crash left
 * unfinished, and writes down, durably, that it was opened.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final StoreDirectory directory;
    private final FileStorageOptions options;
    private final SecureRandom random = new SecureRandom();

    Recovery(StoreDirectory directory, FileStorageOptions options) {
        this.directory = directory;
        this.options = options;
    }

    /** An opened store. */
    record Opened(RecoveredState state, Journal journal, LiveIndex index, Trimming trimming, SnapshotFiles snapshots) {}

    /** Refuses a directory that holds something else than a store, before anything is put into it. */
    void requireStoreOrNothing() throws IOException {
        SortedSet<String> names = directory.names();
        if (names.contains(Identity.NAME)) {
            return;
        }
        for (String name : names) {
            if (!isHarmless(name)) {
                throw new IOException(directory.path() + " holds \"" + name + "\" but no file " + Identity.NAME
                        + ", so it is not a store, or one that has lost that file; name an empty directory, and if this"
                        + " one was a store, keep it for inspection: a node that starts with an empty one comes back as"
                        + " a stranger, which does not vote");
            }
        }
    }

    Opened open(StoreOwner owner) throws IOException {
        requireStoreOrNothing();
        Identity identity = identity(owner);
        StoreContent content = StoreContent.read(directory, identity);
        // What can be read need not be durable: a file has its name before the directory is forced, and if that force
        // failed, another one is no help. So the file that says which files count is written once more.
        identity.writeTo(directory);
        return identity.lastSegment() == 0 ? first(identity, content) : next(identity, content);
    }

    private Identity identity(StoreOwner owner) throws IOException {
        SortedSet<String> names = directory.names();
        if (names.contains(Identity.NAME)) {
            Identity identity = Identity.read(directory);
            identity.require(owner, directory.path());
            return identity;
        }
        directory.forceEntry();
        Identity identity =
                new Identity(StoreId.draw(random), draw(), owner, System.currentTimeMillis(), 1, 0, 0, List.of());
        identity.writeTo(directory);
        LOG.info(
                "{}: created a store for node {} of cluster {}, incarnation {}",
                directory.path(),
                owner.node(),
                owner.cluster(),
                identity.incarnation());
        return identity;
    }

    /** What a first start may have left that was cut short, and what mounted file systems bring along. */
    private static boolean isHarmless(String name) {
        return name.equals(StoreLock.NAME)
                || name.equals(Identity.NAME + StoreDirectory.UNFINISHED)
                || name.equals("lost+found");
    }

    private Incarnation draw() {
        long bits;
        do {
            bits = random.nextLong();
        } while (bits == Incarnation.ANY.bits());
        return new Incarnation(bits);
    }

    /** Nobody has been handed this store yet. */
    private Opened first(Identity identity, StoreContent content) throws IOException {
        clear(identity);
        StoreRecord.Started started = started(1, false);
        Batch batch = new Batch();
        batch.add(started);
        return begin(identity, content, batch, 1, 1, started);
    }

    private Opened next(Identity identity, StoreContent content) throws IOException {
        JournalScan.Tail tail = content.tail();
        StoreRecord.Started last = content.lastStart(directory);
        boolean lostVotes = lostVotes(last, tail, options.bootId());
        boolean stranger = options.stranger() || lostVotes;
        warn(tail, lostVotes);
        clear(identity);
        StoreRecord.Started started = started(last.start() + 1, stranger);
        Batch batch = new Batch();
        long durable = tail.vouched();
        if (!last.forced()) {
            // There may be much that was never forced, and it need not be more durable than it was promised to be.
            try (SegmentFile segment = SegmentFile.open(directory, tail.header(), tail.end())) {
                segment.force();
            }
            durable = tail.sequence();
        }
        if (!stranger && durable == tail.sequence() && tail.contentEnd() == tail.end()) {
            return goOn(identity, content, batch, started);
        }
        if (durable < tail.sequence()) {
            tellAgain(identity, tail, batch, content);
        }
        batch.add(started);
        Identity fresh = stranger ? identity.withIncarnation(draw()) : identity;
        return begin(fresh, content, batch, identity.lastSegment() + 1, durable + 1, started);
    }

    /** Whether votes may be lost that were confirmed: written without forcing, before the machine was restarted. */
    static boolean lostVotes(StoreRecord.Started last, JournalScan.Tail tail, String bootId) {
        boolean rebooted =
                last.bootId().equals(BootId.UNKNOWN) || !last.bootId().equals(bootId);
        return !last.forced() && !tail.closed() && rebooted;
    }

    private StoreRecord.Started started(long start, boolean stranger) {
        return new StoreRecord.Started(start, options.forced(), stranger, System.currentTimeMillis(), options.bootId());
    }

    private void warn(JournalScan.Tail tail, boolean lostVotes) {
        if (tail.contentEnd() > tail.end()) {
            LOG.warn(
                    "{}: cut at offset {}: the {} bytes from there on belong to a batch that was not finished, and so"
                            + " was never confirmed",
                    directory.file(SegmentFile.name(tail.header().number())),
                    tail.end(),
                    tail.contentEnd() - tail.end());
        }
        if (lostVotes) {
            LOG.warn(
                    "{}: the store was written without forcing, and the machine was restarted before it was closed, so"
                            + " votes may be lost: the node comes back as a stranger, whose votes do not count",
                    directory.path());
        } else if (options.stranger()) {
            LOG.warn(
                    "{}: opened as a stranger, as the options say: the votes of this node do not count any more",
                    directory.path());
        }
    }

    /** Removes what is not, or no longer, part of the store. */
    private void clear(Identity identity) throws IOException {
        boolean changed = false;
        for (String name : directory.names()) {
            if (name.endsWith(StoreDirectory.UNFINISHED) || StoreContent.isLeftOver(identity, name)) {
                LOG.debug("{}: removing {}, which a crash left over", directory.path(), name);
                directory.delete(name);
                changed = true;
            }
        }
        if (changed) {
            directory.force();
        }
    }

    /**
     * What was read behind the last batch that is vouched for may be in the memory of the system only, since the force
     * that was to follow may have failed, and forcing it now would not make it any more durable. So it is written anew,
     * to other blocks, and what stands in the old ones does not count any more, whatever becomes of it.
     */
    private void tellAgain(Identity identity, JournalScan.Tail tail, Batch batch, StoreContent content)
            throws IOException {
        long fresh = tail.header().number() + 1;
        try (SegmentReader segment =
                SegmentReader.open(directory, identity.store(), tail.header().number())) {
            long offset = tail.unvouchedFrom();
            while (offset < tail.end()) {
                BatchHeader header = segment.headerAt(offset);
                ByteBuffer body = header == null ? null : segment.bodyAt(offset, header);
                if (header == null || body == null) {
                    throw SegmentReader.damaged(segment.file(), offset, "it could be read a moment ago");
                }
                batch.addRaw(body.duplicate(), header.records());
                content.readAgain(body, fresh);
                offset += header.sizeOnDisk(segment.blockBytes());
            }
        }
    }

    /** Goes on in the last segment: no batch in it is doubtful. */
    private Opened goOn(Identity identity, StoreContent content, Batch batch, StoreRecord.Started started)
            throws IOException {
        JournalScan.Tail tail = content.tail();
        SegmentFile segment = SegmentFile.open(directory, tail.header(), tail.end());
        Journal journal =
                new Journal(directory, options, identity, segment, random.nextLong(), tail.sequence(), tail.sequence());
        try {
            if (tail.closed()) {
                // Nothing vouches for the mark that says so.
                segment.repeatLastMarker();
            }
            batch.add(started);
            journal.append(batch, BatchHeader.Kind.START);
            journal.force();
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
        return opened(content, journal, started);
    }

    /**
     * Goes on in a new segment, whose first batch has a given number: what the former one may hold from that number on
     * does not count any more. The segment has its name only when that batch is durable in it.
     */
    private Opened begin(
            Identity identity,
            StoreContent content,
            Batch batch,
            long number,
            long sequence,
            StoreRecord.Started started)
            throws IOException {
        FileHeader header = Journal.header(options, identity.store(), number, sequence, batch.bodyBytes());
        long epoch = random.nextLong();
        SegmentFile segment = new NextSegment(directory, number, header.size()).finish(header);
        Journal journal = new Journal(directory, options, identity, segment, epoch, sequence - 1, sequence - 1);
        try {
            journal.append(batch, BatchHeader.Kind.START);
            journal.publish();
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
        return opened(content, journal, started);
    }

    private Opened opened(StoreContent content, Journal journal, StoreRecord.Started started) throws IOException {
        LiveIndex index = content.index();
        index.apply(started, journal.segment());
        try {
            journal.countFormer();
            if (options.forced()) {
                journal.vouch();
            }
            RecoveredState state = state(content, journal.identity(), started);
            LOG.info(
                    "{}: opened, start {}, {} logs, {} undecided and {} decided decrees",
                    directory.path(),
                    state.start(),
                    state.groups().size(),
                    state.decrees().size(),
                    state.decided().size());
            Trimming trimming = new Trimming(directory, options, journal, index);
            return new Opened(state, journal, index, trimming, content.snapshots());
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private static RecoveredState state(StoreContent content, Identity identity, StoreRecord.Started started) {
        LiveIndex index = content.index();
        Map<GroupId, RecoveredState.Log> logs = new HashMap<>();
        index.logs()
                .forEach((group, log) -> logs.put(
                        group,
                        new RecoveredState.Log(
                                log.promised(),
                                log.freeze(),
                                log.decided(),
                                log.compacted(),
                                content.snapshots().info(group))));
        return new RecoveredState(
                identity.incarnation(),
                started.start(),
                index.formation(),
                index.peerStarts(),
                logs,
                index.decrees(),
                content.decided(),
                index.registers());
    }
}
