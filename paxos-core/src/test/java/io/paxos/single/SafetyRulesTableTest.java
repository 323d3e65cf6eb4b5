// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every case of the three rules over a small world of ballots that stand in a list, lowest first. */
class SafetyRulesTableTest {

    private static final List<Ballot> ASCENDING = List.of(
            Ballot.ZERO,
            new Ballot(1, NodeId.of("b"), -4),
            new Ballot(1, NodeId.of("b"), 4),
            new Ballot(1, NodeId.of("c"), 1),
            new Ballot(2, NodeId.of("a"), 0));

    @Test
    void promisesAndAcceptsAtTheBallotPromisedAndAboveIt() {
        for (int promised = 0; promised < ASCENDING.size(); promised++) {
            for (int asked = 0; asked < ASCENDING.size(); asked++) {
                boolean expected = asked > 0
                        && ASCENDING.subList(promised, ASCENDING.size()).contains(ASCENDING.get(asked));
                assertThat(SafetyRules.mayPromise(ASCENDING.get(promised), ASCENDING.get(asked)))
                        .as("promise %s after %s", ASCENDING.get(asked), ASCENDING.get(promised))
                        .isEqualTo(expected);
                assertThat(SafetyRules.mayAccept(ASCENDING.get(promised), ASCENDING.get(asked)))
                        .as("accept %s after promising %s", ASCENDING.get(asked), ASCENDING.get(promised))
                        .isEqualTo(expected);
            }
        }
    }

    /** Symbol 0 is a member that accepted nothing; the others are four ballots with one of two values each. */
    @Test
    void mustProposeTheValueOfTheHighestBallotInEveryReportOfUpToFiveMembers() {
        long visited = Sequences.visitAll(9, 5, reports -> {
            List<Proposal<String>> reported = new ArrayList<>();
            TreeMap<Integer, String> byBallot = new TreeMap<>();
            boolean conflict = false;
            for (int report : reports) {
                if (report > 0) {
                    int ballot = (report + 1) / 2;
                    String value = report % 2 == 0 ? "v" : "w";
                    reported.add(new Proposal<>(ASCENDING.get(ballot), value));
                    String other = byBallot.put(ballot, value);
                    conflict |= other != null && !other.equals(value);
                }
            }
            if (conflict) {
                assertConflictIsNeverResolvedInSilence(reported, byBallot);
                return true;
            }
            Map.Entry<Integer, String> highest = byBallot.lastEntry();
            assertThat(SafetyRules.mustPropose(reported))
                    .isEqualTo(
                            highest == null
                                    ? null
                                    : new Proposal<>(ASCENDING.get(highest.getKey()), highest.getValue()));
            return true;
        });
        System.out.println("SafetyRules: " + visited + " reports to a proposer enumerated");
        assertThat(visited).isEqualTo(9 + 81 + 729 + 6_561 + 59_049);
    }

    /** The highest ballot is what binds; a conflict there is found in whatever order the reports come. */
    private static void assertConflictIsNeverResolvedInSilence(
            List<Proposal<String>> reported, TreeMap<Integer, String> byBallot) {
        Ballot highest = ASCENDING.get(byBallot.lastKey());
        long valuesThere = reported.stream()
                .filter(p -> p.ballot().equals(highest))
                .map(Proposal::value)
                .distinct()
                .count();
        if (valuesThere > 1) {
            assertThatThrownBy(() -> SafetyRules.mustPropose(reported))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("two values of one ballot");
        }
    }
}
