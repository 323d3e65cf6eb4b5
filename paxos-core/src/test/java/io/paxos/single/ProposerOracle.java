// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What a proposer should be after a history of messages, found by asking the history when each thing first became true.
 * It keeps no state from one message to the next, which is where a real proposer can go wrong.
 */
final class ProposerOracle {

    /** Lowest first; the proposer's own is in the middle, its neighbours are other starts of the same node. */
    static final List<Ballot> BALLOTS = List.of(
            new Ballot(1, NodeId.of("z"), 9),
            new Ballot(2, NodeId.of("p"), 6),
            new Ballot(2, NodeId.of("p"), 7),
            new Ballot(2, NodeId.of("p"), 8),
            new Ballot(3, NodeId.of("a"), 1));

    static final int OWN = 2;
    static final Payload WANTED = Payload.utf8("wanted");

    private static final int NEVER = Integer.MAX_VALUE;

    /** A message to the proposer, its ballots given by their place in {@link #BALLOTS}, its sender by number. */
    sealed interface Step {
        record Promise(int from, int ballot, @Nullable Report report) implements Step {}

        record Accepted(int from, int ballot) implements Step {}

        record Nack(int ballot, int promised) implements Step {}
    }

    record Report(int ballot, String value) {
        Proposal<Payload> proposal() {
            return new Proposal<>(BALLOTS.get(ballot), Payload.utf8(value));
        }
    }

    private final QuorumCase quorums;
    private final List<Step> history;
    private final int refusedAt;
    private final int readyAt;
    private final int chosenAt;

    ProposerOracle(QuorumCase quorums, List<Step> history) {
        this.quorums = quorums;
        this.history = history;
        this.refusedAt = firstIndex(i -> refusesOwn(history.get(i)));
        int quorumAt = firstIndex(i -> QuorumCase.contains(quorums.phase1(), promisers(i)));
        this.readyAt = quorumAt < refusedAt ? quorumAt : NEVER;
        this.chosenAt = firstIndex(i -> QuorumCase.contains(quorums.phase2(), acceptors(i)));
    }

    private int firstIndex(IntPredicate condition) {
        for (int i = 0; i < history.size(); i++) {
            if (condition.test(i)) {
                return i;
            }
        }
        return NEVER;
    }

    private static boolean refusesOwn(Step step) {
        return step instanceof Step.Nack nack && nack.ballot() == OWN && nack.promised() > OWN;
    }

    private boolean promises(int index, int member) {
        return history.get(index) instanceof Step.Promise p && p.ballot() == OWN && p.from() == member;
    }

    private boolean accepts(int index, int member) {
        return history.get(index) instanceof Step.Accepted a && a.ballot() == OWN && a.from() == member;
    }

    /** The members that promised the own ballot at or before an index. */
    private int promisers(int upTo) {
        int members = 0;
        for (Step step : history.subList(0, upTo + 1)) {
            if (step instanceof Step.Promise p && p.ballot() == OWN) {
                members |= 1 << p.from();
            }
        }
        return members & ~(1 << quorums.n());
    }

    /** The members that accepted the own ballot at or before an index, and after there was something to accept. */
    private int acceptors(int upTo) {
        int members = 0;
        for (Step step : readyAt > upTo ? List.<Step>of() : history.subList(readyAt, upTo + 1)) {
            if (step instanceof Step.Accepted a && a.ballot() == OWN) {
                members |= 1 << a.from();
            }
        }
        return members & ~(1 << quorums.n());
    }

    Proposer.Phase phase() {
        if (chosenAt != NEVER) {
            return Proposer.Phase.CHOSEN;
        }
        if (refusedAt != NEVER) {
            return Proposer.Phase.SUPERSEDED;
        }
        return readyAt == NEVER ? Proposer.Phase.PREPARING : Proposer.Phase.ACCEPTING;
    }

    /** The value of the highest ballot that a first promise of any member reported before the quorum was complete. */
    @Nullable
    Payload proposed() {
        if (readyAt == NEVER) {
            return null;
        }
        for (int ballot = BALLOTS.size() - 1; ballot >= 0; ballot--) {
            for (int member = 0; member < quorums.n(); member++) {
                Report report = reportOf(member);
                if (report != null && report.ballot() == ballot) {
                    return Payload.utf8(report.value());
                }
            }
        }
        return WANTED;
    }

    private @Nullable Report reportOf(int member) {
        int index = firstIndex(i -> promises(i, member));
        return index <= readyAt && index != NEVER ? ((Step.Promise) history.get(index)).report() : null;
    }

    Ballot highestSeen() {
        int highest = OWN;
        for (Step step : history) {
            if (step instanceof Step.Nack nack && nack.ballot() == OWN && nack.promised() > highest) {
                highest = nack.promised();
            }
        }
        return BALLOTS.get(highest);
    }

    boolean hasAnswered(int node) {
        if (node == quorums.n()) {
            return false;
        }
        int first = readyAt == NEVER
                ? firstIndex(i -> i < refusedAt && promises(i, node))
                : firstIndex(i -> i > readyAt && i <= chosenAt && accepts(i, node));
        return first != NEVER;
    }

    /** What the last message of the history should have returned. */
    @Nullable
    Object returned() {
        int last = history.size() - 1;
        if (readyAt == last) {
            return new SingleMessage.Accept(BALLOTS.get(OWN), proposed());
        }
        return chosenAt == last ? proposed() : null;
    }

    /** What distinguishes this history from another one for all that may come. */
    List<Object> summary() {
        List<Object> summary = new ArrayList<>(List.of(phase(), String.valueOf(proposed()), highestSeen()));
        for (int member = 0; member < quorums.n(); member++) {
            summary.add(hasAnswered(member));
            summary.add(phase() == Proposer.Phase.PREPARING ? String.valueOf(reportSoFar(member)) : "");
        }
        return summary;
    }

    private @Nullable Report reportSoFar(int member) {
        int index = firstIndex(i -> promises(i, member));
        return index == NEVER ? null : ((Step.Promise) history.get(index)).report();
    }
}
