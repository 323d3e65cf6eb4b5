// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.single.SingleDecreeModel.Attempt;
import io.paxos.single.SingleDecreeModel.Column;
import io.paxos.single.SingleDecreeModel.State;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Agreement and validity, checked in every state of small systems made of the real roles. */
class SingleDecreeModelTest {

    private static final Ballot B1 = Ballot.ZERO.next(SingleDecreeModel.FIRST, 1);
    private static final Ballot B2 = Ballot.ZERO.next(SingleDecreeModel.SECOND, 1);
    private static final Ballot B3 = B2.next(SingleDecreeModel.FIRST, 1);

    private static Set<NodeId> acceptors(int n) {
        Set<NodeId> acceptors = new HashSet<>();
        IntStream.rangeClosed(1, n).forEach(i -> acceptors.add(NodeId.of("a" + i)));
        return acceptors;
    }

    /** Looks at one state after another, and remembers what has been seen at all. */
    private static final class Checker {
        private final QuorumSystem quorums;
        private final List<Ballot> ballots;
        private final List<NodeId> acceptors;
        private final Set<Payload> everChosen = new HashSet<>();
        private boolean attemptAdoptedAnotherValue;
        private boolean votesWaited;

        Checker(QuorumSystem quorums, List<Ballot> ballots) {
            this.quorums = quorums;
            this.ballots = ballots;
            this.acceptors = quorums.members().stream().sorted().toList();
        }

        SingleDecreeModel explore(int waitingLimit) {
            SingleDecreeModel model = new SingleDecreeModel(quorums, ballots, waitingLimit);
            model.explore(state -> check(model, state));
            System.out.println("Single decree: " + acceptors.size() + " acceptors, " + ballots.size() + " ballots, "
                    + model.states() + " states, " + model.transitions() + " transitions");
            return model;
        }

        private void check(SingleDecreeModel model, State state) {
            Learner learner = new Learner(quorums);
            Payload chosen = null;
            for (int k = 0; k < ballots.size(); k++) {
                Attempt attempt = state.attempts().get(k);
                Set<NodeId> voters = voters(state, ballots.get(k));
                Payload proposed = attempt == null ? null : attempt.proposed();
                if (proposed == null) {
                    demand(voters.isEmpty(), "votes for what nobody proposed", state);
                    continue;
                }
                NodeId owner = ballots.get(k).proposer();
                attemptAdoptedAnotherValue |= !proposed.equals(SingleDecreeModel.wanted(owner));
                boolean choosing = quorums.isPhase2Quorum(voters);
                if (choosing) {
                    demand(chosen == null || chosen.equals(proposed), "two values are chosen", state);
                    chosen = proposed;
                    everChosen.add(chosen);
                }
                demand(
                        choosing ? proposed.equals(model.chosenBy(state, k)) : model.chosenBy(state, k) == null,
                        "the proposer of ballot " + ballots.get(k) + " misjudges its votes",
                        state);
                Proposal<Payload> proposal = new Proposal<>(ballots.get(k), proposed);
                voters.forEach(voter -> learner.onAccepted(voter, proposal));
            }
            demand(Objects.equals(learner.chosen(), chosen), "the learner knows something else", state);
            state.columns().forEach(column -> checkVotesAreDurable(column, state));
        }

        private static void demand(boolean holds, String otherwise, State state) {
            if (!holds) {
                throw new AssertionError(otherwise + " in " + state);
            }
        }

        private Set<NodeId> voters(State state, Ballot ballot) {
            Set<NodeId> voters = new HashSet<>();
            for (int i = 0; i < acceptors.size(); i++) {
                if (state.columns().get(i).sent().contains(new SingleMessage.Accepted(ballot))) {
                    voters.add(acceptors.get(i));
                }
            }
            return voters;
        }

        private void checkVotesAreDurable(Column column, State state) {
            votesWaited |= !column.waiting().isEmpty();
            Ballot promised = column.durable().promised();
            Proposal<Payload> accepted = column.durable().accepted();
            for (SingleMessage vote : column.sent()) {
                boolean held = vote instanceof SingleMessage.Promise p
                        ? p.ballot().compareTo(promised) <= 0
                        : accepted != null
                                && ((SingleMessage.Accepted) vote).ballot().compareTo(accepted.ballot()) <= 0;
                demand(held, "an acceptor sent " + vote + " and holds less on disk", state);
            }
        }
    }

    private static void assertSafe(QuorumSystem quorums, List<Ballot> ballots, int waitingLimit) {
        Checker checker = new Checker(quorums, ballots);
        SingleDecreeModel model = checker.explore(waitingLimit);
        assertThat(model.states()).isGreaterThan(1_000);
        assertThat(checker.everChosen)
                .as("each proposer wins in some state, and nothing else is ever chosen")
                .containsExactlyInAnyOrder(
                        SingleDecreeModel.wanted(SingleDecreeModel.FIRST),
                        SingleDecreeModel.wanted(SingleDecreeModel.SECOND));
        assertThat(checker.attemptAdoptedAnotherValue).isTrue();
        assertThat(checker.votesWaited).isEqualTo(waitingLimit > 0);
    }

    @Test
    void threeAcceptorsAgreeThroughCrashes() {
        assertSafe(new MajorityQuorums(acceptors(3)), List.of(B1, B2), 2);
    }

    @Test
    void threeAcceptorsAgreeThroughARetry() {
        assertSafe(new MajorityQuorums(acceptors(3)), List.of(B1, B2, B3), 0);
    }

    @Test
    void fourAcceptorsAgree() {
        assertSafe(new MajorityQuorums(acceptors(4)), List.of(B1, B2), 1);
    }

    @Test
    void fourAcceptorsAgreeWithSmallPhase2Quorums() {
        assertSafe(new FlexibleQuorums(acceptors(4), 3, 2), List.of(B1, B2), 1);
    }

    /** The check itself can fail: halves of four acceptors need not meet, and it finds the two values. */
    @Test
    void quorumsThatDoNotMeetAreFoundOut() {
        Set<NodeId> four = acceptors(4);
        QuorumSystem halves = new QuorumSystem() {
            @Override
            public Set<NodeId> members() {
                return four;
            }

            @Override
            public String description() {
                return "any 2 of " + four;
            }

            @Override
            public boolean isPhase1Quorum(Set<NodeId> some) {
                return some.size() >= 2;
            }

            @Override
            public boolean isPhase2Quorum(Set<NodeId> some) {
                return some.size() >= 2;
            }
        };
        assertThatThrownBy(() -> new Checker(halves, List.of(B1, B2)).explore(1))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("two values are chosen");
    }
}
