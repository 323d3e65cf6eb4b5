// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * A change of membership that took effect: decided in one slot, it governs from α slots behind it on (rule 10).
 *
 * @param slot where it was decided, at least 1
 * @param configuration what it changed the membership to
 */
public record DecidedChange(long slot, Configuration configuration) {

    /**
     * Checks the slot.
     *
     * @throws IllegalArgumentException if it is less than 1, or the configuration is the one nobody decided
     */
    public DecidedChange {
        if (slot < 1 || configuration.version() < 1) {
            throw new IllegalArgumentException(
                    "no change to " + configuration + " can have been decided in slot " + slot);
        }
    }
}
