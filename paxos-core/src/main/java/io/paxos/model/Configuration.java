// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who belongs to a log, and in what part: those whose votes count, each down to the incarnation of its store, and those
 * who only learn. A log has one configuration after another, numbered without a gap; version 0 is the vector with which
 * the cluster formed, and each later one was decided in the log itself (rule 10; Lamport, Malkhi, Zhou, "Reconfiguring a
 * State Machine", 2010).
 *
 * @param version 0, 1, 2 and so on
 * @param voters the nodes that vote
 * @param observers the nodes that belong to the log and do not vote, by name alone: whichever store they have, it learns
 */
public record Configuration(long version, Membership voters, SortedSet<NodeId> observers) {

    /**
     * Copies and checks.
     *
     * @throws IllegalArgumentException if the version is negative, or a node is to vote and to observe
     */
    public Configuration {
        if (version < 0) {
            throw new IllegalArgumentException("configurations are numbered from 0, not " + version);
        }
        SortedSet<NodeId> copy = Collections.unmodifiableSortedSet(new TreeSet<>(observers));
        for (NodeId observer : copy) {
            if (voters.voters().containsKey(observer)) {
                throw new IllegalArgumentException(
                        "node " + observer + " cannot vote and only observe; choose one part");
            }
        }
        observers = copy;
    }

    /**
     * The configuration with which every log begins.
     *
     * @param formed the vector with which the cluster formed
     * @return version 0, without observers
     */
    public static Configuration initial(Membership formed) {
        return new Configuration(0, formed, Collections.emptySortedSet());
    }

    /**
     * Whether the votes of exactly this store count.
     *
     * @param endpoint the node and its store
     * @return true if it is a voter
     */
    public boolean counts(Endpoint endpoint) {
        return voters.counts(endpoint);
    }

    /**
     * Whether a node belongs to the log in any part.
     *
     * @param node its name
     * @return true if it votes, with whatever store, or observes
     */
    public boolean includes(NodeId node) {
        return voters.voters().containsKey(node) || observers.contains(node);
    }

    @Override
    public String toString() {
        return "v" + version + voters + (observers.isEmpty() ? "" : "+" + observers);
    }
}
