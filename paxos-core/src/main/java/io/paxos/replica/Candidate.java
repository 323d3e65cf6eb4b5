package io.paxos.replica;

import io.paxos.log.PhaseOne;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;

/** Collects promises for one ballot, asking again those that have not answered. */
final class Candidate implements Role {

    private final PhaseOne phaseOne;
    private final Peers peers;
    private final Outbox outbox;
    private long progressAt;
    private long askedAt;

    Candidate(PhaseOne phaseOne, Peers peers, Outbox outbox, long now) {
        this.phaseOne = phaseOne;
        this.peers = peers;
        this.outbox = outbox;
        this.progressAt = now;
        ask(now);
    }

    private void ask(long now) {
        askedAt = now;
        for (Endpoint voter : peers.voters()) {
            if (!phaseOne.hasPromised(voter.node())) {
                askForNextPart(voter);
            }
        }
    }

    /** A promise goes on. As long as one does, this candidacy is not in vain, however many parts it takes. */
    void onPart(Endpoint voter, long now) {
        progressAt = now;
        askForNextPart(voter);
    }

    /** Prepare waits for nothing: its ballot is never used twice, and the own promise waits like anyone's. */
    private void askForNextPart(Endpoint voter) {
        outbox.send(voter, new LogMessage.Prepare(ballot(), phaseOne.nextPart(voter.node())));
    }

    void tick(long now, int resendTicks) {
        if (now - askedAt >= resendTicks) {
            ask(now);
        }
    }

    /** When this candidacy began, or last came a part further. */
    long progressAt() {
        return progressAt;
    }

    Ballot ballot() {
        return phaseOne.ballot();
    }

    PhaseOne phaseOne() {
        return phaseOne;
    }
}
