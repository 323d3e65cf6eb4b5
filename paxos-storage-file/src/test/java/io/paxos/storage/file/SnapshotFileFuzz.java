// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.GroupId;
import io.paxos.model.SnapshotInfo;
import io.paxos.spi.SnapshotReader;
import io.paxos.testkit.fuzz.Allowance;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Fuzzes the reader of snapshots: what it hands out is what the file vouches for, byte for byte. The first byte of the
 * input says whether checksums are put right.
 */
public final class SnapshotFileFuzz {

    static final GroupId GROUP = GroupId.of("log");
    static final long SLOT = 80;

    private static final Allowance ALLOWANCE = new Allowance(32 << 20, 4096);

    private SnapshotFileFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length > 0) {
            ALLOWANCE.hold(input.length, () -> run(input));
        }
    }

    private static void run(byte[] input) throws IOException {
        byte[] file = Arrays.copyOfRange(input, 1, input.length);
        if (input[0] != 0) {
            file = Checksums.ofSnapshot(file, FuzzedStore.ID);
        }
        StoreDirectory directory = new FuzzedStore(FuzzedStore.identity(0, 0, List.of()))
                .with(SnapshotFormat.name(GROUP, SLOT), file)
                .directory();
        SnapshotFiles files;
        try {
            files = SnapshotFiles.open(directory, FuzzedStore.ID, directory.names(), Map.of(GROUP, SLOT));
        } catch (IOException e) {
            FuzzedStore.requireWords(e);
            return;
        }
        SnapshotReader reader = files.read(GROUP);
        if (reader == null) {
            throw new AssertionError("neither a snapshot nor a refusal");
        }
        SnapshotInfo info = reader.info();
        CRC32C crc = new CRC32C();
        crc.update(Stores.read(reader, 1000));
        if (info.slot() != SLOT || crc.getValue() != info.checksum()) {
            throw new AssertionError("found sound, but read as something else: " + info);
        }
    }
}
