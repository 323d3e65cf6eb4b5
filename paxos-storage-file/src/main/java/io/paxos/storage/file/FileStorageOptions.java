// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.util.function.Supplier;

/**
 * How a store in files is kept. Immutable: each method returns changed options. What is right for almost everybody is
 * {@link #defaults}.
 */
public final class FileStorageOptions {

    private static final int SMALLEST_BLOCK = 512;
    private static final int LARGEST_BLOCK = 1 << 16;
    private static final int FEWEST_BLOCKS = 4;
    private static final long LARGEST_SEGMENT = 1L << 30;

    private static final FileStorageOptions DEFAULTS =
            new FileStorageOptions(64 << 20, 4096, true, true, false, BootId::current);

    private final long segmentBytes;
    private final int blockBytes;
    private final boolean preallocated;
    private final boolean forced;
    private final boolean stranger;
    private final Supplier<String> bootId;

    private FileStorageOptions(
            long segmentBytes,
            int blockBytes,
            boolean preallocated,
            boolean forced,
            boolean stranger,
            Supplier<String> bootId) {
        if (blockBytes < SMALLEST_BLOCK || blockBytes > LARGEST_BLOCK || Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException("a block has " + SMALLEST_BLOCK + " to " + LARGEST_BLOCK
                    + " bytes, a power of two, not " + blockBytes);
        }
        if (segmentBytes < (long) FEWEST_BLOCKS * blockBytes || segmentBytes > LARGEST_SEGMENT) {
            throw new IllegalArgumentException("a segment has " + FEWEST_BLOCKS + " blocks of " + blockBytes + " to "
                    + LARGEST_SEGMENT + " bytes, not " + segmentBytes);
        }
        this.segmentBytes = segmentBytes / blockBytes * blockBytes;
        this.blockBytes = blockBytes;
        this.preallocated = preallocated;
        this.forced = forced;
        this.stranger = stranger;
        this.bootId = bootId;
    }

    /**
     * Segments of 64 MiB, preallocated, in blocks of 4 KiB; everything confirmed is forced to the disk first.
     *
     * @return the options to begin with
     */
    public static FileStorageOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The size of the files that the journal consists of. Disk space is given up by whole segments, so the journal takes
     * a few of them even when nothing in it is needed; smaller ones are begun more often, at a few forces each.
     *
     * @param bytes at least four blocks, at most 1 GiB; rounded down to whole blocks. Files that exist keep their size.
     * @return changed options
     * @throws IllegalArgumentException if it is out of bounds
     */
    public FileStorageOptions segmentBytes(long bytes) {
        return new FileStorageOptions(bytes, blockBytes, preallocated, forced, stranger, bootId);
    }

    /**
     * The unit in which the disk writes: when power fails, the block being written may be destroyed as a whole. Each
     * write to the journal takes whole blocks, so that a block that holds confirmed data is never written again.
     *
     * @param bytes a power of two, 512 to 65536. Segments that exist keep theirs.
     * @return changed options
     * @throws IllegalArgumentException if it is not such a number, or if a segment had fewer than four such blocks
     */
    public FileStorageOptions blockBytes(int bytes) {
        return new FileStorageOptions(segmentBytes, bytes, preallocated, forced, stranger, bootId);
    }

    /**
     * Segments grow as they are written. That saves disk space where the journal is short, and costs time with every
     * force, since the file system must then write down the new size of the file too.
     *
     * @return changed options
     */
    public FileStorageOptions withoutPreallocation() {
        return new FileStorageOptions(segmentBytes, blockBytes, false, forced, stranger, bootId);
    }

    /**
     * Confirms writes before they are on the disk. When the process ends nothing is lost; when the machine does, by a
     * power cut or a crash of its operating system, votes that others have counted are lost. So the node then comes
     * back as a stranger, whose votes no longer count, unless the store had been closed first. If that happens to a
     * quorum of the nodes at once, what the cluster has agreed is lost.
     *
     * @return changed options
     */
    public FileStorageOptions losingWritesOnPowerFailure() {
        return new FileStorageOptions(segmentBytes, blockBytes, preallocated, false, stranger, bootId);
    }

    /**
     * The store is a backup that was restored, or a copy: what it has promised since then is lost. It is given a new
     * identity each time it is opened with this option, so that its former votes never count again; it keeps what had
     * been decided (rule 7).
     *
     * @return changed options
     */
    public FileStorageOptions asStranger() {
        return new FileStorageOptions(segmentBytes, blockBytes, preallocated, forced, true, bootId);
    }

    /** For tests: where to learn whether the machine has been started anew. */
    FileStorageOptions bootId(Supplier<String> newBootId) {
        return new FileStorageOptions(segmentBytes, blockBytes, preallocated, forced, stranger, newBootId);
    }

    long segmentBytes() {
        return segmentBytes;
    }

    int blockBytes() {
        return blockBytes;
    }

    boolean preallocated() {
        return preallocated;
    }

    boolean forced() {
        return forced;
    }

    boolean stranger() {
        return stranger;
    }

    String bootId() {
        return bootId.get();
    }
}
