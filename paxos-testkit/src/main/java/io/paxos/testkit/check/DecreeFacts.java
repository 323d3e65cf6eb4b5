// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that ever happened to one decree. */
public final class DecreeFacts {

    private final Choice<Payload> choice = new Choice<>();
    private final Map<Ballot, Long> promisers = new HashMap<>();

    /**
     * Who proposed and accepted what.
     *
     * @return the facts
     */
    public Choice<Payload> choice() {
        return choice;
    }

    /**
     * The chosen value.
     *
     * @return the value, or null if none is chosen
     */
    public @Nullable Payload chosen() {
        return choice.chosen() == null ? null : choice.chosen().value();
    }

    /**
     * Who durably promised a ballot.
     *
     * @param ballot the ballot
     * @return one bit for each store
     */
    public long promisers(Ballot ballot) {
        return promisers.getOrDefault(ballot, 0L);
    }

    /**
     * How many ballots were promised by anyone.
     *
     * @return their number
     */
    public int ballots() {
        return promisers.size();
    }

    void promised(int store, Ballot ballot) {
        promisers.merge(ballot, 1L << store, (a, b) -> a | b);
    }
}
