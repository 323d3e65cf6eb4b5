// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Stands before something that only the latest holder of an office or a lock may change: it lets a token pass that is no
 * lower than the highest it has seen. It belongs where the change is made, beside the data. Safe for any thread.
 *
 * @param <T> the tokens
 */
public final class Fence<T> {

    private final Comparator<? super T> order;
    private @Nullable T highest;

    /**
     * One that has seen no token.
     *
     * @param order of the tokens, lowest first
     */
    public Fence(Comparator<? super T> order) {
        this.order = order;
    }

    /**
     * Makes a change, unless its token is outdated.
     *
     * @param token of whoever wants the change
     * @param change what to do, while nobody else can
     * @return false if a higher token has been seen; nothing has been done then
     */
    public synchronized boolean pass(T token, Runnable change) {
        T seen = highest;
        if (seen != null && order.compare(token, seen) < 0) {
            return false;
        }
        highest = token;
        change.run();
        return true;
    }
}
