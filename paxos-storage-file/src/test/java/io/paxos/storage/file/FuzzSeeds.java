// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotWriter;
import io.paxos.spi.Write;
import io.paxos.testkit.disk.CrashFileSystem;
import io.paxos.wire.WriteCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Sound files of each kind, the same in every run, for the fuzzing of their readers to begin with. */
final class FuzzSeeds {

    private static final byte MEND = 1;
    private static final int BLOCK_BYTES_AT = 12;
    private static final int BODY_BYTES_AT = 32;

    /** First and last segment, what is vouched for, no decrees, a checksum; and the byte in front of the file. */
    private static final int FIRST_SEGMENT_BEFORE_END = 3 * Long.BYTES + 2 * Integer.BYTES + 1;

    private final StoreDirectory directory =
            new StoreDirectory(CrashFileSystem.empty().getPath("/store"));

    private FuzzSeeds() throws IOException {
        directory.create();
    }

    static Map<String, byte[]> journals() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("closed", journal(6, true));
        seeds.put("without-start", withoutStart());
        seeds.put("blocks-of-no-bytes", changed(journal(1, true), BLOCK_BYTES_AT, 0));
        seeds.put("blocks-of-less-than-a-header", changed(journal(1, true), BLOCK_BYTES_AT, 63));
        // What would follow such a header lies beyond the end of the file.
        byte[] closed = journal(1, true);
        seeds.put("closed-with-a-body", changed(closed, lastBlockInUse(closed) + BODY_BYTES_AT, 2048));
        seeds.put("killed", journal(6, false));
        for (int seed = 1; seed < 6; seed++) {
            seeds.put("random-" + seed, journal(seed, seed % 2 == 0));
        }
        return seeds;
    }

    /** Sound, but nobody ever opened it: a start refuses it, and so must whoever looks at it. */
    private static byte[] withoutStart() throws IOException {
        FuzzSeeds seeds = new FuzzSeeds();
        FileHeader header = Journal.header(FuzzedStore.OPTIONS, FuzzedStore.ID, 1, 1, 0);
        try (SegmentFile segment = new NextSegment(seeds.directory, 1, header.size()).finish(header)) {
            segment.publish(seeds.directory);
        }
        return seeds.input(SegmentFile.name(1));
    }

    private static byte[] journal(int seed, boolean closed) throws IOException {
        FuzzSeeds seeds = new FuzzSeeds();
        RandomWrites writes = new RandomWrites(seed, 2, 30);
        FileHeader header = Journal.header(FuzzedStore.OPTIONS, FuzzedStore.ID, 1, 1, 3000);
        SegmentFile segment = new NextSegment(seeds.directory, 1, header.size()).finish(header);
        Identity identity = FuzzedStore.identity(0, 0, List.of());
        try (Journal journal =
                new Journal(seeds.directory, FuzzedStore.OPTIONS, identity, segment, 0x0e0e0e0e0e0eL, 0, 0)) {
            Batch batch = new Batch();
            batch.add(new StoreRecord.Started(1, true, false, 0, FuzzedStore.OPTIONS.bootId()));
            journal.append(batch, BatchHeader.Kind.START);
            journal.publish();
            for (int i = 0; i < 4; i++) {
                batch.clear();
                writes.batch().forEach(write -> batch.add(StoreRecord.Written.of(write)));
                journal.append(batch, BatchHeader.Kind.BATCH);
                journal.force();
            }
            if (closed) {
                journal.end();
            } else {
                journal.vouch();
            }
        }
        return seeds.input(SegmentFile.name(1));
    }

    static Map<String, byte[]> decrees() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (Map.Entry<String, Integer> size : List.of(Map.entry("none", 0), Map.entry("three", 3))) {
            FuzzSeeds file = new FuzzSeeds();
            try (DecreeFileWriter writer = new DecreeFileWriter(file.directory, FuzzedStore.ID, 1)) {
                for (int i = 0; i < size.getValue(); i++) {
                    writer.add(ByteBuffer.wrap(WriteCodec.encode(
                            new Write.DecreeDecidedWrite(new DecreeName("d" + i), Payload.utf8("n" + i)))));
                }
                writer.finish();
            }
            seeds.put(size.getKey(), file.input(DecreeFile.name(1)));
        }
        return seeds;
    }

    static Map<String, byte[]> identities() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        seeds.put("new", identity(FuzzedStore.identity(0, 0, List.of())));
        seeds.put("one-segment", identity(FuzzedStore.identity(1, 4, List.of())));
        seeds.put("with-decrees", identity(FuzzedStore.identity(1, 0, List.of(1L))));
        // Of a store that was never opened; to look through all segments from there on would take for ever.
        byte[] created = identity(FuzzedStore.identity(0, 0, List.of()));
        seeds.put("segments-from-far-below", changed(created, created.length - FIRST_SEGMENT_BEFORE_END, 1 << 31));
        // Zero stands for whichever store; none has it for its own.
        seeds.put("without-incarnation", changed(changed(created, FileHeader.BYTES, 0), FileHeader.BYTES + 4, 0));
        seeds.put("missing", identity(FuzzedStore.identity(2, 0, List.of(3L))));
        return seeds;
    }

    private static byte[] identity(Identity identity) throws IOException {
        FuzzSeeds seeds = new FuzzSeeds();
        identity.writeTo(seeds.directory);
        return seeds.input(Identity.NAME);
    }

    static Map<String, byte[]> snapshots() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        for (int bytes : new int[] {1, 300}) {
            FuzzSeeds file = new FuzzSeeds();
            SnapshotFiles files = SnapshotFiles.open(file.directory, FuzzedStore.ID, List.of(), Map.of());
            byte[] content = Stores.content(SnapshotFileFuzz.SLOT, bytes);
            CRC32C crc = new CRC32C();
            crc.update(content);
            try (SnapshotWriter writer = files.write(SnapshotFileFuzz.GROUP, SnapshotFileFuzz.SLOT)) {
                writer.write(ByteBuffer.wrap(content));
                writer.commit(new SnapshotInfo(SnapshotFileFuzz.SLOT, bytes, crc.getValue()));
            }
            seeds.put("bytes-" + bytes, file.input(SnapshotFormat.name(SnapshotFileFuzz.GROUP, SnapshotFileFuzz.SLOT)));
        }
        return seeds;
    }

    private static int lastBlockInUse(byte[] input) {
        int block = FuzzedStore.OPTIONS.blockBytes();
        int at = input.length - 1 - block;
        while (ByteBuffer.wrap(input).getInt(1 + at) == 0) {
            at -= block;
        }
        return at;
    }

    /** With another number in the place of four bytes; the checksums are put right later. */
    private static byte[] changed(byte[] input, int at, int number) {
        byte[] changed = input.clone();
        ByteBuffer.wrap(changed).putInt(1 + at, number);
        return changed;
    }

    private byte[] input(String name) throws IOException {
        byte[] content = Files.readAllBytes(directory.file(name));
        return ByteBuffer.allocate(1 + content.length).put(MEND).put(content).array();
    }
}
