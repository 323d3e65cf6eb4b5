// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs.seats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The programs of {@code docs/getting-started.md} print what it says. */
class GettingStartedTest {

    @Test
    void threeNodesNameOneOwner() {
        String printed = run(() -> Agree.main(new String[0]));

        assertThat(printed)
                .contains(
                        "n1 proposed itself, and the owner is n1",
                        "n2 proposed itself, and the owner is n1",
                        "n3 proposed itself, and the owner is n1");
    }

    @Test
    void theFirstWhoAsksGetsTheSeat() {
        String printed = run(() -> Theatre.main(new String[0]));

        assertThat(printed).containsSubsequence("seat 7: ada", "seat 7: ada", "taken: 1");
    }

    private static String run(Runnable program) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
