package io.paxos.decree;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.single.Acceptor;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The acceptors of the undecided decrees of this node: one {@link Acceptor} for each name that was ever asked about. */
final class Acceptors {

    private final Map<DecreeName, Acceptor> undecided = new HashMap<>();

    /**
     * With the memory of the store.
     *
     * @param recovered what each had promised and accepted
     */
    Acceptors(Map<DecreeName, Write.DecreeWrite> recovered) {
        recovered.forEach((name, state) -> undecided.put(name, new Acceptor(state.promised(), state.accepted())));
    }

    /** Phase 1b for this name. */
    Reply onPrepare(DecreeName name, SingleMessage.Prepare prepare) {
        Acceptor acceptor = undecided.computeIfAbsent(name, n -> new Acceptor());
        Ballot before = acceptor.promised();
        SingleMessage answer = acceptor.onPrepare(prepare);
        return reply(name, answer, acceptor, !before.equals(acceptor.promised()));
    }

    /** Phase 2b for this name. */
    Reply onAccept(DecreeName name, SingleMessage.Accept accept) {
        Acceptor acceptor = undecided.computeIfAbsent(name, n -> new Acceptor());
        Ballot before = acceptor.promised();
        Proposal<Payload> held = acceptor.accepted();
        SingleMessage answer = acceptor.onAccept(accept);
        boolean changed = !before.equals(acceptor.promised())
                || held == null
                || !held.ballot().equals(accept.ballot());
        return reply(name, answer, acceptor, changed);
    }

    private static Reply reply(DecreeName name, SingleMessage answer, Acceptor acceptor, boolean changed) {
        if (answer instanceof SingleMessage.Nack) {
            return new Reply(answer, false, List.of());
        }
        return new Reply(
                answer,
                true,
                changed ? List.of(new Write.DecreeWrite(name, acceptor.promised(), acceptor.accepted())) : List.of());
    }

    /** What was accepted for this name, or null. */
    @Nullable
    Proposal<Payload> accepted(DecreeName name) {
        Acceptor acceptor = undecided.get(name);
        return acceptor == null ? null : acceptor.accepted();
    }

    /** The highest ballot promised for this name. */
    Ballot promised(DecreeName name) {
        Acceptor acceptor = undecided.get(name);
        return acceptor == null ? Ballot.ZERO : acceptor.promised();
    }

    /** Whether anything is remembered of this name. */
    boolean has(DecreeName name) {
        return undecided.containsKey(name);
    }

    /** The decision replaces whatever was promised and accepted. */
    void forget(DecreeName name) {
        undecided.remove(name);
    }

    /** The names remembered, in order. */
    List<DecreeName> names() {
        return List.copyOf(new TreeMap<>(undecided).keySet());
    }

    /**
     * What an acceptor answers.
     *
     * @param message the answer
     * @param isVote whether it may leave only when it is durable
     * @param writes what must be durable for that; empty if earlier writes say it already
     */
    record Reply(SingleMessage message, boolean isVote, List<Write> writes) {}
}
