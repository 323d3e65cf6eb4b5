// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter out = new StringWriter();

    @Test
    void onATerminalOneLineChanges() {
        Progress progress = new Progress(new PrintWriter(out), true, 10);

        progress.show(1, "n1 leads");
        progress.show(2, "n1 leads");
        progress.clear();

        assertThat(out.toString()).contains("\r").endsWith("\r").doesNotContain("\n");
    }

    @Test
    void elsewhereThereAreOnlyWholeLinesAndFewOfThem() {
        Progress progress = new Progress(new PrintWriter(out), false, 10);

        for (int i = 0; i < 1000; i++) {
            progress.show(i, "n1 leads");
        }
        progress.tell("n1 is killed");

        assertThat(out.toString()).doesNotContain("\r");
        assertThat(out.toString().lines().count()).isLessThan(100);
        assertThat(out.toString()).endsWith("n1 is killed" + System.lineSeparator());
    }
}
