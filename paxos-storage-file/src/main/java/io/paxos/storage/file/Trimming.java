// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up the oldest segments of the journal (rule 19). A segment goes when nothing in it is the newest word on
 * anything. What pins one for long is told again at the end of the journal, as it stands now; decided decrees, which never
 * change, move to files of their own, which are merged so that they stay few. Everything has its new home on the disk
 * before the old one goes (rule 8). Each write does a part of the work, in proportion to its size.
 */
final class Trimming implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Trimming.class);

    /** The least that is done at a time, in bytes. */
    private static final long LEAST = 256 << 10;

    /** So much of what is written may be work of this kind: enough to keep up with any writer. */
    private static final long SHARE = 4;

    /** So few records are told again at once, as soon as another segment is written to. */
    private static final int FEW = 32;

    private static final int SEGMENTS_KEPT = 4;
    private static final int SEGMENTS_AT_A_TIME = 16;
    private static final int FILES_TO_MERGE = 8;
    private static final long SMALLEST_TIER = 256 << 10;

    private final StoreDirectory directory;
    private final FileStorageOptions options;
    private final Journal journal;
    private final LiveIndex index;
    private final Batch batch = new Batch();
    private final Map<Long, Long> decreeBytes = new HashMap<>();
    private long lastDecrees;
    private @Nullable DecreeSaving saving;
    private @Nullable DecreeMerging merging;

    Trimming(StoreDirectory directory, FileStorageOptions options, Journal journal, LiveIndex index)
            throws IOException {
        this.directory = directory;
        this.options = options;
        this.journal = journal;
        this.index = index;
        for (long number : journal.identity().decrees()) {
            decreeBytes.put(number, Files.size(directory.file(DecreeFile.name(number))));
            lastDecrees = Math.max(lastDecrees, number);
        }
    }

    /**
     * Tells again some of what pins the oldest segment; to be forced with the write that brings it about.
     *
     * @param written how many bytes that write has
     */
    void tellAgain(long written) throws IOException {
        long oldest = journal.identity().firstSegment();
        int live = index.use().live(oldest);
        if (oldest == journal.segment() || live == 0 || (live > FEW && !isTooLarge())) {
            return;
        }
        List<StoreRecord> records = index.tellAgain(oldest, budget(written));
        if (records.isEmpty()) {
            return;
        }
        batch.clear();
        records.forEach(batch::add);
        journal.append(batch, BatchHeader.Kind.BATCH);
        for (StoreRecord record : records) {
            if (record instanceof StoreRecord.Written again) {
                index.apply(again.write(), journal.segment());
            } else if (record instanceof StoreRecord.Started started) {
                index.apply(started, journal.segment());
            }
        }
    }

    private boolean isTooLarge() {
        return journal.bytes() > 2 * index.use().liveBytes() + SEGMENTS_KEPT * options.segmentBytes();
    }

    private static long budget(long written) {
        return Math.max(LEAST, SHARE * written);
    }

    /**
     * Gives up the oldest segments that nothing needs, and sees to the files of decided decrees.
     *
     * @param written how many bytes the write has that brings it about
     */
    void release(long written) throws IOException {
        long oldest = journal.identity().firstSegment();
        long end = oldest;
        List<Long> decrees = new ArrayList<>(journal.identity().decrees());
        while (end < journal.segment()
                && end < oldest + SEGMENTS_AT_A_TIME
                && index.use().live(end) == 0) {
            if (index.use().hasDecided(end)) {
                Long file = save(end, written);
                if (file == null) {
                    break;
                }
                decrees.add(file);
            }
            end++;
        }
        if (end > oldest) {
            giveUp(oldest, end, decrees);
        }
        if (saving == null) {
            merge(written);
        }
    }

    /** The number of the file that holds the decided decrees of a segment now, or null if there is more to do. */
    private @Nullable Long save(long segment, long written) throws IOException {
        DecreeSaving current = saving;
        if (current == null) {
            current = new DecreeSaving(directory, journal.identity().store(), segment, ++lastDecrees);
            saving = current;
        }
        if (!current.advance(budget(written))) {
            return null;
        }
        current.close();
        saving = null;
        decreeBytes.put(current.file(), Files.size(directory.file(DecreeFile.name(current.file()))));
        return current.file();
    }

    /** The order matters: what must not be lost is durable first, then the files do not count any more, then they go. */
    private void giveUp(long from, long to, List<Long> decrees) throws IOException {
        journal.force();
        journal.join(journal.identity()
                .withSegments(to, journal.identity().lastSegment())
                .withDecrees(decrees));
        for (long number = from; number < to; number++) {
            directory.delete(SegmentFile.name(number));
            journal.forget(number);
        }
        directory.force();
        index.use().forgetBefore(to);
        LOG.debug("{}: gave up segments {} to {}", directory.path(), from, to - 1);
    }

    private void merge(long written) throws IOException {
        DecreeMerging current = merging;
        if (current == null) {
            List<Long> sources = mergeable();
            if (sources.isEmpty()) {
                return;
            }
            current = new DecreeMerging(directory, journal.identity().store(), sources, ++lastDecrees);
            merging = current;
        }
        if (current.advance(budget(written))) {
            current.close();
            merging = null;
            List<Long> result = current.result(journal.identity().decrees());
            long made = result.get(result.size() - 1);
            decreeBytes.put(made, Files.size(directory.file(DecreeFile.name(made))));
            journal.join(journal.identity().withDecrees(result));
            for (long number : current.sources()) {
                decreeBytes.remove(number);
                directory.delete(DecreeFile.name(number));
            }
            directory.force();
        }
    }

    /** Files of about one size, as soon as there are enough of them: so each decree is copied a few times at most. */
    private List<Long> mergeable() {
        Map<Integer, List<Long>> tiers = new HashMap<>();
        for (long number : journal.identity().decrees()) {
            List<Long> tier = tiers.computeIfAbsent(tier(decreeBytes.getOrDefault(number, 0L)), t -> new ArrayList<>());
            tier.add(number);
            if (tier.size() == FILES_TO_MERGE) {
                return tier;
            }
        }
        return List.of();
    }

    private static int tier(long bytes) {
        int tier = 0;
        for (long size = bytes; size > SMALLEST_TIER; size /= FILES_TO_MERGE) {
            tier++;
        }
        return tier;
    }

    @Override
    public void close() throws IOException {
        if (saving != null) {
            saving.close();
        }
        if (merging != null) {
            merging.close();
        }
    }
}
