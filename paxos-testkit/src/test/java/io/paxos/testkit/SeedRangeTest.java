// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedRangeTest {

    private static final String HASH = "00c0ffee00000000000000000000000000000000";

    @TempDir
    private Path folder;

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void aDetachedHeadIsTheCommit() throws IOException {
        file(".git/HEAD", HASH + "\n");
        assertThat(SeedRange.head(folder)).isEqualTo(HASH);
    }

    @Test
    void aBranchIsLookedUpLooseOrPackedFromAnyFolderBelow() throws IOException {
        file(".git/HEAD", "ref: refs/heads/main\n");
        file(".git/packed-refs", "# pack-refs\n" + HASH + " refs/heads/main\n");
        Path below = Files.createDirectories(folder.resolve("a/b"));
        assertThat(SeedRange.head(below)).isEqualTo(HASH);
        String newer = HASH.replace('0', '1');
        file(".git/refs/heads/main", newer + "\n");
        assertThat(SeedRange.head(below)).isEqualTo(newer);
    }

    @Test
    void aFurtherWorkingTreePointsAtItsRepository() throws IOException {
        file("repository/.git/refs/heads/side", HASH + "\n");
        file("repository/.git/worktrees/tree/HEAD", "ref: refs/heads/side\n");
        file("repository/.git/worktrees/tree/commondir", "../..\n");
        file("tree/.git", "gitdir: ../repository/.git/worktrees/tree\n");
        assertThat(SeedRange.head(folder.resolve("tree"))).isEqualTo(HASH);
    }
}
