// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.single.Acceptor;
import io.paxos.single.SafetyRules;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The acceptors of this node: one {@link Acceptor} for each name that was ever asked about, and is not decided.
 *
 * @param <N> what they are named by
 */
final class Acceptors<N extends Comparable<N>> {

    /** Says what an acceptor must not forget. */
    interface Recorder<N> {

        Write record(N name, Ballot promised, @Nullable Proposal<Payload> accepted);
    }

    private final Recorder<N> recorder;
    private final Map<N, Acceptor> acceptors = new HashMap<>();
    /** The names in order, once somebody has asked for them so: a node whose cluster never changes keeps no order. */
    private @Nullable TreeSet<N> ordered;

    private Acceptors(Recorder<N> recorder) {
        this.recorder = recorder;
    }

    /** Those of undecided decrees, with the memory of the store. */
    static Acceptors<DecreeName> ofDecrees(Map<DecreeName, Write.DecreeWrite> recovered) {
        Acceptors<DecreeName> all = new Acceptors<>(Write.DecreeWrite::new);
        recovered.forEach((name, state) -> all.acceptors.put(name, new Acceptor(state.promised(), state.accepted())));
        return all;
    }

    /** Those of registers, with the memory of the store. */
    static Acceptors<RegisterName> ofRegisters(Map<RegisterName, Write.RegisterWrite> recovered) {
        Acceptors<RegisterName> all = new Acceptors<>(Write.RegisterWrite::new);
        recovered.forEach((name, state) -> all.acceptors.put(name, new Acceptor(state.promised(), state.accepted())));
        return all;
    }

    /** Phase 1b for this name. */
    Reply onPrepare(N name, SingleMessage.Prepare prepare) {
        Acceptor acceptor = acceptor(name);
        Ballot before = acceptor.promised();
        SingleMessage answer = acceptor.onPrepare(prepare);
        return reply(name, answer, acceptor, !before.equals(acceptor.promised()));
    }

    /** Phase 2b for this name. */
    Reply onAccept(N name, SingleMessage.Accept accept) {
        Acceptor acceptor = acceptor(name);
        Ballot before = acceptor.promised();
        Proposal<Payload> held = acceptor.accepted();
        SingleMessage answer = acceptor.onAccept(accept);
        boolean changed = !before.equals(acceptor.promised())
                || held == null
                || !held.ballot().equals(accept.ballot());
        return reply(name, answer, acceptor, changed);
    }

    private Reply reply(N name, SingleMessage answer, Acceptor acceptor, boolean changed) {
        if (answer instanceof SingleMessage.Nack) {
            return new Reply(answer, false, List.of());
        }
        return new Reply(
                answer,
                true,
                changed ? List.of(recorder.record(name, acceptor.promised(), acceptor.accepted())) : List.of());
    }

    private Acceptor acceptor(N name) {
        Acceptor known = acceptors.get(name);
        if (known == null) {
            known = new Acceptor();
            put(name, known);
        }
        return known;
    }

    private void put(N name, Acceptor acceptor) {
        acceptors.put(name, acceptor);
        if (ordered != null) {
            ordered.add(name);
        }
    }

    /**
     * Takes over what another acceptor held (rule 16): of both promises the higher, of both proposals that of the higher
     * ballot. Only whoever does not vote may do so.
     *
     * @return what is to be written, or null if nothing changes by it
     * @throws IllegalStateException if two values turn out to be proposed at one ballot
     */
    @Nullable
    Write takeOver(N name, Ballot promised, @Nullable Proposal<Payload> accepted) {
        Ballot before = promised(name);
        Proposal<Payload> held = accepted(name);
        Proposal<Payload> higher = accepted == null ? held : SafetyRules.higher(held, accepted);
        Ballot highest = Ballot.max(before, promised);
        if (highest.equals(before) && Objects.equals(held, higher)) {
            return null;
        }
        put(name, new Acceptor(highest, higher));
        return recorder.record(name, highest, higher);
    }

    /** The first name behind a given one, or the first of all; null if there is none. */
    @Nullable
    N next(@Nullable N after) {
        TreeSet<N> names = ordered;
        if (names == null) {
            names = new TreeSet<>(acceptors.keySet());
            ordered = names;
        }
        if (after == null) {
            return names.isEmpty() ? null : names.first();
        }
        return names.higher(after);
    }

    /** What was accepted for this name, or null. */
    @Nullable
    Proposal<Payload> accepted(N name) {
        Acceptor acceptor = acceptors.get(name);
        return acceptor == null ? null : acceptor.accepted();
    }

    /** The highest ballot promised for this name. */
    Ballot promised(N name) {
        Acceptor acceptor = acceptors.get(name);
        return acceptor == null ? Ballot.ZERO : acceptor.promised();
    }

    /** Whether anything is remembered of this name. */
    boolean has(N name) {
        return acceptors.containsKey(name);
    }

    /** The decision replaces whatever was promised and accepted. */
    void forget(N name) {
        acceptors.remove(name);
        if (ordered != null) {
            ordered.remove(name);
        }
    }

    /** The names remembered, in order. */
    List<N> names() {
        return List.copyOf(new TreeMap<>(acceptors).keySet());
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
