// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end of the journal. Batches go to the last segment, and to a new one when that is full. What the last
 * segment holds may wait for a force; all before it never does. Confined to one thread at a time.
 */
final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** The next segment is begun when this fraction of the current one is full. */
    private static final int PREPARED_FROM = 4;

    /**
     * So many zeros for two bytes appended: the next segment is full of them when eleven twelfths of this one are. More
     * would only keep the disk from its work.
     */
    private static final long PREPARED_FOR_TWO = 3;

    /** Zeros are written so many at a time, so that a small batch does not pay for a call of its own. */
    private static final long LEAST_PREPARED = 64 << 10;

    private final StoreDirectory directory;
    private final FileStorageOptions options;
    private final long epoch;
    private final Map<Long, Long> closedBytes = new HashMap<>();
    private long closedSum;
    private @Nullable NextSegment next;
    private long appended;
    private Identity identity;
    private SegmentFile segment;
    private long sequence;
    private long durable;

    /**
     * Goes on with a segment.
     *
     * @param identity names that segment as the last
     * @param segment where the next batch goes
     * @param epoch of the batches to come
     * @param sequence the number of the last batch
     * @param durable the number of the last batch that is on the disk for certain
     */
    Journal(
            StoreDirectory directory,
            FileStorageOptions options,
            Identity identity,
            SegmentFile segment,
            long epoch,
            long sequence,
            long durable) {
        this.directory = directory;
        this.options = options;
        this.identity = identity;
        this.segment = segment;
        this.epoch = epoch;
        this.sequence = sequence;
        this.durable = durable;
    }

    Identity identity() {
        return identity;
    }

    /** The number of the segment that is written to. */
    long segment() {
        return segment.number();
    }

    /** How far that segment is filled. */
    long filled() {
        return segment.end();
    }

    /** Writes a batch, which is not durable yet. */
    void append(Batch batch, BatchHeader.Kind kind) throws IOException {
        if (!segment.hasRoom(BatchHeader.sizeOnDisk(batch.bodyBytes(), segment.blockBytes()))) {
            roll(batch.bodyBytes());
        }
        long from = segment.end();
        segment.append(batch.seal(
                kind, epoch, sequence + 1, durable, identity.store(), segment.number(), from, segment.blockBytes()));
        appended += segment.end() - from;
        sequence++;
    }

    /** Does a part of making the next segment, in proportion to what was appended since a part was last done. */
    void prepare() throws IOException {
        long size = segment.header().size();
        if (options.preallocated() && segment.end() > size / PREPARED_FROM) {
            if (next == null) {
                next = new NextSegment(directory, segment.number() + 1, options.segmentBytes());
            }
            long owed = PREPARED_FOR_TWO * appended / 2;
            if (owed >= LEAST_PREPARED) {
                next.advance(owed);
                appended = 0;
            }
        } else {
            appended = 0;
        }
    }

    /** When this returns, all that was appended is on the disk. */
    void force() throws IOException {
        if (durable < sequence) {
            segment.force();
            durable = sequence;
        }
    }

    /**
     * Says behind the last batch that all is on the disk. This itself is not forced, nor need it be: the system writes it
     * out when it finds the time, or the next batch takes its place. Should the last batch be found damaged one day, this
     * tells it from one that was never confirmed.
     */
    void vouch() throws IOException {
        segment.mark(BatchHeader.marker(BatchHeader.Kind.MARKER, epoch, sequence, durable), false);
    }

    /** How much all segments take. */
    long bytes() {
        return closedSum + segment.header().size();
    }

    /** Counts the segments before the one that is written to. */
    void countFormer() throws IOException {
        for (long number = identity.firstSegment(); number < segment.number(); number++) {
            count(number);
        }
    }

    private void count(long number) throws IOException {
        long size = Files.size(directory.file(SegmentFile.name(number)));
        closedBytes.put(number, size);
        closedSum += size;
    }

    /** A segment is gone. */
    void forget(long number) {
        Long size = closedBytes.remove(number);
        if (size != null) {
            closedSum -= size;
        }
    }

    private void roll(long bodyBytes) throws IOException {
        force();
        long number = segment.number() + 1;
        if (next == null) {
            next = new NextSegment(directory, number, options.segmentBytes());
        }
        SegmentFile fresh = next.finish(header(options, identity.store(), number, sequence + 1, bodyBytes));
        next = null;
        segment.close();
        count(segment.number());
        segment = fresh;
        fresh.publish(directory);
        join(identity.withSegments(identity.firstSegment(), fresh.number()));
        LOG.debug("{}: begun segment {}", directory.path(), fresh.number());
    }

    /** Makes the segment, which has no name yet, the last one of the store, with what was appended to it. */
    void publish() throws IOException {
        segment.publish(directory);
        durable = sequence;
        join(identity.withSegments(identity.firstSegment(), segment.number()));
    }

    /** Puts a changed identity in force, durably; it vouches for all that is on the disk by now. */
    void join(Identity changed) throws IOException {
        Identity vouching = changed.withVouched(durable);
        vouching.writeTo(directory);
        identity = vouching;
    }

    /** The header of a new segment, large enough for a batch of so many bytes of records. */
    static FileHeader header(
            FileStorageOptions options, StoreId store, long number, long firstSequence, long bodyBytes) {
        int block = options.blockBytes();
        // The header, the batch, and a marker.
        long needed = 2L * block + BatchHeader.sizeOnDisk(bodyBytes, block);
        return new FileHeader(
                FileHeader.Kind.SEGMENT,
                block,
                store,
                number,
                firstSequence,
                Math.max(options.segmentBytes(), needed),
                options.preallocated() ? FileHeader.PREALLOCATED : 0);
    }

    /** Forces all, and says so in words that the next start finds. */
    void end() throws IOException {
        force();
        if (!segment.hasRoom(0)) {
            throw new IllegalStateException("no room for the last marker");
        }
        segment.mark(BatchHeader.marker(BatchHeader.Kind.CLOSED, epoch, sequence, durable), true);
        segment.force();
    }

    @Override
    public void close() throws IOException {
        if (next != null) {
            next.close();
        }
        segment.close();
    }
}
