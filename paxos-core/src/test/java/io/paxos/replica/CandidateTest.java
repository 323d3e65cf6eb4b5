// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ME;
import static io.paxos.replica.Parts.ballot;
import static io.paxos.replica.Parts.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.log.PhaseOne;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a candidate asks for what, and when again. */
class CandidateTest {

    private static final Ballot BALLOT = ballot(3, ME);

    private final Parts parts = new Parts();
    private final PhaseOne phaseOne = new PhaseOne(parts.peers.regimes().governing(), BALLOT, 5);
    private final Candidate candidate = new Candidate(phaseOne, parts.outbox, 100);

    private static LogMessage.Prepare prepare(long from) {
        return new LogMessage.Prepare(BALLOT, from);
    }

    private static LogMessage.Promise promise(long first, long end, boolean last) {
        SlotProposal held = new SlotProposal(first, new Proposal<>(ballot(1, C), Parts.command(1)));
        return new LogMessage.Promise(BALLOT, new SlotRange(first, end), last, 0, 0, List.of(held));
    }

    @Test
    void everyVoterIsAskedAndThoseThatDidNotAnswerAreAskedAgainInTime() {
        assertThat(parts.said()).containsExactly(said(ME, prepare(5)), said(B, prepare(5)), said(C, prepare(5)));
        phaseOne.onPromise(ME, promise(5, 6, true));
        phaseOne.onPromise(B, promise(5, 6, false));
        candidate.tick(119, 20);
        assertThat(parts.said()).isEmpty();
        candidate.tick(120, 20);
        assertThat(parts.said())
                .as("for the part that is missing")
                .containsExactly(said(B, prepare(6)), said(C, prepare(5)));
        candidate.tick(139, 20);
        assertThat(parts.said()).isEmpty();
    }

    @Test
    void theNextPartOfAPromiseIsAskedForAtOnceAndCountsAsProgress() {
        parts.said();
        assertThat(candidate.progressAt()).isEqualTo(100);
        phaseOne.onPromise(B, promise(5, 6, false));
        candidate.onPart(B, 110);
        assertThat(parts.said()).containsExactly(said(B, prepare(6)));
        assertThat(candidate.progressAt()).isEqualTo(110);
    }

    @Test
    void whoHasJustBecomeKnownToGovernIsAskedAtOnceWhichCountsAsProgress() {
        parts.said();
        phaseOne.onPromise(ME, promise(5, 6, true));
        candidate.goOn(115);
        assertThat(parts.said()).containsExactly(said(B, prepare(5)), said(C, prepare(5)));
        assertThat(candidate.progressAt()).isEqualTo(115);
    }

    @Test
    void aCandidacyComesOnWhilePartsOfPromisesComeInTime() {
        assertThat(candidate.comesOn(100, 20)).as("no part yet").isFalse();
        phaseOne.onPromise(B, promise(5, 6, false));
        candidate.onPart(B, 110);
        assertThat(candidate.comesOn(129, 20)).isTrue();
        assertThat(candidate.comesOn(130, 20)).isFalse();
    }
}
