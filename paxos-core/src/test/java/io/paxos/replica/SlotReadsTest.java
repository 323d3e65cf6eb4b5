// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads that wait for a slot: what they are told, and when; how many may wait. */
class SlotReadsTest {

    /** Eight reads may wait. */
    private static final MachineConfig CONFIG = Parts.CONFIG;

    private final Outbox outbox = new Outbox(Parts.GROUP);
    private final SlotReads reads = new SlotReads(CONFIG, outbox);
    private final Map<Long, Outcome> outcomes = new HashMap<>();

    private Outcome.@Nullable Refused read(long request, long slot, long deadline) {
        return reads.submit(new RequestId(request), slot, deadline);
    }

    private void flush(long applied) {
        reads.flush(applied);
        hearOut();
    }

    private void tick(long now, long applied) {
        reads.tick(now, applied);
        hearOut();
    }

    private void hearOut() {
        for (Effect effect : outbox.drain()) {
            Effect.Respond respond = (Effect.Respond) effect;
            assertThat(outcomes.put(respond.request().number(), respond.outcome()))
                    .as("read %s is answered once", respond.request())
                    .isNull();
        }
    }

    @Test
    void rule13_aReadIsAnsweredAsSoonAsItsSlotIsExecutedAndOnce() {
        read(1, 5, 100);
        read(2, 5, 100);
        read(3, 6, 100);
        flush(4);
        assertThat(outcomes).isEmpty();
        flush(5);
        assertThat(outcomes)
                .containsOnlyKeys(1L, 2L)
                .containsEntry(1L, new Outcome.Current(5))
                .containsEntry(2L, new Outcome.Current(5));
        assertThat(reads.waiting()).isEqualTo(1);
        flush(5);
        flush(9);
        assertThat(outcomes).hasSize(3).containsEntry(3L, new Outcome.Current(9));
        assertThat(reads.waiting()).isZero();
    }

    @Test
    void theFirstSlotThatAReadWaitsForIsTheOneToBeExecutedSoon() {
        assertThat(reads.awaited()).isZero();
        read(1, 9, 100);
        read(2, 7, 50);
        assertThat(reads.awaited()).isEqualTo(7);
        tick(50, 3);
        assertThat(reads.awaited()).as("the other has been refused").isEqualTo(9);
        flush(9);
        assertThat(reads.awaited()).isZero();
    }

    @Test
    void rule18_asManyReadsWaitAsMayAndThoseThatAreAnsweredMakeRoom() {
        for (int i = 1; i <= 8; i++) {
            assertThat(read(i, 5, 100)).as("read %s", i).isNull();
        }
        assertThat(read(9, 5, 100)).isNotNull().satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(Outcome.Reason.OVERLOADED);
            assertThat(refused.detail()).contains("8 reads");
        });
        assertThat(reads.waiting()).isEqualTo(8);
        flush(5);
        assertThat(read(10, 6, 100)).isNull();
    }

    @Test
    void aReadIsRefusedAtItsDeadlineAndToldHowFarThisNodeHasCome() {
        read(1, 5, 50);
        read(2, 5, 51);
        tick(49, 3);
        assertThat(outcomes).isEmpty();
        tick(50, 3);
        assertThat(outcomes).containsOnlyKeys(1L);
        assertThat(outcomes.get(1L)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Outcome.Reason.TIMEOUT);
            assertThat(refused.detail()).contains("slot 5", "come to 3");
        });
        assertThat(reads.waiting()).isEqualTo(1);
        tick(51, 3);
        assertThat(outcomes).containsOnlyKeys(1L, 2L);
        assertThat(reads.waiting()).isZero();
        flush(5);
        assertThat(outcomes).hasSize(2);
    }

    @Test
    void whoeverStopsRefusesEachReadOnce() {
        read(1, 5, 50);
        read(2, 5, 50);
        read(3, 6, 50);
        reads.stop("enough");
        hearOut();
        assertThat(outcomes).containsOnlyKeys(1L, 2L, 3L).allSatisfy((read, outcome) -> assertThat(outcome)
                .isEqualTo(new Outcome.Refused(Outcome.Reason.STOPPED, "enough")));
        assertThat(reads.waiting()).isZero();
        tick(100, 3);
        flush(9);
        assertThat(outcomes).hasSize(3);
    }
}
