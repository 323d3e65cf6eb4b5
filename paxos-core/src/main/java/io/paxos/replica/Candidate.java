// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.log.PhaseOne;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;

/** Collects promises for one ballot, asking again those that have not answered. */
final class Candidate implements Role {

    private final Preparation preparation;
    private long progressAt;
    private boolean hasParts;

    Candidate(PhaseOne phaseOne, Outbox outbox, long now) {
        this.preparation = new Preparation(phaseOne, outbox);
        this.progressAt = now;
        preparation.ask(now);
    }

    /** A promise goes on. As long as one does, this candidacy is not in vain, however many parts it takes. */
    void onPart(Endpoint voter, long now) {
        progressAt = now;
        hasParts = true;
        preparation.askForNextPart(voter);
    }

    /** More has become known of who governs, and they have to promise too. */
    void goOn(long now) {
        progressAt = now;
        preparation.ask(now);
    }

    void tick(long now, int resendTicks) {
        preparation.tick(now, resendTicks);
    }

    /** When this candidacy began, or last came a part further. */
    long progressAt() {
        return progressAt;
    }

    /** Whether some promise has come a part further within so many ticks. */
    boolean comesOn(long now, int withinTicks) {
        return hasParts && now - progressAt < withinTicks;
    }

    Ballot ballot() {
        return phaseOne().ballot();
    }

    PhaseOne phaseOne() {
        return preparation.phaseOne();
    }

    Preparation preparation() {
        return preparation;
    }
}
