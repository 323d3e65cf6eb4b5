// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * What one replica has made of a stretch of its log: a checksum of what was executed in it and of what came of it. Replicas
 * that execute the same commands by the same rules come to the same one.
 *
 * @param slot the last slot of the stretch, a multiple of its length
 * @param length how many slots the stretch has, at least 1; only stretches of one length can be compared
 * @param checksum the CRC32C of commands and results, and of what the state machine says of its state
 */
public record StateDigest(long slot, int length, int checksum) {

    /**
     * Checks the stretch.
     *
     * @throws IllegalArgumentException if it has no slots, or does not end at a multiple of its length
     */
    public StateDigest {
        if (length < 1 || slot < length || slot % length != 0) {
            throw new IllegalArgumentException("a stretch of " + length + " slots cannot end at slot " + slot
                    + ": it ends at a multiple of its length");
        }
    }

    @Override
    public String toString() {
        return "slots " + (slot - length + 1) + " to " + slot + ": " + Integer.toHexString(checksum);
    }
}
