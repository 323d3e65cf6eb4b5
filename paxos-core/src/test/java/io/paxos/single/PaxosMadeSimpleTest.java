// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.MajorityQuorums;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The requirements by which "Paxos Made Simple" arrives at the algorithm, one test each, in the order of the paper. */
class PaxosMadeSimpleTest {

    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");
    private static final MajorityQuorums QUORUMS = MajorityQuorums.of(List.of(A, B, C));

    private static final Ballot LOW = Ballot.ZERO.next(A, 1);
    private static final Ballot MIDDLE = LOW.next(B, 1);
    private static final Ballot HIGH = MIDDLE.next(C, 1);

    private static final Payload V = Payload.utf8("v");
    private static final Payload W = Payload.utf8("w");

    private static SingleMessage.Promise promise(Ballot ballot, Proposal<Payload> accepted) {
        return new SingleMessage.Promise(ballot, accepted);
    }

    /** P1: an acceptor accepts the first proposal it receives, for there may never be another. */
    @Test
    void p1TheFirstProposalIsAccepted() {
        Acceptor acceptor = new Acceptor();

        assertThat(acceptor.onAccept(new SingleMessage.Accept(LOW, V))).isEqualTo(new SingleMessage.Accepted(LOW));
    }

    /** P1a: an acceptor accepts a proposal exactly if it has not answered a Prepare of a higher number. */
    @Test
    void p1aAPromiseShutsOutLowerProposalsAndNoOthers() {
        Acceptor acceptor = new Acceptor();
        acceptor.onPrepare(new SingleMessage.Prepare(MIDDLE));

        assertThat(acceptor.onAccept(new SingleMessage.Accept(LOW, V))).isEqualTo(new SingleMessage.Nack(LOW, MIDDLE));
        assertThat(acceptor.onAccept(new SingleMessage.Accept(MIDDLE, W)))
                .isEqualTo(new SingleMessage.Accepted(MIDDLE));
    }

    /** P2: once a value is chosen, whatever is chosen at a higher number is that value. */
    @Test
    void p2WhatIsChosenLaterIsWhatWasChosenBefore() {
        Acceptor a = new Acceptor();
        Acceptor b = new Acceptor();
        Acceptor c = new Acceptor();
        assertThat(chooseThrough(new Proposer(QUORUMS, LOW, V), A, a, B, b)).isEqualTo(V);

        assertThat(chooseThrough(new Proposer(QUORUMS, HIGH, W), B, b, C, c)).isEqualTo(V);
    }

    private static Payload chooseThrough(Proposer proposer, NodeId first, Acceptor one, NodeId second, Acceptor two) {
        proposer.onPromise(first, (SingleMessage.Promise) one.onPrepare(proposer.prepare()));
        SingleMessage.Accept accept =
                proposer.onPromise(second, (SingleMessage.Promise) two.onPrepare(proposer.prepare()));
        proposer.onAccepted(first, (SingleMessage.Accepted) one.onAccept(accept));
        return proposer.onAccepted(second, (SingleMessage.Accepted) two.onAccept(accept));
    }

    /** P2a: once a value is chosen, no acceptor accepts another at a higher number, not even one that heard nothing. */
    @Test
    void p2aNoAcceptorIsEverAskedToAcceptAnotherValueLater() {
        Acceptor a = new Acceptor();
        Acceptor b = new Acceptor();
        Acceptor hasHeardNothing = new Acceptor();
        chooseThrough(new Proposer(QUORUMS, LOW, V), A, a, B, b);

        chooseThrough(new Proposer(QUORUMS, HIGH, W), B, b, C, hasHeardNothing);

        assertThat(hasHeardNothing.accepted()).isEqualTo(new Proposal<>(HIGH, V));
    }

    /** P2b: once a value is chosen, no proposer proposes another: the quorum it asks holds one who accepted it. */
    @Test
    void p2bWhateverQuorumALaterProposerAsksItHearsOfTheChosenValue() {
        SingleMessage.Promise heard = promise(HIGH, new Proposal<>(LOW, V));
        SingleMessage.Promise nothing = promise(HIGH, null);
        for (List<NodeId> quorum : List.of(List.of(A, B), List.of(A, C), List.of(B, C))) {
            Proposer proposer = new Proposer(QUORUMS, HIGH, W);
            SingleMessage.Accept accept = null;
            for (NodeId member : quorum) {
                accept = proposer.onPromise(member, member.equals(C) ? nothing : heard);
            }
            assertThat(accept).as("after %s", quorum).isEqualTo(new SingleMessage.Accept(HIGH, V));
        }
    }

    /** P2c: a proposer proposes the value of the highest-numbered proposal its quorum reports, or, of none, its own. */
    @Test
    void p2cTheHighestReportedProposalBindsAndSilenceFrees() {
        Proposer bound = new Proposer(QUORUMS, HIGH, Payload.utf8("own"));
        bound.onPromise(B, promise(HIGH, new Proposal<>(MIDDLE, W)));
        Proposer free = new Proposer(QUORUMS, HIGH, Payload.utf8("own"));
        free.onPromise(B, promise(HIGH, null));

        assertThat(bound.onPromise(A, promise(HIGH, new Proposal<>(LOW, V))))
                .isEqualTo(new SingleMessage.Accept(HIGH, W));
        assertThat(free.onPromise(A, promise(HIGH, null)))
                .isEqualTo(new SingleMessage.Accept(HIGH, Payload.utf8("own")));
    }
}
