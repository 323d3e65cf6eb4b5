// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.replica.AppliedState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what the fuzz target of this module is fed with at the beginning, and what was worth keeping. */
class FuzzCorpusTest {

    static Iterable<Map.Entry<String, byte[]>> snapshots() {
        return Corpus.of(SessionsFuzz.class).entrySet();
    }

    /** With {@code -Dgolden.rewrite=true} the inputs that have names are written anew, and those that were found stay. */
    @Test
    void snapshotsWithAndWithoutSessionsAreAmongTheInputs() throws IOException {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        AppliedState state = SessionsFuzz.state();
        state.apply(1, List.of(Value.NO_OP));
        seeds.put("no-session", SessionsFuzz.written(state));
        long start = SessionsFuzz.SELF.start();
        state.apply(2, List.of(new Value.OpenSession(SessionsFuzz.SELF.node(), start, new LogTime(7))));
        seeds.put("a-session", SessionsFuzz.written(state));
        state.apply(
                3,
                List.of(
                        new Value.OpenSession(NodeId.of("n2"), 9, new LogTime(8)),
                        command(2, 1, "one"),
                        command(2, 3, "three"),
                        command(3, 1, "größer")));
        seeds.put("sessions", SessionsFuzz.written(state));
        // What once ended in something else than an IOException, or in results of slots that never were.
        byte[] sessions = seeds.get("a-session");
        seeds.put("opener-without-a-name", changed(sessions, "\0\2n1", "\0\0\0\0"));
        seeds.put("result-of-no-length", changed(seeds.get("sessions"), "\0\0\0\3one", "\377\377\377\377one"));
        seeds.put("session-of-a-negative-slot", changed(sessions, "\1\0\0\0\0\0\0\0\2", "\1\377\0\0\0\0\0\0\2"));
        // A floor so low that the way up to another one would have been counted step by step.
        seeds.put("floor-far-below-zero", changed(sessions, "\0\0\0\0\0\0\0\1\0\0\0\0", "\200\0\0\0\0\0\0\1\0\0\0\0"));
        // A number so far from the floor that the places in between would take more memory than the bytes are worth.
        seeds.put(
                "result-far-from-its-floor",
                changed(seeds.get("sessions"), "\0\0\0\3\0\0\0\0\0\0\0\5", "\0\0\377\377\0\0\0\0\0\0\0\5"));
        Corpus.requireSeeds(SessionsFuzz.class, seeds);
    }

    /** With other bytes in the place of some, each written as a character. */
    private static byte[] changed(byte[] input, String bytes, String others) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        assertThat(text).containsOnlyOnce(bytes);
        return text.replace(bytes, others).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Value command(long session, long sequence, String text) {
        return new Value.Command(new CommandId(session, sequence), 1, new LogTime(9), Payload.utf8(text));
    }

    @ParameterizedTest
    @MethodSource
    void snapshots(Map.Entry<String, byte[]> input) throws Exception {
        SessionsFuzz.fuzzerTestOneInput(input.getValue());
    }
}
