// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchTest {

    private static final List<String> DIFF =
            List.of("Bug: of the header", "", "--- a/F", "+++ b/F", "@@ -2,2 +2,2 @@", " b", "-c", "+d");

    @TempDir
    Path directory;

    @Test
    void changesACopyAndNotTheFile() throws IOException {
        Files.write(directory.resolve("F"), List.of("a", "b", "c", "e"));
        List<Path> changed = Patch.parse(DIFF).apply(directory, directory.resolve("copy"));
        assertThat(changed).singleElement().satisfies(copy -> assertThat(copy).hasContent("a\nb\nd\ne"));
        assertThat(directory.resolve("F")).hasContent("a\nb\nc\ne");
    }

    @Test
    void codeThatHasChangedIsNotPatched() throws IOException {
        Files.write(directory.resolve("F"), List.of("a", "b", " c", "e"));
        assertThatThrownBy(() -> Patch.parse(DIFF).apply(directory, directory.resolve("copy")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0 times in F");
    }

    @Test
    void aPlaceThatIsNotTheOnlyOneIsNotPatched() throws IOException {
        Files.write(directory.resolve("F"), List.of("b", "c", "b", "c"));
        assertThatThrownBy(() -> Patch.parse(DIFF).apply(directory, directory.resolve("copy")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2 times in F");
    }

    @Test
    void aPatchThatIsCutOffOrIsNoneIsRefused() {
        assertThatThrownBy(() -> Patch.parse(DIFF.subList(0, 7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 and 1 lines");
        assertThatThrownBy(() -> Patch.parse(DIFF.subList(0, 4))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFinderThatIsNoneIsRefused() {
        assertThat(Finder.parse("seeds 0 to 9, 40 events")).isEqualTo(new Finder.Seeds(0, 9, 40));
        assertThat(Finder.parse("test a.B#c")).isEqualTo(new Finder.Named("a.B", "c"));
        assertThatThrownBy(() -> Finder.parse("somebody")).hasMessageContaining("'somebody' names no finder");
    }
}
