// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The three decisions on which Paxos stands, as pure functions. They exist once: the single decree and the log both
 * call them. The names in brackets are those of "Paxos Made Simple" (Lamport, 2001).
 */
public final class SafetyRules {

    private SafetyRules() {}

    /**
     * May an acceptor promise? (Phase 1b, P1a.) It may if the ballot is not below what it has promised. To repeat the
     * promise of the very same ballot is harmless and answers a duplicated Prepare.
     *
     * @param promised the highest ballot promised so far, {@link Ballot#ZERO} if none
     * @param asked the ballot of the Prepare
     * @return true if the acceptor may promise to take part in no ballot below {@code asked}
     */
    public static boolean mayPromise(Ballot promised, Ballot asked) {
        return !asked.isZero() && asked.compareTo(promised) >= 0;
    }

    /**
     * May an acceptor accept? (Phase 2b, P1a.) It may unless it has promised a higher ballot. Accepting raises the
     * promise to the ballot accepted (rule 2): an acceptor that did not hear the Prepare is bound all the same.
     *
     * @param promised the highest ballot promised so far, {@link Ballot#ZERO} if none
     * @param asked the ballot of the Accept
     * @return true if the acceptor may accept a proposal of that ballot
     */
    public static boolean mayAccept(Ballot promised, Ballot asked) {
        return !asked.isZero() && asked.compareTo(promised) >= 0;
    }

    /**
     * What must a proposer propose? (P2c.) The value of the highest-ballot proposal that a phase-1 quorum has reported;
     * if it reported none, the proposer is free.
     *
     * @param reported the proposals reported by the members of one phase-1 quorum for one decree or slot; members that
     *     have accepted nothing contribute nothing
     * @param <V> the type of the values
     * @return the proposal whose value is to be proposed again, or null if the proposer may choose
     */
    public static <V> @Nullable Proposal<V> mustPropose(Collection<Proposal<V>> reported) {
        Proposal<V> highest = null;
        for (Proposal<V> proposal : reported) {
            highest = higher(highest, proposal);
        }
        return highest;
    }

    /**
     * One step of {@link #mustPropose}: which of two reported proposals binds the proposer.
     *
     * @param known the binding proposal so far, or null
     * @param reported another one
     * @param <V> the type of the values
     * @return the one of the higher ballot
     * @throws IllegalStateException if both are of one ballot and differ: a ballot proposes one value, so someone's
     *     memory or wire is broken, and no value is safe to propose
     */
    public static <V> Proposal<V> higher(@Nullable Proposal<V> known, Proposal<V> reported) {
        if (known == null) {
            return reported;
        }
        int order = reported.ballot().compareTo(known.ballot());
        if (order == 0 && !reported.value().equals(known.value())) {
            throw new IllegalStateException("two values of one ballot were reported: " + known + " and " + reported);
        }
        return order > 0 ? reported : known;
    }
}
