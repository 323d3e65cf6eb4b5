// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * An acceptor in every state, sent every message, and in every order of up to five messages. What it should do is told
 * by an oracle that remembers no highest ballot, but every vote ever cast.
 */
class AcceptorTableTest {

    /** Lowest first; neighbours differ in start, in proposer, in round. */
    private static final List<Ballot> BALLOTS = List.of(
            Ballot.ZERO,
            new Ballot(1, NodeId.of("b"), 5),
            new Ballot(1, NodeId.of("b"), 9),
            new Ballot(1, NodeId.of("c"), 2),
            new Ballot(2, NodeId.of("a"), 1));

    private static final List<Payload> VALUES = List.of(Payload.utf8("v"), Payload.utf8("w"));

    /** What may happen to an acceptor; a null value makes it a Prepare. */
    private record Stimulus(int ballot, @Nullable Payload value) {
        static final Stimulus RESTART = new Stimulus(-1, null);
    }

    private static final List<Stimulus> STIMULI = stimuli();

    private static List<Stimulus> stimuli() {
        List<Stimulus> all = new ArrayList<>();
        for (int ballot = 0; ballot < BALLOTS.size(); ballot++) {
            all.add(new Stimulus(ballot, null));
            all.add(new Stimulus(ballot, VALUES.get(0)));
            all.add(new Stimulus(ballot, VALUES.get(1)));
        }
        all.add(Stimulus.RESTART);
        return all;
    }

    /** All that was ever promised and accepted, each ballot by its place in the list. */
    private static final class Votes {
        private final Set<Integer> promised = new HashSet<>();
        private final TreeMap<Integer, Payload> accepted = new TreeMap<>();

        /** The answer due; null where an exception is. */
        @Nullable
        SingleMessage answer(Stimulus stimulus) {
            int ballot = stimulus.ballot();
            if (ballot == 0 || promised.stream().anyMatch(p -> p > ballot)) {
                return new SingleMessage.Nack(BALLOTS.get(ballot), promise());
            }
            Payload value = stimulus.value();
            if (value == null) {
                promised.add(ballot);
                return new SingleMessage.Promise(BALLOTS.get(ballot), highestAccepted());
            }
            if (!value.equals(accepted.getOrDefault(ballot, value))) {
                return null;
            }
            promised.add(ballot);
            accepted.put(ballot, value);
            return new SingleMessage.Accepted(BALLOTS.get(ballot));
        }

        Ballot promise() {
            return BALLOTS.get(promised.stream().mapToInt(i -> i).max().orElse(0));
        }

        @Nullable
        Proposal<Payload> highestAccepted() {
            Map.Entry<Integer, Payload> last = accepted.lastEntry();
            return last == null ? null : new Proposal<>(BALLOTS.get(last.getKey()), last.getValue());
        }
    }

    private static SingleMessage deliver(Acceptor acceptor, Stimulus stimulus) {
        Ballot ballot = BALLOTS.get(stimulus.ballot());
        Payload value = stimulus.value();
        return value == null
                ? acceptor.onPrepare(new SingleMessage.Prepare(ballot))
                : acceptor.onAccept(new SingleMessage.Accept(ballot, value));
    }

    private static void assertSame(Acceptor acceptor, Votes votes) {
        assertThat(acceptor.promised()).isEqualTo(votes.promise());
        assertThat(acceptor.accepted()).isEqualTo(votes.highestAccepted());
    }

    /** Delivers to both, compares answer and state. Returns false where the acceptor had to throw. */
    private static boolean stepAndCompare(Acceptor acceptor, Votes votes, Stimulus stimulus) {
        SingleMessage due = votes.answer(stimulus);
        if (due == null) {
            assertThatThrownBy(() -> deliver(acceptor, stimulus))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(BALLOTS.get(stimulus.ballot()).toString());
        } else {
            assertThat(deliver(acceptor, stimulus)).isEqualTo(due);
        }
        assertSame(acceptor, votes);
        return due != null;
    }

    @Test
    void everyStateMeetsEveryMessageTwice() {
        long transitions = 0;
        for (int promised = 0; promised < BALLOTS.size(); promised++) {
            for (int accepted = 0; accepted <= promised; accepted++) {
                for (Payload value : VALUES) {
                    for (Stimulus stimulus : STIMULI.subList(0, STIMULI.size() - 1)) {
                        Votes votes = new Votes();
                        Proposal<Payload> proposal = null;
                        if (promised > 0) {
                            votes.promised.add(promised);
                        }
                        if (accepted > 0) {
                            votes.accepted.put(accepted, value);
                            proposal = new Proposal<>(BALLOTS.get(accepted), value);
                        }
                        Acceptor acceptor = new Acceptor(BALLOTS.get(promised), proposal);
                        stepAndCompare(acceptor, votes, stimulus);
                        stepAndCompare(acceptor, votes, stimulus);
                        transitions += 2;
                    }
                }
            }
        }
        System.out.println("Acceptor: " + transitions + " transitions out of every state enumerated");
        assertThat(transitions).isEqualTo(15 * 2 * 15 * 2);
    }

    /** A restart with the durable state is one of the things that may happen between any two messages. */
    @Test
    void everyOrderOfUpToFiveMessagesAndRestarts() {
        long transitions = Sequences.visitAll(STIMULI.size(), 5, sequence -> {
            Acceptor acceptor = new Acceptor();
            Votes votes = new Votes();
            for (int i = 0; i < sequence.length - 1; i++) {
                acceptor = replay(acceptor, votes, STIMULI.get(sequence[i]));
            }
            Stimulus last = STIMULI.get(sequence[sequence.length - 1]);
            if (last.equals(Stimulus.RESTART)) {
                assertSame(new Acceptor(acceptor.promised(), acceptor.accepted()), votes);
                return true;
            }
            return stepAndCompare(acceptor, votes, last);
        });
        System.out.println("Acceptor: " + transitions + " transitions in sequences enumerated");
        assertThat(transitions).isGreaterThanOrEqualTo(100_000);
    }

    private static Acceptor replay(Acceptor acceptor, Votes votes, Stimulus stimulus) {
        if (stimulus.equals(Stimulus.RESTART)) {
            return new Acceptor(acceptor.promised(), acceptor.accepted());
        }
        votes.answer(stimulus);
        deliver(acceptor, stimulus);
        return acceptor;
    }

    @Test
    void aMemoryThatAcceptedAboveItsPromiseIsDamaged() {
        for (int promised = 0; promised < BALLOTS.size(); promised++) {
            for (int accepted = promised + 1; accepted < BALLOTS.size(); accepted++) {
                Ballot promise = BALLOTS.get(promised);
                Proposal<Payload> above = new Proposal<>(BALLOTS.get(accepted), VALUES.get(0));
                assertThatThrownBy(() -> new Acceptor(promise, above))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(
                                "accepted " + above + " lies above the promise " + promise + "; the state is damaged");
            }
        }
    }
}
