package io.paxos.storage.file;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing end of the journal. Batches go to the last segment, and to a new one when that is full. What the last
 * segment holds may wait for a force; all before it never does. Confined to one thread at a time.
 */
final class Journal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final StoreDirectory directory;
    private final FileStorageOptions options;
    private final long epoch;
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

    /** Makes sure that a batch of so many bytes of records fits into the segment that is written to. */
    void makeRoom(long bodyBytes) throws IOException {
        if (!segment.hasRoom(BatchHeader.sizeOnDisk(bodyBytes, segment.blockBytes()))) {
            roll(bodyBytes);
        }
    }

    /** How many bytes of records a batch may have so that it goes to the segment that is written to. */
    long room() {
        return segment.header().size() - segment.end() - segment.blockBytes() - BatchHeader.BYTES;
    }

    /** Writes a batch, which is not durable yet. */
    void append(Batch batch, BatchHeader.Kind kind) throws IOException {
        makeRoom(batch.bodyBytes());
        segment.append(batch.seal(
                kind,
                epoch,
                sequence + 1,
                durable,
                identity.store(),
                segment.number(),
                segment.end(),
                segment.blockBytes()));
        sequence++;
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

    private void roll(long bodyBytes) throws IOException {
        force();
        SegmentFile fresh = SegmentFile.create(
                directory, header(options, identity.store(), segment.number() + 1, sequence + 1, bodyBytes));
        segment.close();
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

    /** Puts a changed identity in force, durably. */
    void join(Identity changed) throws IOException {
        changed.writeTo(directory);
        identity = changed;
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
        segment.close();
    }
}
