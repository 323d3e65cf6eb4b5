// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the module says of itself; the compiler holds the code to it. */
class ModuleTest {

    private final ModuleDescriptor module = ModuleFinder.of(Path.of("target", "classes"))
            .find("io.paxos.core")
            .orElseThrow()
            .descriptor();

    @Test
    void itNeedsTheBaseOfJavaItsFlightRecorderAndTheLoggingInterfaceAndNothingElse() {
        assertThat(module.requires().stream()
                        .filter(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
                        .map(Requires::name))
                .containsExactlyInAnyOrder("java.base", "jdk.jfr", "org.slf4j");
    }

    @Test
    void itLooksUpNoServicesAndOpensNothingToReflection() {
        assertThat(module.uses()).isEmpty();
        assertThat(module.provides()).isEmpty();
        assertThat(module.opens()).isEmpty();
        assertThat(module.isOpen()).isFalse();
    }
}
