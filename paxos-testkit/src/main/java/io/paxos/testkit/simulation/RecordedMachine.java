// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.CommandMark;
import io.paxos.testkit.check.Execution;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * The state machine under test, with a record of what it executes: every command is shown to the checks, and a digest of
 * all of them goes into each snapshot, so that a restored state can be compared with one that executed everything.
 */
final class RecordedMachine implements StateMachine<Payload, Payload> {

    private final StateMachine<Payload, Payload> user;
    private final Consumer<Execution> witness;
    private long commands;
    private long digest;

    RecordedMachine(StateMachine<Payload, Payload> user, Consumer<Execution> witness) {
        this.user = user;
        this.witness = witness;
    }

    @Override
    public Payload apply(ApplyContext context, Payload marked) {
        Payload result = user.apply(context, CommandMark.command(marked));
        Execution execution = new Execution(context, marked, result);
        witness.accept(execution);
        commands++;
        digest = execution.digest(digest);
        return result;
    }

    @Override
    public Capture capture() {
        Capture state = user.capture();
        long count = commands;
        long sum = digest;
        return out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeLong(count);
            data.writeLong(sum);
            data.flush();
            state.writeTo(out);
        };
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        DataInputStream data = new DataInputStream(snapshot);
        commands = data.readLong();
        digest = data.readLong();
        user.restore(snapshot);
    }

    long commands() {
        return commands;
    }

    @Override
    public long digest() {
        return digest;
    }
}
