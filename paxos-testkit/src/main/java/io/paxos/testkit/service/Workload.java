// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.service;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What clients ask for.
 *
 * @param <C> the commands
 * @param <R> the results
 */
@FunctionalInterface
public interface Workload<C, R> {

    /**
     * The next command of a client that has heard the answer to the one before.
     *
     * @param random the only randomness to use
     * @param client who asks, with all it has heard
     * @return a command; or null if the client wants nothing for now, and is asked again later
     */
    @Nullable
    C next(RandomGenerator random, Client<C, R> client);
}
