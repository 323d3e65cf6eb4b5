// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.Directories;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Of five processes one is dead and one can be reached only slowly, while large values are written: more bytes than the
 * others' heaps hold. A process that kept for those two what they have not got would end by itself, out of memory.
 */
class KvMemoryIT {

    private static final int HEAP_MEGABYTES = 128;
    private static final int VALUE_BYTES = 256 << 10;
    private static final long LEAST_BYTES = 2L * (HEAP_MEGABYTES << 20);
    private static final int WRITERS = 6;
    private static final int PATIENCE_SECONDS = 150;

    private final Path directory = Directories.empty(Path.of(System.getProperty("examples.logs"), "kv-memory"));
    private final KvCluster cluster;
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final AtomicLong written = new AtomicLong();

    KvMemoryIT() throws IOException {
        cluster = new KvCluster(
                directory,
                List.of("n1", "n2", "n3", "n4", "n5"),
                HEAP_MEGABYTES,
                id -> List.of("--data", directory.resolve("data").resolve(id).toString(), "--snapshot-every", "100"));
    }

    @AfterEach
    void killEverything() throws Exception {
        threads.shutdownNow();
        cluster.close();
        Directories.empty(directory.resolve("data"));
    }

    @Test
    void memoryIsBoundedThoughOneNodeIsDeadAndOneIsSlow() throws Exception {
        cluster.start();
        KvProcess leader = cluster.awaitLeader(cluster.nodes());
        List<KvProcess> others =
                cluster.nodes().stream().filter(node -> node != leader).toList();
        KvProcess dead = others.get(0);
        KvProcess slow = others.get(1);
        List<KvProcess> well = cluster.nodes().stream()
                .filter(node -> node != dead && node != slow)
                .toList();
        dead.kill();
        cluster.links().slow(slow.id());

        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            String key = "k" + i;
            KvProcess node = well.get(i % well.size());
            all.add(threads.submit(() -> {
                write(node, key);
                return true;
            }));
        }
        for (Future<?> each : all) {
            each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        assertThat(cluster.nodes().stream().filter(node -> !node.isAlive())).containsExactly(dead);
        cluster.links().heal(true);
        dead.start();
        cluster.awaitEqual();
        System.out.println(written.get() / (1 << 20) + " MB written through heaps of " + HEAP_MEGABYTES + " MB");
    }

    private void write(KvProcess node, String key) throws IOException, InterruptedException {
        String value = "x".repeat(VALUE_BYTES);
        while (written.get() < LEAST_BYTES) {
            HttpResponse<String> answer = node.call("PUT", "/kv/" + key, value);
            if (answer.statusCode() == 204) {
                written.addAndGet(VALUE_BYTES);
            } else {
                assertThat(answer.statusCode()).as(answer.body()).isIn(503, 504);
            }
        }
    }
}
