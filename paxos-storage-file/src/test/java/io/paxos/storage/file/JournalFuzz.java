// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.testkit.fuzz.Allowance;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzzes the reader of the journal, at a start and in the inspector: the input is the only segment of a store. Its first
 * byte says whether checksums are put right.
 */
public final class JournalFuzz {

    /** A page of slots for each record far from the others; and the store in memory keeps several versions of itself. */
    private static final Allowance ALLOWANCE = new Allowance(32 << 20, 4096);

    private JournalFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length > 0) {
            ALLOWANCE.hold(input.length, () -> run(input));
        }
    }

    private static void run(byte[] input) throws IOException {
        byte[] file = Arrays.copyOfRange(input, 1, input.length);
        if (input[0] != 0) {
            file = Checksums.ofSegment(file, FuzzedStore.ID);
        }
        new FuzzedStore(FuzzedStore.identity(1, 0, List.of()))
                .with(SegmentFile.name(1), file)
                .use();
    }
}
