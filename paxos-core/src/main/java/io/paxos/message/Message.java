// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

/**
 * What one node says to another. Links may lose, duplicate, delay and reorder messages; every message is understood
 * from its own content alone.
 */
public sealed interface Message permits Hello, Bundle.Part, Bundle, PulseMessage, EpochMessage {

    /**
     * Whether this message belongs to the bulk that may wait or be dropped first when a link is full: values,
     * commands and catch-up. Votes, heartbeats and everything else small never wait behind it (rule 18).
     *
     * @return true for bulk
     */
    boolean isBulk();

    /**
     * Whether this is heard from a store that is known not to be counted any more (rule 7): questions whose answers are
     * facts, and facts that are true whoever states them. Votes, and what a leader says, are not.
     *
     * @return true if an observer may say this
     */
    boolean isOpen();

    /**
     * About how many bytes this message takes in memory and on the wire, for limits that count bytes.
     *
     * @return an estimate in bytes, at least 1
     */
    int weight();
}
