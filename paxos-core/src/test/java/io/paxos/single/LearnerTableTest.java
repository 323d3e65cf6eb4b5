// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A learner under every sequence of (acceptor, ballot, value) up to a length, and with one to five acceptors in every
 * state it can reach. The oracle keeps the bare set of facts and asks of each ballot whether a quorum stands in it.
 */
class LearnerTableTest {

    private static final List<Ballot> BALLOTS = List.of(
            new Ballot(1, NodeId.of("p"), 1), new Ballot(1, NodeId.of("p"), 2), new Ballot(1, NodeId.of("q"), 0));

    /** What a learner is shown: that someone accepted a value, or, if from is negative, that it was decided. */
    private record Shown(int from, int ballot, String value) {
        boolean isDecide() {
            return from < 0;
        }
    }

    /** What the facts shown come to. */
    private record Verdict(boolean broken, @Nullable String chosen) {}

    private static Verdict judge(QuorumCase quorums, List<Shown> history) {
        Set<Shown> facts = new HashSet<>(history);
        facts.removeIf(fact -> fact.from() == quorums.n());
        Set<String> chosen = new TreeSet<>();
        boolean broken = false;
        for (int ballot = 0; ballot < BALLOTS.size(); ballot++) {
            Set<String> values = new TreeSet<>();
            int voters = 0;
            for (Shown fact : facts) {
                if (!fact.isDecide() && fact.ballot() == ballot) {
                    values.add(fact.value());
                    voters |= 1 << fact.from();
                }
            }
            broken |= values.size() > 1;
            if (QuorumCase.contains(quorums.phase2(), voters)) {
                chosen.addAll(values);
            }
        }
        facts.stream().filter(Shown::isDecide).map(Shown::value).forEach(chosen::add);
        return new Verdict(
                broken || chosen.size() > 1, chosen.stream().findFirst().orElse(null));
    }

    private static @Nullable Payload show(QuorumCase quorums, Learner learner, Shown shown) {
        Payload value = Payload.utf8(shown.value());
        return shown.isDecide()
                ? learner.onDecide(new SingleMessage.Decide(value))
                : learner.onAccepted(quorums.node(shown.from()), new Proposal<>(BALLOTS.get(shown.ballot()), value));
    }

    /** Shows the history to a new learner and compares after the last step. Returns false where it had to throw. */
    private static boolean check(QuorumCase quorums, List<Shown> history) {
        Learner learner = new Learner(quorums.system());
        for (Shown shown : history.subList(0, history.size() - 1)) {
            show(quorums, learner, shown);
        }
        Shown last = history.get(history.size() - 1);
        Payload before = learner.chosen();
        Verdict verdict = judge(quorums, history);
        String outcome;
        try {
            Payload returned = show(quorums, learner, last);
            outcome = String.valueOf(returned);
            assertThat(learner.chosen()).isEqualTo(returned);
        } catch (IllegalStateException e) {
            outcome = "broken";
            assertThat(learner.chosen()).isEqualTo(before);
        }
        String due = verdict.broken()
                ? "broken"
                : String.valueOf(verdict.chosen() == null ? null : Payload.utf8(verdict.chosen()));
        if (!outcome.equals(due)) {
            assertThat(outcome).as("%s after %s", quorums, history).isEqualTo(due);
        }
        return !verdict.broken();
    }

    private static List<Shown> alphabet(int n, int ballots) {
        List<Shown> all = new ArrayList<>();
        for (String value : List.of("v", "w")) {
            for (int from = 0; from <= n; from++) {
                for (int ballot = 0; ballot < ballots; ballot++) {
                    all.add(new Shown(from, ballot, value));
                }
            }
            all.add(new Shown(-1, 0, value));
        }
        return all;
    }

    @Test
    void everySequenceOfUpToFourFacts() {
        long transitions = 0;
        for (int n = 1; n <= 3; n++) {
            List<Shown> alphabet = alphabet(n, 2);
            for (QuorumCase quorums : QuorumCase.withDifferentPhase2(n)) {
                transitions += Sequences.visitAll(
                        alphabet.size(),
                        4,
                        sequence -> check(
                                quorums,
                                IntStream.of(sequence).mapToObj(alphabet::get).toList()));
            }
        }
        System.out.println("Learner: " + transitions + " transitions in sequences enumerated");
        assertThat(transitions).isGreaterThanOrEqualTo(100_000);
    }

    /** The states: any set of members accepted v at the lowest ballot, any set w at the next; v may be known decided. */
    @Test
    void everyStateMeetsEveryFact() {
        long transitions = 0;
        for (int n = 1; n <= 5; n++) {
            List<Shown> alphabet = alphabet(n, BALLOTS.size());
            for (QuorumCase quorums : QuorumCase.withDifferentPhase2(n)) {
                transitions += explore(quorums, alphabet);
            }
        }
        System.out.println("Learner: " + transitions + " transitions out of every state enumerated");
        assertThat(transitions).isGreaterThanOrEqualTo(100_000);
    }

    private static long explore(QuorumCase quorums, List<Shown> alphabet) {
        long transitions = 0;
        Set<Set<Shown>> seen = new HashSet<>();
        Deque<List<Shown>> open = new ArrayDeque<>();
        open.add(List.of());
        while (!open.isEmpty()) {
            List<Shown> history = open.remove();
            for (Shown shown : alphabet) {
                List<Shown> longer = new ArrayList<>(history);
                longer.add(shown);
                transitions++;
                if (check(quorums, longer) && isState(quorums, shown) && seen.add(new HashSet<>(longer))) {
                    open.add(longer);
                }
            }
        }
        return transitions;
    }

    private static boolean isState(QuorumCase quorums, Shown shown) {
        return shown.from() < quorums.n()
                && (shown.isDecide() || shown.ballot() < 2)
                && shown.value().equals(shown.ballot() == 0 ? "v" : "w");
    }
}
