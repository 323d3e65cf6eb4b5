// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BallotTest {

    private static final NodeId A = NodeId.of("a");

    /** All ballots of a grid with the extremes of every part, and the one below them all. */
    private static List<Ballot> grid() {
        List<Ballot> grid = new ArrayList<>(List.of(Ballot.ZERO));
        for (long round : new long[] {1, 2, Long.MAX_VALUE - 1, Long.MAX_VALUE}) {
            for (String proposer : List.of("-", "A", "a", "aa", "b", "n10", "n2")) {
                for (long start : new long[] {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE}) {
                    grid.add(new Ballot(round, NodeId.of(proposer), start));
                }
            }
        }
        return grid;
    }

    @Test
    void orderIsTotal() {
        List<Ballot> grid = grid();
        for (Ballot a : grid) {
            for (Ballot b : grid) {
                int order = a.compareTo(b);
                assertThat(Integer.signum(b.compareTo(a))).isEqualTo(-Integer.signum(order));
                assertThat(order == 0).as("%s and %s", a, b).isEqualTo(a.equals(b));
                if (order >= 0) {
                    continue;
                }
                for (Ballot c : grid) {
                    if (b.compareTo(c) < 0) {
                        assertThat(a.compareTo(c)).as("%s < %s < %s", a, b, c).isNegative();
                    }
                }
            }
        }
    }

    /** The grid was built part by part in ascending order, so sorting must find that order again. */
    @Test
    void roundOutranksProposerAndProposerOutranksStart() {
        List<Ballot> shuffled = grid();
        Collections.shuffle(shuffled, new Random(42));

        assertThat(new TreeSet<>(shuffled)).containsExactlyElementsOf(grid());
    }

    @Test
    void zeroIsBelowAllOthersAndAloneInItsRound() {
        assertThat(grid().subList(1, grid().size())).allSatisfy(ballot -> {
            assertThat(ballot).isGreaterThan(Ballot.ZERO);
            assertThat(ballot.isZero()).isFalse();
        });
        assertThat(Ballot.ZERO.isZero()).isTrue();
        assertThat(new Ballot(0, NodeId.of("-"), 0)).isEqualTo(Ballot.ZERO);
        assertThatThrownBy(() -> new Ballot(0, A, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("round 0 is below every proposer's ballots, but one of a was given; proposers begin at"
                        + " round 1");
        assertThatThrownBy(() -> new Ballot(0, NodeId.of("-"), -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRoundIsNotNegative() {
        assertThatThrownBy(() -> new Ballot(-1, A, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a ballot's round must not be negative, but is -1");
    }

    @Test
    void nextIsAboveWhoeverTakesItAndWheneverItStarted() {
        for (Ballot ballot : grid()) {
            if (ballot.round() == Long.MAX_VALUE) {
                assertThatThrownBy(() -> ballot.next(A, 1)).isInstanceOf(ArithmeticException.class);
                continue;
            }
            Ballot next = ballot.next(NodeId.of("-"), Long.MIN_VALUE);
            assertThat(next).isGreaterThan(ballot);
            assertThat(next).isEqualTo(new Ballot(ballot.round() + 1, NodeId.of("-"), Long.MIN_VALUE));
        }
    }

    @Test
    void aLeapNoCampaignMakesIsBeyondReason() {
        Ballot known = new Ballot(5, A, 1);
        long farthest = 1L << 40;

        assertThat(new Ballot(5 + farthest, A, 1).isBeyondReasonAfter(known)).isFalse();
        assertThat(new Ballot(6 + farthest, A, 1).isBeyondReasonAfter(known)).isTrue();
        assertThat(new Ballot(Long.MAX_VALUE, A, 1).isBeyondReasonAfter(Ballot.ZERO))
                .isTrue();
        assertThat(Ballot.ZERO.isBeyondReasonAfter(new Ballot(Long.MAX_VALUE, A, 1)))
                .isFalse();
        assertThat(known.isBeyondReasonAfter(known)).isFalse();
    }

    @Test
    void maxIsTheGreaterInEitherOrder() {
        Ballot low = new Ballot(1, A, 5);
        Ballot high = new Ballot(1, A, 6);

        assertThat(Ballot.max(low, high)).isEqualTo(high);
        assertThat(Ballot.max(high, low)).isEqualTo(high);
        assertThat(Ballot.max(low, low)).isEqualTo(low);
    }

    @Test
    void printsRoundProposerAndStart() {
        assertThat(new Ballot(3, A, 255)).hasToString("3.a.ff");
        assertThat(Ballot.ZERO).hasToString("0");
    }
}
