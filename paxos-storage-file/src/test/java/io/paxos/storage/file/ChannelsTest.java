// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelsTest {

    private final List<String> closed = new ArrayList<>();

    private Closeable failing(String name) {
        return () -> {
            closed.add(name);
            throw new IOException(name);
        };
    }

    @Test
    void oneThatFailsToCloseLeavesNoneOpen() {
        List<Closeable> all = List.of(() -> closed.add("a"), failing("b"), failing("c"), () -> closed.add("d"));

        IOException failed = catchThrowableOfType(IOException.class, () -> Channels.closeAll(all));

        assertThat(closed).containsExactly("a", "b", "c", "d");
        assertThat(failed).hasMessage("b");
        assertThat(failed.getSuppressed()).extracting(Throwable::getMessage).containsExactly("c");
    }
}
