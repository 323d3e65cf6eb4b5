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
}
