// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.log.CatchUp.Question;
import io.paxos.message.LogMessage.CatchUpRequest;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private static final int RESEND = 10;
    private static final Endpoint A = new Endpoint(NodeId.of("a"), new Incarnation(1));
    private static final Endpoint B = new Endpoint(NodeId.of("b"), new Incarnation(2));
    private static final List<Endpoint> PEERS = List.of(A, B);

    private final CatchUp catchUp = new CatchUp(RESEND, 4096);

    private static Question question(Endpoint peer, long from) {
        return new Question(peer, new CatchUpRequest(from, 4096));
    }

    @Test
    void nothingIsAskedWhereNothingIsMissing() {
        assertThat(catchUp.target()).isZero();
        assertThat(catchUp.next(0, 1, PEERS)).isNull();
        catchUp.hint(A, 5);
        assertThat(catchUp.target()).isEqualTo(5);
        assertThat(catchUp.next(5, 1, PEERS)).isNull();
        assertThat(catchUp.next(4, 1, PEERS)).isEqualTo(question(A, 5));
    }

    /** Found by seed 3915421281: a node that had been removed asked for ever the only voter it knew of, which was gone. */
    @Test
    void rule10_whoeverSaysThatThereIsMoreIsAskedInTurnThoughNotKnownToVote() {
        Endpoint stranger = new Endpoint(NodeId.of("c"), new Incarnation(3));
        catchUp.hint(stranger, 5);
        assertThat(catchUp.next(0, 1, List.of(A))).isEqualTo(question(stranger, 1));
        assertThat(catchUp.next(0, 1 + RESEND, List.of(A))).isEqualTo(question(A, 1));
        assertThat(catchUp.next(0, 1 + 2 * RESEND, List.of(A))).isEqualTo(question(stranger, 1));
        assertThat(catchUp.next(0, 1 + 3 * RESEND, List.of())).isEqualTo(question(stranger, 1));
        catchUp.hint(B, 5);
        Endpoint next = catchUp.next(0, 1 + 4 * RESEND, List.of(A)).peer();
        assertThat(List.of(next, catchUp.next(0, 1 + 5 * RESEND, List.of(A)).peer()))
                .as("who said so last is among them")
                .containsExactlyInAnyOrder(A, B);
    }

    @Test
    void whoeverHasDecidedFarthestIsAskedFirst() {
        catchUp.hint(B, 5);
        catchUp.hint(A, 5);
        catchUp.hint(A, 3);
        assertThat(catchUp.target()).isEqualTo(5);
        assertThat(catchUp.next(0, 1, PEERS)).isEqualTo(question(B, 1));
        catchUp.answered(B, true);
        catchUp.hint(A, 6);
        assertThat(catchUp.next(2, 1, PEERS)).isEqualTo(question(A, 3));
    }

    @Test
    void oneQuestionIsOutAtATimeAndTheNextWaitsForItsAnswer() {
        catchUp.hint(A, 50);
        assertThat(catchUp.next(0, 1, PEERS)).isEqualTo(question(A, 1));
        assertThat(catchUp.next(0, RESEND, PEERS)).isNull();
        catchUp.answered(A, true);
        assertThat(catchUp.next(20, RESEND, PEERS)).isEqualTo(question(A, 21));
        assertThat(catchUp.next(20, 2 * RESEND - 1, PEERS)).isNull();
    }

    @Test
    void whereNoAnswerComesTheOthersAreAskedInTurn() {
        catchUp.hint(A, 50);
        assertThat(catchUp.next(0, 1, PEERS)).isEqualTo(question(A, 1));
        assertThat(catchUp.next(0, 1 + RESEND, PEERS)).isEqualTo(question(A, 1));
        assertThat(catchUp.next(0, 1 + 2 * RESEND, PEERS)).isEqualTo(question(B, 1));
        assertThat(catchUp.next(0, 1 + 3 * RESEND, PEERS)).isEqualTo(question(A, 1));
    }

    @Test
    void whoHelpedIsAskedAgainAndWhoDidNotIsWaitedForLikeOneWhoIsSilent() {
        catchUp.hint(A, 50);
        assertThat(catchUp.next(0, 1, PEERS)).isNotNull();
        assertThat(catchUp.next(0, 1 + RESEND, PEERS)).isNotNull();
        assertThat(catchUp.next(0, 1 + 2 * RESEND, PEERS)).isEqualTo(question(B, 1));
        catchUp.answered(A, true);
        assertThat(catchUp.next(0, 2 + 2 * RESEND, PEERS))
                .as("the answer of another than the one asked")
                .isNull();
        catchUp.answered(B, false);
        assertThat(catchUp.next(0, 2 + 2 * RESEND, PEERS)).as("of no use").isNull();
        catchUp.answered(B, true);
        assertThat(catchUp.next(7, 2 + 2 * RESEND, PEERS)).isEqualTo(question(B, 8));
    }

    @Test
    void whatWasLearnedAnotherWayEndsTheWaiting() {
        catchUp.hint(A, 5);
        assertThat(catchUp.next(0, 1, PEERS)).isNotNull();
        assertThat(catchUp.next(5, 2, PEERS)).isNull();
        catchUp.hint(B, 9);
        assertThat(catchUp.next(5, 2, PEERS)).isEqualTo(question(B, 6));
    }
}
