// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.testkit.fuzz.Allowance;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Fuzzes the reader of files of decided decrees. The first byte of the input says whether checksums are put right. */
public final class DecreeFileFuzz {

    private static final Allowance ALLOWANCE = new Allowance(32 << 20, 4096);

    private DecreeFileFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length > 0) {
            ALLOWANCE.hold(input.length, () -> run(input));
        }
    }

    private static void run(byte[] input) throws IOException {
        byte[] file = Arrays.copyOfRange(input, 1, input.length);
        if (input[0] != 0) {
            file = Checksums.ofDecrees(file, FuzzedStore.ID);
        }
        new FuzzedStore(FuzzedStore.identity(0, 0, List.of(1L)))
                .with(DecreeFile.name(1), file)
                .use();
    }
}
