// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.SelectStrategy;
import org.junit.jupiter.api.Test;

class VigilTest {

    private static final int LENGTH = 100;
    private static final int LOOK = 10;

    private long now = 1_000_000;
    private int ready;

    /** What the thread is told to do, each look taking a while. */
    private int look(Vigil vigil, boolean hasTasks) throws Exception {
        int strategy = vigil.calculateStrategy(() -> ready, hasTasks);
        now += LOOK;
        return strategy;
    }

    /** How many times a thread without work looks before it is put to sleep. */
    private int looksBeforeSleep(Vigil vigil) throws Exception {
        int looks = 0;
        while (look(vigil, false) == SelectStrategy.CONTINUE) {
            looks++;
        }
        return looks;
    }

    private Vigil vigil(int length) {
        Vigil vigil = new Vigil(length, () -> now);
        // A while in which it had work has paid for a few.
        now += 1000 * LENGTH;
        return vigil;
    }

    @Test
    void aThreadThatHasRunOutOfWorkLooksForAWhileBeforeItSleeps() throws Exception {
        Vigil vigil = vigil(LENGTH);
        assertThat(look(vigil, true)).isZero();
        assertThat(looksBeforeSleep(vigil)).isEqualTo(LENGTH / LOOK);
    }

    @Test
    void whatItFindsMeanwhileIsHandedOut() throws Exception {
        Vigil vigil = vigil(LENGTH);
        assertThat(look(vigil, false)).isEqualTo(SelectStrategy.CONTINUE);
        ready = 3;
        assertThat(look(vigil, false)).isEqualTo(3);
        assertThat(look(vigil, true)).isEqualTo(3);
        ready = 0;
        assertThat(look(vigil, false)).isEqualTo(SelectStrategy.CONTINUE);
        assertThat(look(vigil, true)).isZero();
    }

    @Test
    void aThreadToWhichWorkComesRarelySoonSleepsAtOnce() throws Exception {
        Vigil vigil = vigil(LENGTH);
        int vain = 0;
        for (int i = 0; i < 1000; i++) {
            vain += looksBeforeSleep(vigil) > 0 ? 1 : 0;
            now += 2 * LENGTH;
            look(vigil, true);
        }
        // A hundredth of the time, and what was saved at first.
        assertThat(vain * LENGTH).isBetween(16 * LENGTH, 1000 * 4 * LENGTH / 100 + 16 * LENGTH);
    }

    @Test
    void whereMostVigilsSucceedItKeepsThem() throws Exception {
        Vigil vigil = vigil(LENGTH);
        for (int i = 0; i < 1000; i++) {
            for (int success = 0; success < 3; success++) {
                assertThat(look(vigil, false)).isEqualTo(SelectStrategy.CONTINUE);
                look(vigil, true);
            }
            assertThat(looksBeforeSleep(vigil)).isPositive();
        }
    }

    @Test
    void withoutALengthItSleepsAtOnce() throws Exception {
        Vigil vigil = vigil(0);
        for (int i = 0; i < 10; i++) {
            assertThat(look(vigil, false)).isEqualTo(SelectStrategy.SELECT);
            look(vigil, true);
        }
    }
}
