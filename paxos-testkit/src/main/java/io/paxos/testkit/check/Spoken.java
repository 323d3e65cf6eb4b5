// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.check;

import io.paxos.message.Envelope;
import io.paxos.message.EpochMessage;
import io.paxos.message.Message;

/** What is said about a decree or a register, and in which epoch (rule 16): the same messages, in another one around them. */
final class Spoken {

    private Spoken() {}

    /** The message itself, without an epoch around it. */
    static Message of(Envelope envelope) {
        return envelope.message() instanceof EpochMessage.In in ? in.part() : envelope.message();
    }

    /** The epoch it was said in: the first one, if it bears none. */
    static long epoch(Envelope envelope) {
        return envelope.message() instanceof EpochMessage.In in ? in.epoch() : 0;
    }
}
