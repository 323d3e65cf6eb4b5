// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.testkit.fuzz.Corpus;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what the fuzz targets of this module are fed with at the beginning, and what was worth keeping. */
class FuzzCorpusTest {

    static Iterable<Map.Entry<String, byte[]>> messages() {
        return Corpus.of(NodeFuzz.class).entrySet();
    }

    static Iterable<Map.Entry<String, byte[]>> writes() {
        return Corpus.of(WriteFuzz.class).entrySet();
    }

    /** With {@code -Dgolden.rewrite=true} the inputs that have names are written anew, and those that were found stay. */
    @Test
    void whatIsPinnedAndSampledIsAmongTheInputs() throws IOException {
        Corpus.requireSeeds(NodeFuzz.class, Conversations.all());
        Map<String, byte[]> writes = new LinkedHashMap<>();
        Writes.byName().forEach((name, write) -> writes.put(name, WriteCodec.encode(write)));
        Corpus.requireSeeds(WriteFuzz.class, writes);
    }

    @ParameterizedTest
    @MethodSource
    void messages(Map.Entry<String, byte[]> input) throws Exception {
        NodeFuzz.fuzzerTestOneInput(input.getValue());
    }

    @ParameterizedTest
    @MethodSource
    void writes(Map.Entry<String, byte[]> input) throws Exception {
        WriteFuzz.fuzzerTestOneInput(input.getValue());
    }
}
