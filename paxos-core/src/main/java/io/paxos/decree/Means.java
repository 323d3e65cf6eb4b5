// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.quorum.QuorumSystem;
import java.util.random.RandomGenerator;

/** What it takes to pursue decrees once the cluster has formed: the same for all of them. */
final class Means {

    private final Questions questions;
    private final Ballots ballots;
    private final Agenda agenda;
    private final DecreeConfig config;
    private final RandomGenerator random;
    private final long start;
    private long asked;

    Means(
            Questions questions,
            Ballots ballots,
            Agenda agenda,
            DecreeConfig config,
            RandomGenerator random,
            long start) {
        this.questions = questions;
        this.ballots = ballots;
        this.agenda = agenda;
        this.config = config;
        this.random = random;
        this.start = start;
    }

    Questions questions() {
        return questions;
    }

    QuorumSystem quorums() {
        return electorate().quorums();
    }

    /** Whom is asked now. */
    Electorate electorate() {
        return questions.electorate();
    }

    /** A ballot of this start above the given one, never given out before. */
    Ballot ballotAbove(Ballot seen) {
        return ballots.above(seen);
    }

    /** The mark of a new round of questions. */
    Probe probe() {
        asked++;
        return new Probe(start, asked);
    }

    /** Does something after a pause before the next ballot, the longer the more have failed. */
    Agenda.Alarm afterBackoff(int failures, Runnable action) {
        return agenda.after(1 + random.nextInt(config.backoffTicks(failures)), action);
    }

    /** Does something after a pause before the next inquiry into a decree that nobody has decided. */
    Agenda.Alarm afterPatience(int fruitless, Runnable action) {
        int patience = config.patienceTicks() << Math.min(fruitless, 4);
        return agenda.after(patience + random.nextInt(patience), action);
    }
}
