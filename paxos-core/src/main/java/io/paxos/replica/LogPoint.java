// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.model.LogTime;

/**
 * How far a log has been executed, in the three measures by which snapshots become due.
 *
 * @param slot the last slot executed
 * @param bytes how much all values up to there weigh
 * @param time the log's time
 */
record LogPoint(long slot, long bytes, LogTime time) {

    /** Before the first slot. */
    static final LogPoint START = new LogPoint(0, 0, LogTime.ZERO);

    /** Whether another point has come as far as this one in any of the measures. */
    boolean isReachedBy(long otherSlot, long otherBytes, LogTime otherTime) {
        return otherSlot >= slot || otherBytes >= bytes || otherTime.millis() >= time.millis();
    }
}
