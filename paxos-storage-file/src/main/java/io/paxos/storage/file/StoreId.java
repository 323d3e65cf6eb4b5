// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.security.SecureRandom;

/**
 * Marks every file of one store, so that a file of another store is never taken for its own. Unlike the incarnation it
 * stays the same for as long as the files exist.
 */
record StoreId(long high, long low) {

    static final int BYTES = 2 * Long.BYTES;

    static StoreId draw(SecureRandom random) {
        return new StoreId(random.nextLong(), random.nextLong());
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
