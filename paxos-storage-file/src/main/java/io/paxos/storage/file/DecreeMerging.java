// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes one file of decided decrees out of several, chunk after chunk as they are. */
final class DecreeMerging implements Chore {

    private final StoreDirectory directory;
    private final StoreId store;
    private final List<Long> sources;
    private final DecreeFileWriter writer;
    private DecreeFileReader source;
    private int sourceIndex;

    /**
     * Begins.
     *
     * @param sources the numbers of the files to merge, at least one
     * @param target the number of the file to write
     */
    DecreeMerging(StoreDirectory directory, StoreId store, List<Long> sources, long target) throws IOException {
        this.directory = directory;
        this.store = store;
        this.sources = List.copyOf(sources);
        this.source = DecreeFileReader.open(directory, store, sources.get(0));
        try {
            this.writer = new DecreeFileWriter(directory, store, target);
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** The files that one has replaced. */
    List<Long> sources() {
        return sources;
    }

    /** The numbers of the files afterwards. */
    List<Long> result(List<Long> before) {
        List<Long> after = new ArrayList<>(before);
        after.removeAll(sources);
        after.add(writer.number());
        return after;
    }

    @Override
    public boolean advance(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            DecreeFileReader.Chunk chunk = source.next();
            if (chunk != null) {
                left -= chunk.whole().remaining();
                writer.addChunk(chunk.whole(), chunk.records());
            } else if (sourceIndex + 1 < sources.size()) {
                sourceIndex++;
                source.close();
                source = DecreeFileReader.open(directory, store, sources.get(sourceIndex));
            } else {
                writer.finish();
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        try (DecreeFileReader last = source) {
            writer.close();
        }
    }
}
