// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static io.paxos.log.LogAcceptorTest.ballot;
import static io.paxos.log.Votes.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Endpoint;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhaseTwoTest {

    private static final List<NodeId> NODES =
            List.of("a", "b", "c", "d", "e").stream().map(NodeId::of).toList();

    /** Counts in the plainest way: a set of voters for each slot. */
    private static long naiveChosenUpTo(QuorumSystem quorums, long decided, long next, Map<Long, Set<NodeId>> votes) {
        long upTo = decided;
        while (upTo + 1 < next && quorums.isPhase2Quorum(votes.getOrDefault(upTo + 1, Set.of()))) {
            upTo++;
        }
        return upTo;
    }

    @Test
    void choosesExactlyWhatAPlainCountOfVotersChooses() {
        Random random = new Random(4711);
        for (int round = 0; round < 400; round++) {
            int n = 1 + random.nextInt(5);
            Set<NodeId> members = Set.copyOf(NODES.subList(0, n));
            int phase1 = 1 + random.nextInt(n);
            QuorumSystem quorums = random.nextBoolean()
                    ? new MajorityQuorums(members)
                    : new FlexibleQuorums(members, phase1, n + 1 - phase1);
            long decided = random.nextInt(3);
            PhaseTwo phase = new PhaseTwo(List.of(Votes.regime(quorums)), ballot(1), decided);
            Map<Long, Set<NodeId>> votes = new HashMap<>();
            for (int step = 0; step < 300; step++) {
                if (random.nextInt(3) == 0) {
                    phase.propose(Value.NO_OP, 0);
                } else {
                    // Any of the five, so that strangers vote too; any range, so that slots never proposed are named.
                    NodeId voter = NODES.get(random.nextInt(NODES.size()));
                    long first = random.nextInt(120);
                    SlotRange slots = new SlotRange(first, first + random.nextInt(6));
                    for (long slot = slots.first(); slot < slots.end(); slot++) {
                        if (slot < phase.nextSlot()) {
                            votes.computeIfAbsent(slot, s -> new HashSet<>()).add(voter);
                        }
                    }
                    phase.onAccepted(endpoint(voter.name()), slots);
                }
                assertThat(phase.chosenUpTo()).isEqualTo(naiveChosenUpTo(quorums, decided, phase.nextSlot(), votes));
                if (random.nextInt(5) == 0) {
                    phase.forget(phase.chosenUpTo());
                }
            }
        }
    }

    @Test
    void sendsAgainOnlyWhatAnAcceptorHasNotAcknowledged() {
        PhaseTwo phase = new PhaseTwo(List.of(Votes.regime(new MajorityQuorums(Set.copyOf(NODES)))), ballot(1), 10);
        for (int i = 0; i < 6; i++) {
            phase.propose(Value.NO_OP, 0);
        }
        phase.propose(Value.NO_OP, 50);
        phase.onAccepted(endpoint(NODES.get(0).name()), new SlotRange(13, 15));
        List<SlotRange> runs = new ArrayList<>();
        for (PhaseTwo.Run run : phase.missing(endpoint(NODES.get(0).name()), 20, Long.MAX_VALUE)) {
            runs.add(new SlotRange(run.first(), run.first() + run.values().size()));
        }
        assertThat(runs).containsExactly(new SlotRange(11, 13), new SlotRange(15, 17));
        phase.resent(20, 30);
        assertThat(phase.missing(endpoint(NODES.get(0).name()), 20, Long.MAX_VALUE))
                .isEmpty();
        assertThat(phase.missing(endpoint(NODES.get(0).name()), 31, 1)).hasSize(1);
    }

    @Test
    void forgettingFreesTheWindowInCountAndBytes() {
        PhaseTwo phase = new PhaseTwo(List.of(Votes.regime(new MajorityQuorums(Set.copyOf(NODES)))), ballot(1), 0);
        for (int i = 0; i < 1000; i++) {
            phase.propose(Value.NO_OP, 0);
        }
        assertThat(phase.inFlight()).isEqualTo(1000);
        assertThat(phase.bytesInFlight()).isEqualTo(1000L * Value.NO_OP.weight());
        assertThat(phase.forget(999)).hasSize(999);
        assertThat(phase.inFlight()).isEqualTo(1);
        assertThat(phase.bytesInFlight()).isEqualTo(Value.NO_OP.weight());
        assertThat(phase.proposed(1000)).isEqualTo(Value.NO_OP);
        assertThat(phase.proposed(999)).isNull();
    }

    @Test
    void eachProposalTakesTheNextSlotAndAnswersForItsBallot() {
        PhaseTwo phase = new PhaseTwo(List.of(Votes.regime(new MajorityQuorums(Set.copyOf(NODES)))), ballot(7), 10);
        assertThat(phase.ballot()).isEqualTo(ballot(7));
        assertThat(phase.propose(Value.NO_OP, 0)).isEqualTo(11);
        assertThat(phase.propose(Value.NO_OP, 0)).isEqualTo(12);
        assertThat(phase.nextSlot()).isEqualTo(13);
        assertThat(phase.proposed(10)).isNull();
        assertThat(phase.proposed(11)).isNotNull();
        assertThat(phase.proposed(12)).isNotNull();
        assertThat(phase.proposed(13)).isNull();
    }

    @Test
    void anAcceptanceSaysWhetherMoreIsChosen() {
        PhaseTwo phase =
                new PhaseTwo(List.of(Votes.regime(new MajorityQuorums(Set.copyOf(NODES.subList(0, 3))))), ballot(1), 0);
        phase.propose(Value.NO_OP, 0);
        phase.propose(Value.NO_OP, 0);
        assertThat(phase.onAccepted(endpoint(NODES.get(0).name()), new SlotRange(1, 3)))
                .isFalse();
        assertThat(phase.onAccepted(endpoint(NODES.get(1).name()), new SlotRange(2, 3)))
                .as("slot 2 is chosen, but slot 1 before it is not")
                .isFalse();
        assertThat(phase.onAccepted(endpoint(NODES.get(2).name()), new SlotRange(1, 2)))
                .isTrue();
        assertThat(phase.chosenUpTo()).isEqualTo(2);
        assertThat(phase.onAccepted(endpoint(NODES.get(2).name()), new SlotRange(1, 3)))
                .isFalse();
    }

    /** What was sent in this very tick is not yet missed, and what a limit of bytes ends goes on the next time. */
    @Test
    void whatIsMissingDependsOnWhenItWasSentAndOnWhatMayBeSent() {
        PhaseTwo phase = new PhaseTwo(List.of(Votes.regime(new MajorityQuorums(Set.copyOf(NODES)))), ballot(1), 0);
        for (int i = 0; i < 4; i++) {
            phase.propose(Value.NO_OP, 20);
        }
        Endpoint acceptor = endpoint(NODES.get(0).name());
        assertThat(phase.missing(acceptor, 20, Long.MAX_VALUE)).isEmpty();
        long two = 2L * Value.NO_OP.weight();
        assertThat(phase.missing(acceptor, 21, two))
                .containsExactly(new PhaseTwo.Run(1, List.of(Value.NO_OP, Value.NO_OP)));
        phase.resent(20, 30);
        assertThat(phase.missing(acceptor, 21, two))
                .as("what was sent later was not sent again")
                .isNotEmpty();
        phase.resent(21, 30);
        assertThat(phase.missing(acceptor, 21, two)).isEmpty();
    }

    @Test
    void nothingIsForgottenTwiceNorBeyondWhatWasProposed() {
        PhaseTwo phase = new PhaseTwo(List.of(Votes.regime(new MajorityQuorums(Set.copyOf(NODES)))), ballot(1), 0);
        phase.propose(Value.NO_OP, 0);
        assertThat(phase.forget(5)).hasSize(1);
        assertThat(phase.forget(5)).isEmpty();
        assertThat(phase.inFlight()).isZero();
        assertThat(phase.bytesInFlight()).isZero();
    }
}
