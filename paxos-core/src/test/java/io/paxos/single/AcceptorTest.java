// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import org.junit.jupiter.api.Test;

/** The two rules that an acceptor keeps, each by one example; {@link AcceptorTableTest} has all cases. */
class AcceptorTest {

    private static final Ballot LOW = Ballot.ZERO.next(NodeId.of("a"), 1);
    private static final Ballot HIGH = LOW.next(NodeId.of("b"), 1);
    private static final Payload V = Payload.utf8("v");
    private static final Payload W = Payload.utf8("w");

    private final Acceptor acceptor = new Acceptor();

    @Test
    void rule1AnotherValueAtTheSameBallotIsRefusedAloudAndChangesNothing() {
        acceptor.onAccept(new SingleMessage.Accept(LOW, V));

        assertThatThrownBy(() -> acceptor.onAccept(new SingleMessage.Accept(LOW, W)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ballot 1.a.1 proposes 'w' after it proposed 'v'");
        assertThat(acceptor.accepted()).isEqualTo(new Proposal<>(LOW, V));
        assertThat(acceptor.promised()).isEqualTo(LOW);
    }

    @Test
    void rule2AcceptingWithoutHavingPromisedBindsLikeAPromise() {
        acceptor.onAccept(new SingleMessage.Accept(HIGH, V));

        assertThat(acceptor.promised()).isEqualTo(HIGH);
        assertThat(acceptor.onPrepare(new SingleMessage.Prepare(LOW))).isEqualTo(new SingleMessage.Nack(LOW, HIGH));
        assertThat(acceptor.onAccept(new SingleMessage.Accept(LOW, W))).isEqualTo(new SingleMessage.Nack(LOW, HIGH));
    }
}
