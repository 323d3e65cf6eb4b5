// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import io.paxos.node.InMemoryStorage;
import io.paxos.node.ReplicatedLog;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whether a leader that nothing is wrong with keeps its office while the nodes have more to do than they can. */
@Command(
        name = "steady",
        description = {
            "Three nodes in this process, default timeouts, as many commands as they can do, for a long time: whether anybody"
                    + " takes the leader for dead. Prints a line for each minute.",
            "The exit code is 1 if the leader or its ballot changed."
        })
final class SteadyBenchmark implements Callable<Integer> {

    private static final int COMMAND_BYTES = 16;

    @Option(names = "--minutes", defaultValue = "60", description = "How long. Default: 60")
    private int minutes;

    @Option(
            names = "--outstanding",
            defaultValue = "1024",
            description = "How many commands wait for an answer at any time. Default: 1024")
    private int outstanding;

    @Override
    public Integer call() throws InterruptedException {
        int elections = 0;
        try (LocalCluster cluster = LocalCluster.ofLog("steady", 3, name -> new InMemoryStorage(), new LeastTime(0))) {
            ReplicatedLog<Payload, Payload, CountingMachine> log = cluster.log(cluster.leader());
            Payload command = Payload.wrap(new byte[COMMAND_BYTES]);
            Ballot office = ballot(log);
            System.out.printf("%s leads%n", office);
            for (int minute = 1; minute <= minutes; minute++) {
                Load.Result result = Load.run(() -> log.submit(command), outstanding, Duration.ofMinutes(1));
                Ballot now = ballot(log);
                boolean isKept = now.equals(office);
                elections += isKept ? 0 : 1;
                System.out.printf(
                        "%s  minute %d: %,.0f commands/s, longest answer %,.0f ms, heap %,d MiB: %s%n",
                        LocalTime.now().truncatedTo(ChronoUnit.SECONDS),
                        minute,
                        result.commandsPerSecond(),
                        result.micros(1) / 1e3,
                        result.peakMib(),
                        isKept ? "the same leader" : "ELECTION, now " + now);
                office = now;
            }
        }
        System.out.printf("%d minutes, %d of them with an election%n", minutes, elections);
        return elections == 0 ? 0 : 1;
    }

    private static Ballot ballot(ReplicatedLog<Payload, Payload, CountingMachine> log) {
        return Objects.requireNonNull(log.status(), "the log is open").ballot();
    }
}
