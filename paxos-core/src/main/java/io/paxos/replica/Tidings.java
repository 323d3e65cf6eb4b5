// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.Endpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whom a leader has told how far slots are decided. Every Accept says it, and otherwise it can wait for a tick: a message
 * of its own for each batch would wake every node once more, and nobody there waits for it. Only nodes whose own callers
 * wait, those that forward commands, are told at once.
 */
final class Tidings {

    /** For so many ticks after it has forwarded something, a node is told at once. */
    private static final int HURRY_TICKS = 50;

    private final Peers peers;
    private final Outbox outbox;
    private final Ballot ballot;
    private final Map<Endpoint, Long> told = new HashMap<>();
    private final Map<Endpoint, Long> hurriedUntil = new HashMap<>();
    /** What all were told last, and who they were: at most ticks of most logs there is nothing new. */
    private long allKnow = -1;

    private List<Endpoint> knowingVoters = List.of();
    private List<Endpoint> knowingObservers = List.of();

    Tidings(Peers peers, Outbox outbox, Ballot ballot) {
        this.peers = peers;
        this.outbox = outbox;
        this.ballot = ballot;
    }

    /** Callers wait behind this node. */
    void hurry(Endpoint node, long now) {
        hurriedUntil.put(node, now + HURRY_TICKS);
    }

    /** An Accept to these voters has said it. */
    void carried(Collection<Endpoint> voters, long decided) {
        voters.forEach(voter -> told.put(voter, decided));
    }

    /** Tells those who are in a hurry, if they do not know. */
    void tellHurried(long decided, long now) {
        if (hurriedUntil.isEmpty()) {
            return;
        }
        hurriedUntil.values().removeIf(until -> until <= now);
        tell(decided, hurriedUntil::containsKey);
    }

    /** Tells all who do not know. */
    void tellAll(long decided) {
        List<Endpoint> voters = peers.otherVoters();
        List<Endpoint> observers = peers.observers();
        if (decided == allKnow && voters.equals(knowingVoters) && observers.equals(knowingObservers)) {
            return;
        }
        allKnow = decided;
        knowingVoters = voters;
        knowingObservers = observers;
        if (told.size() > peers.voters().size() + peers.observers().size()) {
            // Observers that were started anew are others.
            told.keySet()
                    .removeIf(node ->
                            !peers.voters().contains(node) && !peers.observers().contains(node));
        }
        tell(decided, node -> true);
    }

    private void tell(long decided, Predicate<Endpoint> which) {
        tell(decided, peers.otherVoters(), which);
        tell(decided, peers.observers(), which);
    }

    private void tell(long decided, Collection<Endpoint> nodes, Predicate<Endpoint> which) {
        for (Endpoint node : nodes) {
            if (which.test(node) && told.getOrDefault(node, 0L) < decided) {
                told.put(node, decided);
                outbox.send(node, new LogMessage.Decide(ballot, decided));
            }
        }
    }
}
