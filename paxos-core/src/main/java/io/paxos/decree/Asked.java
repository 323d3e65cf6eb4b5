// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;

/** What a caller of this node asks for, as far as waiting for the answer goes. */
interface Asked {

    RequestId id();

    /** What it is about, for people. */
    Object name();

    /** How many bytes its largest value has. */
    int valueBytes();

    /** About how many bytes of memory it holds on to. */
    long weight();

    /**
     * The answer if nothing more can be waited for.
     *
     * @param reason why it is given up
     * @param detail the same in words
     */
    Outcome givenUp(Outcome.Reason reason, String detail);
}
