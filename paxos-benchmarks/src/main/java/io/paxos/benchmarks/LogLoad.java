// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks;

import io.paxos.model.Payload;
import io.paxos.node.ReplicatedLog;
import java.time.Duration;

/** One size of commands and one number of them outstanding: the floor, and the nodes in memory. */
final class LogLoad {

    private final int bytes;
    private final int outstanding;
    private final WireFloor floor;
    private final LocalCluster memory;
    private final Duration time;
    private final LoadRounds bare = new LoadRounds();
    private final LoadRounds nodes = new LoadRounds();

    LogLoad(int bytes, int outstanding, WireFloor floor, LocalCluster memory, Duration time) {
        this.bytes = bytes;
        this.outstanding = outstanding;
        this.floor = floor;
        this.memory = memory;
        this.time = time;
    }

    void run(boolean counts) throws InterruptedException {
        Load.Result one = Load.run(floor::submit, outstanding, time);
        ReplicatedLog<Payload, Payload, CountingMachine> log = memory.log(memory.leader());
        Payload command = Payload.wrap(new byte[bytes]);
        Load.Result other = Load.run(() -> log.submit(command), outstanding, time);
        if (counts) {
            bare.add(one);
            nodes.add(other);
        }
    }

    void print() {
        System.out.printf("%n%d bytes, %d outstanding%n", bytes, outstanding);
        bare.print("wire floor");
        nodes.print("three nodes");
        System.out.printf(
                "  RATIOS to the floor: rate %s, p50 %s, CPU %s, allocated %s%n",
                Rounds.text(nodes.rate().median() / bare.rate().median(), 2),
                Rounds.text(nodes.medianMicros().median() / bare.medianMicros().median(), 2),
                Rounds.text(nodes.cpu().median() / bare.cpu().median(), 2),
                Rounds.text(nodes.allocated().median() / bare.allocated().median(), 2));
    }
}
