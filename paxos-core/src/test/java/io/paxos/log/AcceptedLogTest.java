// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AcceptedLogTest {

    private static Proposal<Value> proposal(long round) {
        return new Proposal<>(new Ballot(round, NodeId.of("n1"), 7), Value.NO_OP);
    }

    private final AcceptedLog log = new AcceptedLog();

    @Test
    void whatIsForgottenHoldsNothingAndTakesNothing() {
        for (long slot = 1; slot <= 3000; slot++) {
            log.put(slot, proposal(slot));
        }
        log.forget(2050);
        assertThat(log.compacted()).isEqualTo(2050);
        assertThat(log.get(2050)).isNull();
        assertThat(log.get(1)).isNull();
        assertThat(log.get(2051)).isEqualTo(proposal(2051));
        assertThat(log.canHold(2050)).isFalse();
        assertThatThrownBy(() -> log.put(2050, proposal(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("2050", "forgotten");
        log.forget(10);
        assertThat(log.compacted()).isEqualTo(2050);
    }

    @Test
    void aSnapshotMayEndFarBehindTheLastSlotHeld() {
        log.put(5, proposal(5));
        log.forget(10_000_000);
        assertThat(log.highest()).isEqualTo(10_000_000);
        assertThat(log.get(5)).isNull();
        log.put(10_000_003, proposal(1));
        assertThat(log.get(10_000_003)).isEqualTo(proposal(1));
        assertThat(log.get(10_000_002)).isNull();
        assertThat(log.highest()).isEqualTo(10_000_003);
    }

    @Test
    void itBehavesLikeAMapWhateverIsPutAndForgotten() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            AcceptedLog drawn = new AcceptedLog();
            TreeMap<Long, Proposal<Value>> model = new TreeMap<>();
            long compacted = 0;
            long highest = 0;
            for (int i = 0; i < 400; i++) {
                if (random.nextInt(10) == 0) {
                    long upTo = compacted + random.nextInt(3000);
                    drawn.forget(upTo);
                    compacted = upTo;
                    highest = Math.max(highest, upTo);
                    model.headMap(upTo, true).clear();
                } else {
                    long slot = compacted + 1 + random.nextInt(5000);
                    drawn.put(slot, proposal(i + 1));
                    highest = Math.max(highest, slot);
                    model.put(slot, proposal(i + 1));
                }
                assertThat(drawn.highest()).isEqualTo(highest);
                for (int probe = 0; probe < 20; probe++) {
                    long slot = random.nextLong(highest + 10);
                    assertThat(drawn.get(slot))
                            .as("seed %s slot %s", seed, slot)
                            .isEqualTo(model.get(slot));
                }
            }
            model.forEach((slot, held) -> assertThat(drawn.get(slot)).isEqualTo(held));
        }
    }

    @Test
    void aSlotMayLieSoFarBehindTheLastOneHeldAndNoFarther() {
        assertThat(log.canHold(0)).isFalse();
        assertThat(log.canHold(AcceptedLog.REACH)).isTrue();
        assertThat(log.canHold(AcceptedLog.REACH + 1)).isFalse();
        log.put(7, proposal(7));
        assertThat(log.canHold(AcceptedLog.REACH + 7)).isTrue();
        assertThat(log.canHold(AcceptedLog.REACH + 8)).isFalse();
        assertThat(log.get(8)).isNull();
    }

    @Test
    void allThatIsHeldMayBeForgottenAndTheNextSlotStillTaken() {
        for (long slot = 1; slot <= 2047; slot++) {
            log.put(slot, proposal(slot));
        }
        log.forget(2047);
        assertThat(log.highest()).isEqualTo(2047);
        assertThat(log.get(2047)).isNull();
        assertThat(log.get(2048)).isNull();
        log.put(2048, proposal(2048));
        assertThat(log.get(2048)).isEqualTo(proposal(2048));
    }
}
