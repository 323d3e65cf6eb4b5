// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.roles;

import static java.util.Objects.requireNonNull;

import io.paxos.model.Payload;
import io.paxos.single.Proposer;
import io.paxos.single.SingleMessage;
import java.util.List;

/**
 * A duel between two proposers, each of which wants another value. They stop each other, a message is lost, one of them
 * wins; and the other, trying again, finds and proposes the value of the winner (P2c).
 */
final class Duel {

    private Duel() {}

    /** Plays it, always in the same way. */
    static MessageSequence play() {
        Stage stage = new Stage(List.of("p", "q"), List.of("a", "b", "c"));

        stage.heading("p and q both prepare, and q has the higher ballot");
        Proposer p1 = stage.attempt("p", 1, "apple");
        SingleMessage.Accept apple1 = requireNonNull(stage.prepare(p1, "a", "b", "c"));
        Proposer q2 = stage.attempt("q", 2, "pear");
        SingleMessage.Accept pear2 = requireNonNull(stage.prepare(q2, "a", "b", "c"));

        stage.heading("p is too late: all have promised q to take part in nothing lower");
        stage.accept(p1, apple1, "a", "b");
        stage.note(p1, p1.phase() + " by " + q2.ballot().round() + ".q, so it begins anew above that");

        stage.heading("p prepares again, and now q is too late at a and b; only c, which did not hear p, accepts pear");
        Proposer p3 = stage.attempt("p", 3, "apple");
        SingleMessage.Accept apple3 = requireNonNull(stage.prepare(p3, "a", "b"));
        stage.losePrepare(p3, "c");
        stage.accept(q2, pear2, "a", "b", "c");
        stage.note(q2, q2.phase() + " with one acceptance, which is no quorum");

        stage.heading("a and b accept from p: a quorum, so apple is chosen, and stays chosen");
        Payload chosen = requireNonNull(stage.accept(p3, apple3, "a", "b"));
        stage.note(p3, p3.phase() + " " + chosen.toUtf8());
        stage.decide(p3, chosen);

        stage.heading("q tries again, hears of pear at 2.q and of apple at 3.p, and must propose the higher one");
        Proposer q4 = stage.attempt("q", 4, "pear");
        SingleMessage.Accept again = requireNonNull(stage.prepare(q4, "c", "b"));
        stage.note(q4, "wanted pear, proposes " + again.value().toUtf8());
        Payload same = requireNonNull(stage.accept(q4, again, "c", "b", "a"));
        stage.note(q4, q4.phase() + " " + same.toUtf8());
        stage.decide(q4, same);
        return stage.sequence();
    }
}
