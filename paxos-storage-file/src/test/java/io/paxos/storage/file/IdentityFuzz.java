// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.testkit.fuzz.Allowance;
import io.paxos.testkit.fuzz.Corpus;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Fuzzes the reader of the file that says what a store consists of; a sound segment and a sound file of decrees lie beside
 * it. The first byte of the input says whether checksums are put right.
 */
public final class IdentityFuzz {

    private static final Allowance ALLOWANCE = new Allowance(32 << 20, 4096);
    private static final byte[] SEGMENT = file(Corpus.of(JournalFuzz.class).get("closed"));
    private static final byte[] DECREES = file(Corpus.of(DecreeFileFuzz.class).get("three"));

    private IdentityFuzz() {}

    private static byte[] file(byte[] input) {
        return Arrays.copyOfRange(input, 1, input.length);
    }

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length > 0) {
            ALLOWANCE.hold(input.length, () -> run(input));
        }
    }

    private static void run(byte[] input) throws IOException {
        byte[] identity = file(input);
        if (input[0] != 0) {
            identity = Checksums.ofIdentity(identity, FuzzedStore.ID);
        }
        new FuzzedStore(FuzzedStore.identity(1, 0, List.of()))
                .with(SegmentFile.name(1), SEGMENT)
                .with(DecreeFile.name(1), DECREES)
                .with(Identity.NAME, identity)
                .use();
    }
}
