package io.paxos.examples.ids;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void idsInTheOrderOfTheirQuestionsAreInOrder() {
        ledger.add(new Ledger.Entry(1, 0, 10));
        ledger.add(new Ledger.Entry(3, 21, 40));
        ledger.add(new Ledger.Entry(2, 11, 20));

        assertThat(ledger.audit(3)).isEqualTo(new Ledger.Audit(3, 0, 0, 0));
    }

    @Test
    void questionsThatOverlapMayBeAnsweredInAnyOrder() {
        ledger.add(new Ledger.Entry(2, 0, 30));
        ledger.add(new Ledger.Entry(1, 20, 40));

        assertThat(ledger.audit(2)).isEqualTo(new Ledger.Audit(2, 0, 0, 0));
    }

    @Test
    void anIdHandedOutTwiceIsADuplicate() {
        ledger.add(new Ledger.Entry(1, 0, 10));
        ledger.add(new Ledger.Entry(1, 0, 10));

        assertThat(ledger.audit(1)).isEqualTo(new Ledger.Audit(2, 1, 0, 0));
    }

    @Test
    void anIdThatNobodyGotIsAGap() {
        ledger.add(new Ledger.Entry(2, 0, 10));
        ledger.add(new Ledger.Entry(5, 0, 10));

        assertThat(ledger.audit(7)).isEqualTo(new Ledger.Audit(2, 0, 5, 0));
    }

    @Test
    void anIdThatTheServersDoNotKnowIsAGap() {
        ledger.add(new Ledger.Entry(1, 0, 10));
        ledger.add(new Ledger.Entry(2, 0, 10));

        assertThat(ledger.audit(1).gaps()).isEqualTo(1);
    }

    @Test
    void aLowerIdAskedForAfterAHigherOneWasAnsweredIsOutOfOrder() {
        ledger.add(new Ledger.Entry(2, 0, 10));
        ledger.add(new Ledger.Entry(1, 11, 20));

        assertThat(ledger.audit(2).disorders()).isEqualTo(1);
    }
}
