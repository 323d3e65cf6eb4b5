// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.StateMachineContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TransactionIdsStateTest extends StateMachineContract<Request, Long> {

    private final TransactionIds ids = new TransactionIds();
    private long slot;

    @Override
    protected StateMachine<Request, Long> newStateMachine() {
        return new TransactionIds();
    }

    /** Some of them asked again, and some obsolete. */
    @Override
    protected Request command(RandomGenerator random) {
        return new Request(random.nextInt(5), 1 + random.nextInt(40));
    }

    @Test
    void aSnapshotInAnotherFormIsRefused() {
        assertThatThrownBy(() -> ids.restore(new ByteArrayInputStream(new byte[] {9})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("form 9");
    }

    @Test
    void idsCountUpFromOneWhoeverAsks() {
        assertThat(apply(ids, 7, 1)).isEqualTo(1);
        assertThat(apply(ids, 8, 1)).isEqualTo(2);
        assertThat(apply(ids, 7, 2)).isEqualTo(3);
    }

    @Test
    void aRequestAskedAgainGetsTheIdItHas() {
        apply(ids, 7, 1);
        apply(ids, 8, 1);

        assertThat(apply(ids, 7, 1)).isEqualTo(1);
        assertThat(ids.state().next()).isEqualTo(3);
    }

    @Test
    void aRequestOlderThanTheLastOfItsClientGetsNone() {
        apply(ids, 7, 1);
        apply(ids, 7, 2);

        assertThat(apply(ids, 7, 1)).isEqualTo(TransactionIds.OBSOLETE);
        assertThat(ids.state().next()).isEqualTo(3);
    }

    @Test
    void equalHistoriesMakeEqualStatesAndOthersDoNot() {
        TransactionIds same = new TransactionIds();
        TransactionIds other = new TransactionIds();
        apply(ids, 7, 1);
        apply(ids, 8, 1);
        apply(same, 7, 1);
        apply(same, 8, 1);
        apply(other, 8, 1);
        apply(other, 7, 1);

        assertThat(same.state()).isEqualTo(ids.state());
        assertThat(other.state().fingerprint()).isNotEqualTo(ids.state().fingerprint());
    }

    @Test
    void requestsTravelAsBytes() {
        Request request = new Request(3, Long.MAX_VALUE);

        assertThat(Request.CODEC.decode(Request.CODEC.encode(request))).isEqualTo(request);
        assertThatThrownBy(() -> Request.CODEC.decode(Payload.utf8("short")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 bytes, not 5");
    }

    private long apply(TransactionIds to, long client, long number) {
        ApplyContext context = new ApplyContext(slot++, new LogTime(0), new CommandId(0, slot));
        return to.apply(context, new Request(client, number));
    }
}
