// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.FeatureLevel;
import io.paxos.model.Membership;
import io.paxos.model.StartId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How nodes meet: who I am (the envelope says it), how far I have come in forming the cluster (rule 6), by which rule I
 * count, and what I know of you. Sent again and again until the sender is formed and has met the others, in answer to
 * every Hello that asks, and to whoever says something that cannot be listened to.
 *
 * @param probe marks this Hello as a question, or null if no answer is wanted
 * @param echo the latest probe received from the addressee, or null; what this Hello says was true after that probe
 *     was sent, so an older Hello that comes late can be told
 * @param bound the vector of incarnations to which the sender has durably bound itself, or null
 * @param formed the vector with which the cluster has formed, or null if the sender does not know of one
 * @param renounced the vectors that the sender will never infer to be formed
 * @param quorums by which rule the sender counts, as its quorum system describes itself: over the members of the formed
 *     vector, else of the one it is bound to, else over those configured
 * @param latest the latest start of the addressee's store that the sender has heard of (rule 7), or null if it has heard
 *     of none or the addressee's incarnation is not named; it speaks of the store, not of what prompted this Hello
 * @param level the highest feature level that the sender supports, in this start of it
 */
public record Hello(
        @Nullable Probe probe,
        @Nullable Probe echo,
        @Nullable Membership bound,
        @Nullable Membership formed,
        List<Membership> renounced,
        String quorums,
        @Nullable StartId latest,
        FeatureLevel level)
        implements Message {

    /** A Hello of a library that says nothing of feature levels, which is how one of the lowest speaks. */
    public Hello(
            @Nullable Probe probe,
            @Nullable Probe echo,
            @Nullable Membership bound,
            @Nullable Membership formed,
            List<Membership> renounced,
            String quorums,
            @Nullable StartId latest) {
        this(probe, echo, bound, formed, renounced, quorums, latest, FeatureLevel.BASE);
    }

    /** Copies the list. */
    public Hello {
        renounced = List.copyOf(renounced);
    }

    @Override
    public boolean isBulk() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public int weight() {
        return 256 + quorums.length();
    }
}
