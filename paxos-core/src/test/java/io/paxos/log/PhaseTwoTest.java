package io.paxos.log;

import static io.paxos.log.LogAcceptorTest.ballot;
import static org.assertj.core.api.Assertions.assertThat;

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
            PhaseTwo phase = new PhaseTwo(quorums, ballot(1), decided);
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
                    phase.onAccepted(voter, slots);
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
        PhaseTwo phase = new PhaseTwo(new MajorityQuorums(Set.copyOf(NODES)), ballot(1), 10);
        for (int i = 0; i < 6; i++) {
            phase.propose(Value.NO_OP, 0);
        }
        phase.propose(Value.NO_OP, 50);
        phase.onAccepted(NODES.get(0), new SlotRange(13, 15));
        List<SlotRange> runs = new ArrayList<>();
        for (PhaseTwo.Run run : phase.missing(NODES.get(0), 20, Long.MAX_VALUE)) {
            runs.add(new SlotRange(run.first(), run.first() + run.values().size()));
        }
        assertThat(runs).containsExactly(new SlotRange(11, 13), new SlotRange(15, 17));
        phase.resent(20, 30);
        assertThat(phase.missing(NODES.get(0), 20, Long.MAX_VALUE)).isEmpty();
        assertThat(phase.missing(NODES.get(0), 31, 1)).hasSize(1);
    }

    @Test
    void forgettingFreesTheWindowInCountAndBytes() {
        PhaseTwo phase = new PhaseTwo(new MajorityQuorums(Set.copyOf(NODES)), ballot(1), 0);
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
}
