// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.message.Envelope;
import io.paxos.spi.Transport;
import io.paxos.spi.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** A transport whose thread is the test: the node runs when the test says so, and what it sends is kept. */
final class ManualTransport implements Transport {

    private final ManualExecutor executor;
    private final List<Envelope> sent = new ArrayList<>();
    private String refusal;
    private Receiver receiver;
    private Local local;
    private boolean closed;

    ManualTransport(ManualExecutor executor) {
        this.executor = executor;
    }

    /** Makes start fail. */
    ManualTransport refusing(String reason) {
        refusal = reason;
        return this;
    }

    Receiver receiver() {
        return receiver;
    }

    Local local() {
        return local;
    }

    List<Envelope> sent() {
        return sent;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void start(Local newLocal, Receiver newReceiver) {
        if (refusal != null) {
            throw new TransportException(refusal);
        }
        local = newLocal;
        receiver = newReceiver;
    }

    @Override
    public void send(Envelope envelope) {
        sent.add(envelope);
    }

    @Override
    public ScheduledExecutorService executor() {
        return executor;
    }

    @Override
    public void close() {
        closed = true;
        executor.shutdown();
    }
}
