// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * A value proposed at a ballot: what an acceptor has accepted. One ballot proposes at most one value.
 *
 * @param ballot the ballot of the proposal
 * @param value the value proposed
 * @param <V> the type of the value: {@link Payload} for decrees, {@link Value} for slots of the log
 */
public record Proposal<V>(Ballot ballot, V value) {

    @Override
    public String toString() {
        return value + "@" + ballot;
    }
}
