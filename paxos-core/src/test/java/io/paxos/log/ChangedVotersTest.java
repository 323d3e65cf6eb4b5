// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static io.paxos.log.Votes.configuration;
import static io.paxos.log.Votes.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.log.PhaseOne.Progress;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.quorum.MajorityQuorums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rule 10: promises and votes count slot by slot, by whoever governs the slot. Slots 1 to 9 are governed by a, b, c; later ones by c, d, e. */
class ChangedVotersTest {

    private static final Endpoint A = endpoint("a");
    private static final Endpoint B = endpoint("b");
    private static final Endpoint C = endpoint("c");
    private static final Endpoint D = endpoint("d");
    private static final Endpoint E = endpoint("e");
    private static final Ballot BALLOT = new Ballot(9, NodeId.of("c"), 1);

    private final Regime before = Votes.regime(1, A, B, C);
    private final Regime after =
            new Regime(10, configuration(1, C, D, E), MajorityQuorums.of(List.of(C.node(), D.node(), E.node())));

    private static LogMessage.Promise promise(long first, long end, long decided, SlotProposal... accepted) {
        return new LogMessage.Promise(BALLOT, new SlotRange(first, end), true, 0, decided, List.of(accepted));
    }

    @Test
    void rule10_thePromisesOfOnesOwnVotersPrepareTheirSlotsAndNoOthers() {
        PhaseOne phase = new PhaseOne(List.of(before, after), BALLOT, 1);
        phase.onPromise(A, promise(1, 1, 0));
        assertThat(phase.onPromise(B, promise(1, 1, 0))).isEqualTo(Progress.COMPLETE);
        assertThat(phase.preparedUpTo()).isEqualTo(9);
        phase.onPromise(D, promise(10, 10, 0));
        assertThat(phase.preparedUpTo()).as("one of three").isEqualTo(9);
        phase.onPromise(E, promise(10, 10, 0));
        assertThat(phase.preparedUpTo()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void rule10_newVotersAreAskedAboutTheirSlotsOnceAChangeIsKnownAndEarlierPromisesCountForThem() {
        PhaseOne phase = new PhaseOne(List.of(before), BALLOT, 1);
        phase.onPromise(B, promise(1, 1, 0));
        phase.onPromise(C, promise(1, 1, 0));
        assertThat(phase.toAsk()).isEmpty();
        phase.govern(List.of(before, after));
        assertThat(phase.preparedUpTo()).isEqualTo(9);
        assertThat(phase.toAsk()).as("c has promised all slots").containsExactly(D, E);
        assertThat(phase.nextPart(D)).isEqualTo(10);
        phase.onPromise(
                D, promise(10, 12, 0, new SlotProposal(11, new Proposal<>(new Ballot(3, A.node(), 1), Value.NO_OP))));
        assertThat(phase.preparedUpTo()).isEqualTo(Long.MAX_VALUE);
        assertThat(phase.lastFound()).as("what new voters report binds as well").isEqualTo(11);
    }

    @Test
    void rule6_aVoterWithAnotherStorePromisesNothingThatCounts() {
        PhaseOne phase = new PhaseOne(List.of(before), BALLOT, 1);
        Endpoint reborn = new Endpoint(A.node(), new Incarnation(99));
        phase.onPromise(reborn, promise(1, 1, 0));
        assertThat(phase.onPromise(B, promise(1, 1, 0))).isEqualTo(Progress.WAITING);
        assertThat(phase.hasPromised(reborn)).isFalse();
    }

    @Test
    void rule10_votesAreCountedByWhoGovernsTheSlot() {
        PhaseTwo phase = new PhaseTwo(List.of(before, after), BALLOT, 7);
        for (int i = 0; i < 4; i++) {
            phase.propose(Value.NO_OP, 0);
        }
        phase.onAccepted(A, new SlotRange(8, 12));
        phase.onAccepted(B, new SlotRange(8, 12));
        assertThat(phase.chosenUpTo()).as("a and b govern slots up to 9").isEqualTo(9);
        phase.onAccepted(D, new SlotRange(8, 12));
        assertThat(phase.chosenUpTo()).isEqualTo(9);
        phase.onAccepted(E, new SlotRange(8, 12));
        assertThat(phase.chosenUpTo()).isEqualTo(11);
    }

    @Test
    void rule10_newVotersAloneChooseNothingBeforeTheirFirstSlot() {
        PhaseTwo phase = new PhaseTwo(List.of(before), BALLOT, 7);
        phase.govern(List.of(before, after));
        for (int i = 0; i < 4; i++) {
            phase.propose(Value.NO_OP, 0);
        }
        phase.onAccepted(D, new SlotRange(8, 12));
        phase.onAccepted(E, new SlotRange(8, 12));
        assertThat(phase.chosenUpTo()).isEqualTo(7);
        phase.onAccepted(A, new SlotRange(8, 12));
        phase.onAccepted(C, new SlotRange(8, 12));
        assertThat(phase.chosenUpTo()).isEqualTo(11);
    }

    @Test
    void whatIsMissingIsSentAgainOnlyToWhoGovernsIt() {
        PhaseTwo phase = new PhaseTwo(List.of(before, after), BALLOT, 7);
        for (int i = 0; i < 4; i++) {
            phase.propose(Value.NO_OP, 0);
        }
        assertThat(phase.missing(A, 5, 1000)).extracting(PhaseTwo.Run::first).containsExactly(8L);
        assertThat(phase.missing(A, 5, 1000).get(0).values()).hasSize(2);
        assertThat(phase.missing(D, 5, 1000)).extracting(PhaseTwo.Run::first).containsExactly(10L);
        int all = phase.missing(C, 5, 1000).stream()
                .mapToInt(run -> run.values().size())
                .sum();
        assertThat(all).isEqualTo(4);
        phase.forget(9);
        phase.govern(List.of(after));
        assertThat(phase.missing(A, 5, 1000)).isEmpty();
    }

    /**
     * Counts in the plainest way: each slot's votes apart, by the last configuration that begins at or before it. Who
     * governs later slots becomes known on the way, always before anything is proposed there.
     */
    @Test
    void rule10_choosesExactlyWhatAPlainCountOfWhoGovernsEachSlotChooses() {
        Random random = new Random(1789);
        List<Endpoint> stores = List.of(A, B, C, D, E, new Endpoint(A.node(), new Incarnation(2)));
        for (int round = 0; round < 300; round++) {
            long decided = random.nextInt(4);
            List<Regime> all = new ArrayList<>(List.of(regime(1, random, stores)));
            for (long from = decided + 2 + random.nextInt(4); from < 40; from += 1 + random.nextInt(8)) {
                all.add(regime(from, random, stores));
            }
            int known = 1 + random.nextInt(all.size());
            PhaseTwo phase = new PhaseTwo(all.subList(0, known), BALLOT, decided);
            Map<Long, Set<Endpoint>> votes = new HashMap<>();
            for (int step = 0; step < 200; step++) {
                if (known < all.size()
                        && (random.nextInt(8) == 0 || all.get(known).from() == phase.nextSlot())) {
                    known++;
                    long open = decided + 1;
                    List<Regime> governing = new ArrayList<>(all.subList(0, known));
                    while (governing.size() > 1 && governing.get(1).from() <= open) {
                        governing.remove(0);
                    }
                    phase.govern(governing);
                }
                if (random.nextInt(4) == 0) {
                    phase.propose(Value.NO_OP, 0);
                } else {
                    Endpoint voter = stores.get(random.nextInt(stores.size()));
                    long first = decided + random.nextInt(8);
                    SlotRange slots = new SlotRange(first, first + random.nextInt(8));
                    for (long slot = slots.first(); slot < Math.min(slots.end(), phase.nextSlot()); slot++) {
                        votes.computeIfAbsent(slot, s -> new HashSet<>()).add(voter);
                    }
                    long before = phase.chosenUpTo();
                    assertThat(phase.onAccepted(voter, slots)).isEqualTo(phase.chosenUpTo() > before);
                }
                assertThat(phase.chosenUpTo()).isEqualTo(plainlyChosenUpTo(decided, phase.nextSlot(), all, votes));
                if (random.nextInt(6) == 0) {
                    decided = phase.chosenUpTo();
                    phase.forget(decided);
                }
            }
        }
    }

    private static Regime regime(long from, Random random, List<Endpoint> stores) {
        Map<NodeId, Endpoint> voters = new TreeMap<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            Endpoint voter = stores.get(random.nextInt(stores.size()));
            voters.put(voter.node(), voter);
        }
        return Votes.regime(from, voters.values().toArray(new Endpoint[0]));
    }

    private static long plainlyChosenUpTo(long decided, long next, List<Regime> all, Map<Long, Set<Endpoint>> votes) {
        long upTo = decided;
        while (upTo + 1 < next && isChosen(upTo + 1, all, votes.getOrDefault(upTo + 1, Set.of()))) {
            upTo++;
        }
        return upTo;
    }

    private static boolean isChosen(long slot, List<Regime> all, Set<Endpoint> voters) {
        Regime governing = all.stream()
                .filter(regime -> regime.from() <= slot)
                .reduce((first, last) -> last)
                .orElseThrow();
        Set<NodeId> counted =
                voters.stream().filter(governing::counts).map(Endpoint::node).collect(Collectors.toSet());
        return governing.quorums().isPhase2Quorum(counted);
    }
}
