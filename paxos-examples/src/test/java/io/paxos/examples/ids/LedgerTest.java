// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger(Set.of(), id -> {});

    @Test
    void idsInTheOrderOfTheirQuestionsAreInOrder() {
        ledger.add(new Ledger.Entry(1, 0, 10));
        ledger.add(new Ledger.Entry(3, 21, 40));
        ledger.add(new Ledger.Entry(2, 11, 20));

        assertThat(ledger.audit(0, 3)).isEqualTo(new Ledger.Audit(3, 0, 0, 0));
    }

    @Test
    void questionsThatOverlapMayBeAnsweredInAnyOrder() {
        ledger.add(new Ledger.Entry(2, 0, 30));
        ledger.add(new Ledger.Entry(1, 20, 40));

        assertThat(ledger.audit(0, 2)).isEqualTo(new Ledger.Audit(2, 0, 0, 0));
    }

    @Test
    void anIdHandedOutTwiceIsADuplicate() {
        ledger.add(new Ledger.Entry(1, 0, 10));
        ledger.add(new Ledger.Entry(1, 0, 10));

        assertThat(ledger.audit(0, 1)).isEqualTo(new Ledger.Audit(2, 1, 0, 0));
    }

    @Test
    void anIdHandedOutInAnEarlierRunIsADuplicate() {
        Ledger later = new Ledger(Set.of(1L, 2L, 5L), id -> {});
        later.add(new Ledger.Entry(3, 0, 10));
        later.add(new Ledger.Entry(4, 0, 10));
        later.add(new Ledger.Entry(5, 0, 10));

        assertThat(later.highestEarlier()).isEqualTo(5);
        assertThat(later.audit(2, 5)).isEqualTo(new Ledger.Audit(3, 1, 0, 0));
    }

    @Test
    void anIdThatTheServersHadAllocatedBeforeTheRunIsADuplicate() {
        ledger.add(new Ledger.Entry(4, 0, 10));
        ledger.add(new Ledger.Entry(5, 0, 10));

        assertThat(ledger.audit(4, 5)).isEqualTo(new Ledger.Audit(2, 1, 0, 0));
    }

    @Test
    void everyIdIsNotedAsItIsAdded() {
        List<Long> notes = new ArrayList<>();
        new Ledger(Set.of(), notes::add).add(new Ledger.Entry(4, 0, 10));

        assertThat(notes).containsExactly(4L);
    }

    @Test
    void anIdThatNobodyGotIsAGap() {
        ledger.add(new Ledger.Entry(2, 0, 10));
        ledger.add(new Ledger.Entry(5, 0, 10));

        assertThat(ledger.audit(0, 7)).isEqualTo(new Ledger.Audit(2, 0, 5, 0));
    }

    @Test
    void anIdThatTheServersDoNotKnowIsAGap() {
        ledger.add(new Ledger.Entry(1, 0, 10));
        ledger.add(new Ledger.Entry(2, 0, 10));

        assertThat(ledger.audit(0, 1).gaps()).isEqualTo(1);
    }

    @Test
    void aLowerIdAskedForAfterAHigherOneWasAnsweredIsOutOfOrder() {
        ledger.add(new Ledger.Entry(2, 0, 10));
        ledger.add(new Ledger.Entry(1, 11, 20));

        assertThat(ledger.audit(0, 2).disorders()).isEqualTo(1);
    }
}
