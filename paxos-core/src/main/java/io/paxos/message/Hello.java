package io.paxos.message;

import io.paxos.model.Membership;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How nodes meet: who I am (the envelope says it), and how far I have come in forming the cluster (rule 6). Sent again
 * and again until the sender is formed, and in answer to every Hello that asks.
 *
 * @param probe marks this Hello as a question, or null if no answer is wanted
 * @param echo the latest probe received from the addressee, or null; what this Hello says was true after that probe
 *     was sent, so an older Hello that comes late can be told
 * @param bound the vector of incarnations to which the sender has durably bound itself, or null
 * @param formed the vector with which the cluster has formed, or null if the sender does not know of one
 * @param renounced the vectors that the sender will never infer to be formed
 */
public record Hello(
        @Nullable Probe probe,
        @Nullable Probe echo,
        @Nullable Membership bound,
        @Nullable Membership formed,
        List<Membership> renounced)
        implements Message {

    /** Copies the list. */
    public Hello {
        renounced = List.copyOf(renounced);
    }

    @Override
    public boolean isBulk() {
        return false;
    }

    @Override
    public int weight() {
        return 256;
    }
}
