// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** The state machine that runs if the user gives none: every result depends on every command before it. */
final class Ledger implements StateMachine<Payload, Payload> {

    private long lines;
    private long hash;

    @Override
    public Payload apply(ApplyContext context, Payload command) {
        lines++;
        hash = 31 * hash + command.hashCode();
        hash = 31 * hash + context.slot();
        hash = 31 * hash + context.time().millis();
        return Payload.utf8(lines + ":" + Long.toHexString(hash));
    }

    /** The number that a result gives its command: 1 for the first. */
    static long line(Payload result) {
        String text = result.toUtf8();
        return Long.parseLong(text.substring(0, text.indexOf(':')));
    }

    @Override
    public Capture capture() {
        long linesNow = lines;
        long hashNow = hash;
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeLong(linesNow);
            data.writeLong(hashNow);
            data.flush();
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        lines = data.readLong();
        hash = data.readLong();
    }
}
