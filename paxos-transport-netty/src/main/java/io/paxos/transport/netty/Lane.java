// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.message.Envelope;

/** Which envelopes go first on a connection, and which are given up first when it is full (rule 18). First to last. */
enum Lane {
    /** Heartbeats, votes, everything small. */
    URGENT,
    /** What is no bulk but large, such as a promise that reports large values: it would delay a heartbeat. */
    LARGE,
    /** Values, commands and catch-up. */
    BULK;

    static final int COUNT = 3;

    private static final Lane[] LANES = values();

    static Lane of(Envelope envelope) {
        if (envelope.message().isBulk()) {
            return BULK;
        }
        return envelope.message().weight() > Frames.MAX_PART ? LARGE : URGENT;
    }

    static Lane of(int ordinal) {
        return LANES[ordinal];
    }
}
