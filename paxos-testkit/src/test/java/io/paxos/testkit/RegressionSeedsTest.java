// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Seeds that once failed, each with what it found. Whenever the simulator learns something new a seed becomes another run,
 * so what was found is held by a test of its own as well, where the defect was in the library.
 */
class RegressionSeedsTest {

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource({
        "217721, 4000, a node that reaches the leader only over two peers has no way for its commands",
        "212463, 4000, an observer remembers a vector that all its voters have lost and replaced",
        "210360, 4000, a call to a group that a node has not opened yet",
        "951423902, 10000, the same over two peers, under other faults",
        "5285, 10000, a node that goes from snapshot to snapshot never sees that its read was decided",
        "670911627, 10000, the same where the links to its leader stay cut",
        "5004743, 10000, a full window takes too long to be sent again where messages are small",
        "670911627, 10000, a read that goes from snapshot to snapshot never sees its own barrier",
        "1003688, 10000, a promise that came in the batch of the quorum's last one but behind it was held to count",
        "1013653, 10000, an observer starts again with a vector that all its voters have lost",
        "1028767, 10000, an old message drives a session out after everyone has renewed his",
        "1035116, 10000, the only member that formed loses its store, and a new store had believed it",
        "4065209, 10000, a promise of a start whose successor the candidate had heard of was held to count",
        "3462652904, 10000, the same while the news of that start was not durable yet",
        "3462658371, 10000, snapshots that were waiting while a disk was slow stayed slow in the calm",
        "3915421281, 10000, a node that had been removed asked only the one voter it knew of, which was gone",
        "1161723873, 10000, in the calm only an observer is up that knows of the formation",
        "1495260624, 10000, a node catches up from one that had to catch up itself, sixteen bytes at a time",
        "670920961, 10000, candidates whose promises take many parts depose each other for ever",
        "24, 10000, who is elected by new voters alone has a lower token than was announced before",
        "15, 10000, a quorum is left alone while a change is asked for, whose voters it is not",
        "330, 10000, the same where the change takes the vote from most of that quorum",
        "648, 10000, the same where it adds a voter",
        "946, 10000, the same where it adds a voter that is cut off",
        "58741131051, 10000, a sole voter reads before it has given itself its word, and asks nobody",
        "62002380, 10000, a later snapshot than the one to be installed is restored",
        "125344955, 10000, whoever missed a change knows only a voter of before it, and that one stays down",
        "5000372, 10000, who knows only a voter that has lost its store is told nothing by a leader whose log rests",
        "5004190, 10000, while changes are open nobody waits for an observer of a vector that was replaced",
        "2492469, 10000, each transfer that is given up leaves parts that wait for a slow disk",
        "2460185203, 10000, a large snapshot is fetched by thirty bytes in a tick, from a node that fetches it itself",
        "1116874478, 10000, the same while it grows and is replaced again and again",
        "77005197, 10000, a leader that has just come to another configuration need not have heard a quorum of it",
        "128, 10000, a change keeps a voter by the store that its node has lost meanwhile",
        "90000015, 10000, what a member of a later epoch took over was counted as its vote for a decree",
        "90000078, 10000, the same for a register",
        "90000239, 10000, the same under partitions",
        "90000308, 10000, the same of a decree that several propose",
        "3426765894, 10000, that the cluster formed becomes durable when the store that said so is lost",
    })
    void onceFailed(long seed, int events, String found) {
        assertThat(Simulation.builder(seed).events(events).run().events())
                .as(found)
                .isPositive();
    }
}
