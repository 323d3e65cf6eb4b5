// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.node.InMemoryStorage;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.Storage;

/**
 * What a replica keeps, and where.
 *
 * @param storage what it must not forget
 * @param snapshots when the log is replaced by a snapshot of the store
 */
record Durability(Storage storage, SnapshotPolicy snapshots) {

    /** All is forgotten when the process ends. */
    static Durability inMemory() {
        return new Durability(new InMemoryStorage(), SnapshotPolicy.DEFAULTS);
    }
}
