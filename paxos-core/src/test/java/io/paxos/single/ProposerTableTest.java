// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.single.ProposerOracle.Report;
import io.paxos.single.ProposerOracle.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A proposer under every order of promises, acceptances and refusals up to a length, and in every state it can reach
 * with one to five acceptors under majority and every flexible quorum system: members and strangers, its own ballot and
 * four others, first answers and repeated ones.
 */
class ProposerTableTest {

    private static final int OWN = ProposerOracle.OWN;

    private static List<Step> alphabet(int n) {
        List<Step> steps = new ArrayList<>();
        Report low = new Report(0, "v");
        Report high = new Report(1, "w");
        for (int from = 0; from <= n; from++) {
            steps.add(new Step.Promise(from, OWN, null));
            steps.add(new Step.Promise(from, OWN, low));
            steps.add(new Step.Promise(from, OWN, high));
            steps.add(new Step.Promise(from, from % 2 == 0 ? OWN - 1 : OWN + 1, low));
            steps.add(new Step.Accepted(from, OWN));
            steps.add(new Step.Accepted(from, from % 2 == 0 ? OWN + 1 : OWN - 1));
        }
        for (int promised = OWN - 1; promised < ProposerOracle.BALLOTS.size(); promised++) {
            steps.add(new Step.Nack(OWN, promised));
        }
        steps.add(new Step.Nack(OWN - 1, OWN + 1));
        return steps;
    }

    private static @Nullable Object deliver(QuorumCase quorums, Proposer proposer, Step step) {
        if (step instanceof Step.Promise p) {
            return proposer.onPromise(
                    quorums.node(p.from()),
                    new SingleMessage.Promise(
                            ProposerOracle.BALLOTS.get(p.ballot()),
                            p.report() == null ? null : p.report().proposal()));
        }
        if (step instanceof Step.Accepted a) {
            return proposer.onAccepted(
                    quorums.node(a.from()), new SingleMessage.Accepted(ProposerOracle.BALLOTS.get(a.ballot())));
        }
        Step.Nack nack = (Step.Nack) step;
        proposer.onNack(new SingleMessage.Nack(
                ProposerOracle.BALLOTS.get(nack.ballot()), ProposerOracle.BALLOTS.get(nack.promised())));
        return null;
    }

    /** Replays the history on a new proposer and compares it, after the last step, with the oracle. */
    private static ProposerOracle check(QuorumCase quorums, List<Step> history) {
        Proposer proposer = new Proposer(quorums.system(), ProposerOracle.BALLOTS.get(OWN), ProposerOracle.WANTED);
        Object returned = null;
        for (Step step : history) {
            returned = deliver(quorums, proposer, step);
        }
        ProposerOracle oracle = new ProposerOracle(quorums, history);
        List<@Nullable Object> actual =
                new ArrayList<>(Arrays.asList(returned, proposer.phase(), proposer.proposed(), proposer.highestSeen()));
        List<@Nullable Object> due = new ArrayList<>(
                Arrays.asList(oracle.returned(), oracle.phase(), oracle.proposed(), oracle.highestSeen()));
        for (int node = 0; node <= quorums.n(); node++) {
            actual.add(proposer.hasAnswered(quorums.node(node)));
            due.add(oracle.hasAnswered(node));
        }
        if (!actual.equals(due)) {
            assertThat(actual).as("%s after %s", quorums, history).isEqualTo(due);
        }
        return oracle;
    }

    @Test
    void everyOrderOfAFewAnswers() {
        long transitions = 0;
        for (int n = 1; n <= 3; n++) {
            List<Step> alphabet = alphabet(n);
            List<QuorumCase> cases = QuorumCase.over(n);
            for (QuorumCase quorums : cases) {
                int longest = quorums.equals(cases.get(0)) ? 4 : 3;
                transitions += Sequences.visitAll(alphabet.size(), longest, sequence -> {
                    check(
                            quorums,
                            IntStream.of(sequence).mapToObj(alphabet::get).toList());
                    return true;
                });
            }
        }
        System.out.println("Proposer: " + transitions + " transitions in sequences enumerated");
        assertThat(transitions).isGreaterThanOrEqualTo(100_000);
    }

    @Test
    void everyStateMeetsEveryAnswer() {
        long transitions = 0;
        for (int n = 1; n <= 5; n++) {
            List<Step> alphabet = alphabet(n);
            for (QuorumCase quorums : QuorumCase.over(n)) {
                transitions += explore(quorums, alphabet);
            }
        }
        System.out.println("Proposer: " + transitions + " transitions out of every state enumerated");
        assertThat(transitions).isGreaterThanOrEqualTo(100_000);
    }

    private static long explore(QuorumCase quorums, List<Step> alphabet) {
        long transitions = 0;
        Set<List<Object>> seen = new HashSet<>();
        Deque<List<Step>> open = new ArrayDeque<>();
        open.add(List.of());
        while (!open.isEmpty()) {
            List<Step> history = open.remove();
            for (Step step : alphabet) {
                List<Step> longer = new ArrayList<>(history);
                longer.add(step);
                transitions++;
                if (seen.add(check(quorums, longer).summary())) {
                    open.add(longer);
                }
            }
        }
        return transitions;
    }
}
