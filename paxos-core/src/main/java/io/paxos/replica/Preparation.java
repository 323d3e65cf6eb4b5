// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.log.PhaseOne;
import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;

/**
 * Asks for the promises of one ballot, and again where no answer comes: of each configuration that governs slots in which
 * may be proposed (rule 10). A candidacy begins with it; a leader goes on with it when the membership has been changed.
 * Prepare waits for nothing: its ballot is never used twice, and the own promise waits like anyone's.
 */
final class Preparation {

    private final PhaseOne phaseOne;
    private final Outbox outbox;
    private long askedAt;

    Preparation(PhaseOne phaseOne, Outbox outbox) {
        this.phaseOne = phaseOne;
        this.outbox = outbox;
    }

    /** Asks everyone whose promise is missing. */
    void ask(long now) {
        askedAt = now;
        phaseOne.toAsk().forEach(this::askForNextPart);
    }

    void askForNextPart(Endpoint voter) {
        outbox.send(voter, new LogMessage.Prepare(phaseOne.ballot(), phaseOne.nextPart(voter)));
    }

    void tick(long now, int resendTicks) {
        if (now - askedAt >= resendTicks) {
            ask(now);
        }
    }

    PhaseOne phaseOne() {
        return phaseOne;
    }
}
