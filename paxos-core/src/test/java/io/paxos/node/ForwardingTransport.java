// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.message.Envelope;
import io.paxos.spi.Transport;

/** A transport like the one it wraps, but without an executor of its own, so that the node brings its thread. */
class ForwardingTransport implements Transport {

    private final Transport wrapped;

    ForwardingTransport(Transport wrapped) {
        this.wrapped = wrapped;
    }

    @Override
    public void start(Local local, Receiver receiver) {
        wrapped.start(local, receiver);
    }

    @Override
    public void send(Envelope envelope) {
        wrapped.send(envelope);
    }

    @Override
    public void close() {
        wrapped.close();
    }
}
