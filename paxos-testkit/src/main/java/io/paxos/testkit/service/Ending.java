// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import java.util.List;

/**
 * How a run ended: the faults are over, every call is answered, and every node that is up has executed the same.
 *
 * @param states the state machines of the nodes that are up, all at the same slot
 * @param history every operation of every client, in the order in which they were asked for
 * @param <M> the state machine
 * @param <C> the commands
 * @param <R> the results
 */
public record Ending<M, C, R>(List<M> states, List<Operation<C, R>> history) {

    /** Copies the lists. */
    public Ending {
        states = List.copyOf(states);
        history = List.copyOf(history);
    }

    /**
     * The state machine of one node that is up.
     *
     * @return the first of the states
     */
    public M state() {
        return states.get(0);
    }
}
