// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.testkit.fuzz.Corpus;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what the fuzz targets of this module are fed with at the beginning, and what was worth keeping. */
class FuzzCorpusTest {

    static Iterable<Map.Entry<String, byte[]>> journals() {
        return Corpus.of(JournalFuzz.class).entrySet();
    }

    static Iterable<Map.Entry<String, byte[]>> identities() {
        return Corpus.of(IdentityFuzz.class).entrySet();
    }

    static Iterable<Map.Entry<String, byte[]>> decrees() {
        return Corpus.of(DecreeFileFuzz.class).entrySet();
    }

    static Iterable<Map.Entry<String, byte[]>> snapshots() {
        return Corpus.of(SnapshotFileFuzz.class).entrySet();
    }

    /** With {@code -Dgolden.rewrite=true} the inputs that have names are written anew, and those that were found stay. */
    @Test
    void soundFilesAreAmongTheInputs() throws IOException {
        Corpus.requireSeeds(JournalFuzz.class, FuzzSeeds.journals());
        Corpus.requireSeeds(IdentityFuzz.class, FuzzSeeds.identities());
        Corpus.requireSeeds(DecreeFileFuzz.class, FuzzSeeds.decrees());
        Corpus.requireSeeds(SnapshotFileFuzz.class, FuzzSeeds.snapshots());
    }

    @ParameterizedTest
    @MethodSource
    void journals(Map.Entry<String, byte[]> input) throws Exception {
        JournalFuzz.fuzzerTestOneInput(input.getValue());
    }

    @ParameterizedTest
    @MethodSource
    void identities(Map.Entry<String, byte[]> input) throws Exception {
        IdentityFuzz.fuzzerTestOneInput(input.getValue());
    }

    @ParameterizedTest
    @MethodSource
    void decrees(Map.Entry<String, byte[]> input) throws Exception {
        DecreeFileFuzz.fuzzerTestOneInput(input.getValue());
    }

    @ParameterizedTest
    @MethodSource
    void snapshots(Map.Entry<String, byte[]> input) throws Exception {
        SnapshotFileFuzz.fuzzerTestOneInput(input.getValue());
    }
}
