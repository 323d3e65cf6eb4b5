// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Ballot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that ever happened to one question with one answer, a slot or a decree: who proposed what at which ballot, which
 * stores durably accepted it, and what is therefore chosen.
 *
 * @param <V> the type of the values
 */
public final class Choice<V> {

    private final List<Ballotted<V>> proposals = new ArrayList<>(1);
    private @Nullable Ballotted<V> chosen;

    /**
     * The proposal of a ballot.
     *
     * @param ballot the ballot
     * @return the proposal, or null if none is known
     */
    public @Nullable Ballotted<V> at(Ballot ballot) {
        for (Ballotted<V> proposal : proposals) {
            if (proposal.ballot.equals(ballot)) {
                return proposal;
            }
        }
        return null;
    }

    /**
     * Every proposal, in the order in which they became known.
     *
     * @return the live list, not to be changed
     */
    public List<Ballotted<V>> proposals() {
        return proposals;
    }

    /**
     * What is chosen: the first proposal that a phase-2 quorum of the formed vector durably accepted.
     *
     * @return the proposal, or null while nothing is chosen
     */
    public @Nullable Ballotted<V> chosen() {
        return chosen;
    }

    Ballotted<V> propose(Ballot ballot, V value) {
        Ballotted<V> known = at(ballot);
        if (known == null) {
            known = new Ballotted<>(ballot, value);
            proposals.add(known);
        }
        return known;
    }

    void choose(Ballotted<V> proposal) {
        if (chosen == null) {
            chosen = proposal;
        }
    }

    /**
     * One value at one ballot.
     *
     * @param <V> the type of the value
     */
    public static final class Ballotted<V> {

        private final Ballot ballot;
        private final V value;
        private long stores;
        private long votes;
        private long epoch;
        private boolean counted;

        private Ballotted(Ballot ballot, V value) {
            this.ballot = ballot;
            this.value = value;
        }

        /**
         * The ballot.
         *
         * @return the ballot of the proposal
         */
        public Ballot ballot() {
            return ballot;
        }

        /**
         * The value.
         *
         * @return the value of the proposal
         */
        public V value() {
            return value;
        }

        /**
         * Whether a store has ever durably held this proposal.
         *
         * @param store the number of the store
         * @return true if it accepted
         */
        public boolean acceptedBy(int store) {
            return (stores & (1L << store)) != 0;
        }

        void accept(int store) {
            stores |= 1L << store;
            votes |= 1L << store;
        }

        /** A store votes for it in an epoch; says whether it is the one in which all have voted for it. */
        boolean accept(int store, long in) {
            boolean isFirst = votes == 0;
            epoch = isFirst ? in : epoch;
            accept(store);
            return in == epoch;
        }

        /** A store holds it because another one did, and has not voted for it (rule 16). */
        void takeOver(int store) {
            stores |= 1L << store;
        }

        /**
         * The epoch in which it was voted for; slots of logs have none.
         *
         * @return the epoch, 0 for the first
         */
        public long epoch() {
            return epoch;
        }

        /**
         * Whether a phase-2 quorum has voted for it.
         *
         * @return true if it was found chosen
         */
        public boolean isChosen() {
            return counted;
        }

        /** Who has voted for it. */
        long votes() {
            return votes;
        }

        /** Marks this proposal as found chosen; true the first time. */
        boolean countAsChosen() {
            boolean first = !counted;
            counted = true;
            return first;
        }

        @Override
        public String toString() {
            return value + "@" + ballot;
        }
    }
}
