// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.museum;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** In every build one bug is planted in the product's own code, and the build fails if the simulator does not find it. */
class CanaryTest {

    @Test
    void theSimulatorFindsAPlantedBug() throws IOException, InterruptedException {
        Exhibit canary = Exhibit.read(Museum.PATCHES.resolve("canary.patch"));
        assertThat(canary.finder()).isInstanceOf(Finder.Seeds.class);
        assertThat(new Museum(Path.of("target", "canary")).show(canary)).startsWith("seed ");
    }
}
