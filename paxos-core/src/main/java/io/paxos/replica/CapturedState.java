// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.spi.StateMachine;
import java.io.IOException;
import java.io.OutputStream;

/** What was executed of one log up to one slot, held fast so that it can be written while execution goes on. */
public final class CapturedState {

    private final long slot;
    private final byte[] head;
    private final StateMachine.Capture state;

    CapturedState(long slot, byte[] head, StateMachine.Capture state) {
        this.slot = slot;
        this.head = head;
        this.state = state;
    }

    /**
     * Up to where commands are executed in it.
     *
     * @return the last slot, at least 1
     */
    public long slot() {
        return slot;
    }

    /**
     * Writes the snapshot: the sessions, and then what the user's machine captured. Any thread may call it, once.
     *
     * @param out where to write; not closed
     * @throws IOException if {@code out} fails, or the user's machine cannot write its state
     */
    public void writeTo(OutputStream out) throws IOException {
        out.write(head);
        state.writeTo(out);
    }
}
