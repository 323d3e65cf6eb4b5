// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LibraryTest {

    private static final int COMMANDS = 100;

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void eachLibraryElectsALeaderAndAnswersAllCommands(Library library) throws Exception {
        try (Cluster cluster = library.start(safest(library), directory)) {
            List<CompletableFuture<?>> answers = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                answers.add(cluster.submit(new byte[16]));
            }
            for (CompletableFuture<?> answer : answers) {
                answer.get(30, TimeUnit.SECONDS);
            }
            assertThat(answers).hasSize(COMMANDS).allMatch(answer -> !answer.isCompletedExceptionally());
        }
    }

    @Test
    void aStorageThatALibraryDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> Library.MICRORAFT.start(Keeping.FORCED, directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MicroRaft")
                .hasMessageContaining("FORCED")
                .hasMessageContaining("MEMORY");
    }

    private static Keeping safest(Library library) {
        return library.offers(Keeping.FORCED) ? Keeping.FORCED : Keeping.MEMORY;
    }
}
