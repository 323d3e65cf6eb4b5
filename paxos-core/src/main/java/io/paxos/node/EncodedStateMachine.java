// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.io.IOException;
import java.io.InputStream;

/** The user's state machine behind its codecs: what it does to bytes. */
record EncodedStateMachine<C, R>(StateMachine<C, R> machine, Codec<C> commands, Codec<R> results)
        implements StateMachine<Payload, Payload> {

    @Override
    public Payload apply(ApplyContext context, Payload command) {
        return results.encode(machine.apply(context, commands.decode(command)));
    }

    @Override
    public long digest() {
        return machine.digest();
    }

    @Override
    public Capture capture() {
        return machine.capture();
    }

    @Override
    public void restore(InputStream snapshot) throws IOException {
        machine.restore(snapshot);
    }
}
