// SPDX-License-Identifier: Apache-2.0
package io.paxos.spi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What the commands do: the user's state, changed by one command after another, in the same order on every replica.
 *
 * <p>All methods are called by one thread at a time, each call seeing the effects of the one before; which thread it is
 * may change. Everything must follow from the commands and their contexts alone: no clock, no randomness, no
 * iteration in hash order that shows in results, nothing read from outside.
 *
 * @param <C> the commands
 * @param <R> the results
 */
@FunctionalInterface
public interface StateMachine<C, R> {

    /**
     * Executes a command. Expected failures are results: return a value that says so. An exception means that this
     * replica cannot go on: it stops at this slot, resigns any leadership, and reports slot and command; other groups
     * and decrees of the node go on (rule 12).
     *
     * @param context slot, time and identity of the command, the same on every replica
     * @param command the command
     * @return the result, which goes to the caller; equal on every replica
     */
    R apply(ApplyContext context, C command);

    /**
     * Captures the state as it is now, so that it can be written while further commands are applied: copy what is
     * small, or hold on to an immutable version of what is large. Called between two commands.
     *
     * @return the captured state; it is written at most once, by another thread
     * @throws UnsupportedOperationException if this state machine cannot be captured, which is what the default says
     */
    default Capture capture() {
        throw new UnsupportedOperationException(getClass().getName()
                + " does not implement capture() and restore(), so no snapshot of it can be taken");
    }

    /**
     * Replaces the state by a captured one. Called before any command, or between two commands.
     *
     * @param snapshot what {@link Capture#writeTo} wrote
     * @throws IOException if reading fails; the replica then stops
     * @throws UnsupportedOperationException if this state machine cannot be restored, which is what the default says
     */
    default void restore(InputStream snapshot) throws IOException {
        throw new UnsupportedOperationException(getClass().getName()
                + " does not implement capture() and restore(), so no snapshot can be restored into it");
    }

    /**
     * Sums up the state as it is now, where states are compared; asked for between two commands, at the end of each
     * stretch. Without it, which is the default, replicas are compared by the results of their commands alone, so a
     * difference is found when it shows in one. An exception from it stops the replica, as one from {@link #apply} does.
     *
     * @return equal wherever states are equal; best another number for each other state, kept up to date by every command,
     *     for the log waits meanwhile
     */
    default long digest() {
        return 0;
    }

    /** A state captured at one slot. */
    @FunctionalInterface
    interface Capture {

        /**
         * Writes the captured state. Commands applied meanwhile must not show in it. Equal states write equal bytes.
         *
         * @param out where to write; not closed by this method
         * @throws IOException if {@code out} fails
         */
        void writeTo(OutputStream out) throws IOException;
    }
}
