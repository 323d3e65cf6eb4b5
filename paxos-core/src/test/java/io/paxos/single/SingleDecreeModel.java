// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.QuorumSystem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Two proposers and a few acceptors, real ones, in every state that any network and any crashes can bring them to.
 *
 * <p>A message that was sent may be delivered at any later moment, again and again, or never: that is loss,
 * duplication, delay and reordering in one. An acceptor's vote waits for its write; a crash takes the acceptor back to
 * what was written and takes the waiting votes away. A proposer may give up at any moment and try at its next ballot.
 *
 * <p>So that the states stay few, three things are left out that can make no difference. States that differ only in the
 * names of acceptors are one. A promise is forgotten when the proposer it was meant for can never use one again. And an
 * Accepted changes nothing but what its proposer knows, so whoever looks at a state asks {@link #chosenBy} instead.
 */
final class SingleDecreeModel {

    static final NodeId FIRST = NodeId.of("p1");
    static final NodeId SECOND = NodeId.of("p2");

    /** What an acceptor remembers. */
    record Memory(Ballot promised, @Nullable Proposal<Payload> accepted) {
        static final Memory NONE = new Memory(Ballot.ZERO, null);
    }

    /** A promise that attempt number {@code attempt} has counted. */
    record Heard(int attempt, SingleMessage.Promise promise) {}

    /**
     * An acceptor, and all that depends on which acceptor it is.
     *
     * @param durable what it wrote
     * @param current what it knows
     * @param waiting votes that wait until what it knows is written
     * @param sent votes that left
     * @param heard its promises that were counted
     */
    record Column(
            Memory durable, Memory current, Set<SingleMessage> waiting, Set<SingleMessage> sent, Set<Heard> heard) {

        static final Column NEW = new Column(Memory.NONE, Memory.NONE, Set.of(), Set.of(), Set.of());

        Column written() {
            return new Column(current, current, Set.of(), plus(sent, waiting), heard);
        }

        Column crashed() {
            return new Column(durable, durable, Set.of(), sent, heard);
        }

        Column voted(Memory next, SingleMessage vote) {
            return new Column(durable, next, plus(waiting, List.of(vote)), sent, heard);
        }

        Column counted(Heard one) {
            return new Column(durable, current, waiting, sent, plus(heard, List.of(one)));
        }

        Column withoutPromisesTo(NodeId proposer, int latestAttempt) {
            return new Column(
                    durable,
                    current,
                    minus(waiting, vote -> isPromiseTo(proposer, vote)),
                    minus(sent, vote -> isPromiseTo(proposer, vote)),
                    minus(heard, one -> one.attempt() == latestAttempt));
        }

        private static <T> Set<T> minus(Set<T> some, Predicate<T> unwanted) {
            Set<T> fewer = new LinkedHashSet<>(some);
            fewer.removeIf(unwanted);
            return Collections.unmodifiableSet(fewer);
        }

        private static boolean isPromiseTo(NodeId proposer, SingleMessage vote) {
            return vote instanceof SingleMessage.Promise p
                    && p.ballot().proposer().equals(proposer);
        }

        private static <T> Set<T> plus(Set<T> some, Collection<T> more) {
            Set<T> all = new LinkedHashSet<>(some);
            all.addAll(more);
            return Collections.unmodifiableSet(all);
        }
    }

    /** One attempt of a proposer. Its Prepare was sent; so was its Accept, once it proposes. */
    record Attempt(boolean refused, @Nullable Payload proposed) {
        static final Attempt NEW = new Attempt(false, null);
    }

    /** Attempts in the order of their ballots, null where one has not begun; and the acceptors. */
    record State(List<@Nullable Attempt> attempts, List<Column> columns) {}

    private record Key(int attempts, long columns) {}

    private final QuorumSystem quorums;
    private final List<NodeId> acceptors;
    private final List<Ballot> ballots;
    private final int waitingLimit;
    private final Numbers<Column> columns = new Numbers<>();
    private final Numbers<List<@Nullable Attempt>> attempts = new Numbers<>();
    private final Map<List<Integer>, Integer> forgotten = new HashMap<>();
    private final Set<Key> seen = new HashSet<>();
    private final Deque<Key> open = new ArrayDeque<>();
    private long transitions;

    /**
     * A model that has not been explored.
     *
     * @param quorums the acceptors, at most four, and their quorums
     * @param ballots the ballots of all attempts, ascending; the first of each proposer is under way from the start
     * @param waitingLimit how many votes of one acceptor may wait for one write; 0 if it writes at once
     */
    SingleDecreeModel(QuorumSystem quorums, List<Ballot> ballots, int waitingLimit) {
        this.quorums = quorums;
        this.acceptors = quorums.members().stream().sorted().toList();
        this.ballots = ballots;
        this.waitingLimit = waitingLimit;
    }

    static Payload wanted(NodeId proposer) {
        return Payload.utf8("value of " + proposer);
    }

    /** Visits every state once. */
    void explore(Consumer<State> visitor) {
        List<@Nullable Attempt> begun = new ArrayList<>(Collections.nCopies(ballots.size(), null));
        begun.set(next(begun, FIRST), Attempt.NEW);
        begun.set(next(begun, SECOND), Attempt.NEW);
        reach(begun, Collections.nCopies(acceptors.size(), Column.NEW));
        while (!open.isEmpty()) {
            State state = stateOf(open.removeLast());
            visitor.accept(state);
            begin(state, FIRST);
            begin(state, SECOND);
            for (int i = 0; i < acceptors.size(); i++) {
                if (state.columns().indexOf(state.columns().get(i)) == i) {
                    actWith(state, i);
                }
            }
        }
    }

    long states() {
        return seen.size();
    }

    long transitions() {
        return transitions;
    }

    /**
     * What attempt k takes to be chosen when all that acceptors have sent to its proposer is delivered to it.
     *
     * @return the value, or null
     */
    @Nullable
    Payload chosenBy(State state, int k) {
        Proposer proposer = rebuild(state, k);
        for (int i = 0; i < acceptors.size(); i++) {
            for (SingleMessage vote : state.columns().get(i).sent()) {
                if (vote instanceof SingleMessage.Accepted accepted
                        && sameProposer(accepted.ballot(), ballots.get(k))) {
                    proposer.onAccepted(acceptors.get(i), accepted);
                }
            }
        }
        return proposer.phase() == Proposer.Phase.CHOSEN ? proposer.proposed() : null;
    }

    private static boolean sameProposer(Ballot a, Ballot b) {
        return a.proposer().equals(b.proposer());
    }

    private void begin(State state, NodeId proposer) {
        int k = next(state.attempts(), proposer);
        if (k >= 0) {
            reach(with(state.attempts(), k, Attempt.NEW), state.columns());
        }
    }

    /** The first attempt of a proposer that has not begun, or -1. */
    private int next(List<@Nullable Attempt> begun, NodeId proposer) {
        for (int k = 0; k < ballots.size(); k++) {
            if (begun.get(k) == null && ballots.get(k).proposer().equals(proposer)) {
                return k;
            }
        }
        return -1;
    }

    private int latest(List<@Nullable Attempt> begun, NodeId proposer) {
        int latest = -1;
        for (int k = 0; k < ballots.size(); k++) {
            if (begun.get(k) != null && ballots.get(k).proposer().equals(proposer)) {
                latest = k;
            }
        }
        return latest;
    }

    private void actWith(State state, int i) {
        Column column = state.columns().get(i);
        reach(state.attempts(), with(state.columns(), i, column.written()));
        reach(state.attempts(), with(state.columns(), i, column.crashed()));
        for (int k = 0; k < ballots.size(); k++) {
            Attempt attempt = state.attempts().get(k);
            if (attempt != null) {
                ask(state, i, k, new SingleMessage.Prepare(ballots.get(k)));
                if (attempt.proposed() != null) {
                    ask(state, i, k, new SingleMessage.Accept(ballots.get(k), attempt.proposed()));
                }
            }
        }
        for (SingleMessage vote : column.sent()) {
            if (vote instanceof SingleMessage.Promise promise) {
                answer(state, i, promise);
            }
        }
    }

    /** Delivers a Prepare or an Accept of attempt k to acceptor i. */
    private void ask(State state, int i, int k, SingleMessage request) {
        Column column = state.columns().get(i);
        Acceptor acceptor =
                new Acceptor(column.current().promised(), column.current().accepted());
        SingleMessage answer = request instanceof SingleMessage.Prepare prepare
                ? acceptor.onPrepare(prepare)
                : acceptor.onAccept((SingleMessage.Accept) request);
        if (answer instanceof SingleMessage.Nack nack) {
            refuse(state, k, nack);
        } else {
            Column voted = column.voted(new Memory(acceptor.promised(), acceptor.accepted()), answer);
            if (waitingLimit == 0) {
                reach(state.attempts(), with(state.columns(), i, voted.written()));
            } else if (voted.waiting().size() <= waitingLimit) {
                reach(state.attempts(), with(state.columns(), i, voted));
            }
        }
    }

    /** A Nack arrives at once or never; to arrive late is to be lost, and the refusal of a later request to arrive. */
    private void refuse(State state, int k, SingleMessage.Nack nack) {
        Proposer proposer = rebuild(state, k);
        proposer.onNack(nack);
        Attempt attempt = new Attempt(proposer.phase() == Proposer.Phase.SUPERSEDED, proposer.proposed());
        reach(with(state.attempts(), k, attempt), state.columns());
    }

    /** Delivers a promise of acceptor i to the proposer it is meant for, which may have gone on to another ballot. */
    private void answer(State state, int i, SingleMessage.Promise promise) {
        int k = latest(state.attempts(), promise.ballot().proposer());
        Proposer proposer = rebuild(state, k);
        boolean answered = proposer.hasAnswered(acceptors.get(i));
        SingleMessage.Accept accept = proposer.onPromise(acceptors.get(i), promise);
        if (accept != null) {
            reach(with(state.attempts(), k, new Attempt(false, accept.value())), state.columns());
        } else if (answered != proposer.hasAnswered(acceptors.get(i))) {
            Column column = state.columns().get(i).counted(new Heard(k, promise));
            reach(state.attempts(), with(state.columns(), i, column));
        }
    }

    /** The proposer of attempt k as it stands: one that proposes has heard a quorum report what it proposes. */
    private Proposer rebuild(State state, int k) {
        Attempt attempt = state.attempts().get(k);
        Ballot ballot = ballots.get(k);
        Proposer proposer = new Proposer(quorums, ballot, wanted(ballot.proposer()));
        for (int i = 0; i < acceptors.size(); i++) {
            if (attempt.proposed() != null) {
                proposer.onPromise(
                        acceptors.get(i),
                        new SingleMessage.Promise(ballot, new Proposal<>(Ballot.ZERO, attempt.proposed())));
            } else {
                for (Heard heard : state.columns().get(i).heard()) {
                    if (heard.attempt() == k) {
                        proposer.onPromise(acceptors.get(i), heard.promise());
                    }
                }
            }
        }
        if (attempt.refused()) {
            proposer.onNack(new SingleMessage.Nack(ballot, ballot.next(ballot.proposer(), 0)));
        }
        return proposer;
    }

    private static <T> List<T> with(List<T> list, int i, T element) {
        List<T> changed = new ArrayList<>(list);
        changed.set(i, element);
        return changed;
    }

    private void reach(List<@Nullable Attempt> nextAttempts, List<Column> nextColumns) {
        transitions++;
        long[] numbers = new long[nextColumns.size()];
        for (int i = 0; i < numbers.length; i++) {
            int number = columns.of(nextColumns.get(i));
            number = forgetPromises(number, nextAttempts, FIRST);
            numbers[i] = forgetPromises(number, nextAttempts, SECOND);
        }
        Arrays.sort(numbers);
        long packed = 0;
        for (long number : numbers) {
            packed = packed << 16 | number;
        }
        Key key = new Key(attempts.of(nextAttempts), packed);
        if (seen.add(key)) {
            open.add(key);
        }
    }

    /** Takes from a column what only this proposer could have used, if it never will. */
    private int forgetPromises(int column, List<@Nullable Attempt> begun, NodeId proposer) {
        int k = latest(begun, proposer);
        if (next(begun, proposer) >= 0
                || (!begun.get(k).refused() && begun.get(k).proposed() == null)) {
            return column;
        }
        return forgotten.computeIfAbsent(
                List.of(column, k), key -> columns.of(columns.get(column).withoutPromisesTo(proposer, k)));
    }

    private State stateOf(Key key) {
        List<Column> unpacked = new ArrayList<>();
        for (int i = acceptors.size() - 1; i >= 0; i--) {
            unpacked.add(columns.get((int) ((key.columns() >>> (16 * i)) & 0xffff)));
        }
        return new State(attempts.get(key.attempts()), unpacked);
    }

    /** Gives each value a number, so that a set of states takes little room. */
    private static final class Numbers<T> {
        private final Map<T, Integer> numbers = new HashMap<>();
        private final Map<T, Integer> numbersOfInstances = new IdentityHashMap<>();
        private final List<T> values = new ArrayList<>();

        int of(T value) {
            Integer known = numbersOfInstances.get(value);
            if (known == null) {
                known = numbers.get(value);
            }
            if (known != null) {
                return known;
            }
            if (values.size() == 1 << 16) {
                throw new IllegalStateException("more values than a key can tell apart");
            }
            numbers.put(value, values.size());
            numbersOfInstances.put(value, values.size());
            values.add(value);
            return values.size() - 1;
        }

        T get(int number) {
            return values.get(number);
        }
    }
}
