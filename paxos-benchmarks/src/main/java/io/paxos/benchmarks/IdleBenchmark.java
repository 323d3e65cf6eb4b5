// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.node.InMemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What groups cost that do nothing. */
@Command(
        name = "idle",
        description = "Three nodes with many groups that nobody uses: messages in a second, time of the processor, and"
                + " memory, each of them led, and each having executed one command.")
final class IdleBenchmark implements Callable<Integer> {

    private static final int NODES = LocalCluster.NAMES.size();
    private static final int MOST_UNDER_WAY = 500;
    private static final Duration SETTLING = Duration.ofSeconds(10);

    @Option(
            names = "--groups",
            split = ",",
            defaultValue = "1,1000,10000",
            description = "How many groups. Default: 1,1000,10000")
    private List<Integer> counts = List.of();

    @Option(names = "--seconds", defaultValue = "20", description = "How long to watch each. Default: 20")
    private int seconds;

    @Override
    public Integer call() throws InterruptedException {
        System.out.printf(
                "%10s %12s %14s %10s %16s %18s %12s%n",
                "groups", "messages/s", "processor %", "of it JVM", "heap MiB/node", "KiB/group, node", "opened in s");
        for (int groups : counts) {
            measure(groups);
        }
        return 0;
    }

    private void measure(int groups) {
        long before = Heap.live();
        long begun = System.nanoTime();
        try (LocalCluster cluster = new LocalCluster("idle", name -> new InMemoryStorage(), new LeastTime(0))) {
            int used = 0;
            for (int open = 1; open < groups; open++) {
                if (open - used == MOST_UNDER_WAY) {
                    cluster.use(used, open);
                    used = open;
                }
                cluster.open("idle-" + open);
            }
            cluster.use(used, groups);
            double opened = (System.nanoTime() - begun) / 1e9;
            pause(SETTLING);
            long live = Heap.live() - before;
            long received = cluster.received();
            Meter meter = Meter.now();
            long watched = System.nanoTime();
            pause(Duration.ofSeconds(seconds));
            double took = System.nanoTime() - watched;
            Meter spent = Meter.now().since(meter);
            System.out.printf(
                    "%,10d %,12.0f %14.2f %10.2f %16.1f %18.1f %12.1f%n",
                    groups,
                    (cluster.received() - received) * 1e9 / took,
                    100.0 * spent.cpuNanos() / took,
                    100.0 * (spent.cpuNanos() - spent.workNanos()) / took,
                    (double) live / NODES,
                    1024.0 * live / NODES / groups,
                    opened);
        }
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
