// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of the simulated service, as its workload sees it: who it is, and what it has heard so far.
 *
 * @param <C> the commands
 * @param <R> the results
 */
public interface Client<C, R> {

    /**
     * Who it is.
     *
     * @return its number, from 1
     */
    int number();

    /**
     * All it has asked for so far, in order, each with its answer.
     *
     * @return an unmodifiable view
     */
    List<Operation<C, R>> history();

    /**
     * What it asked for last.
     *
     * @return the operation with its answer, or null before the first
     */
    default @Nullable Operation<C, R> last() {
        List<Operation<C, R>> all = history();
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }
}
