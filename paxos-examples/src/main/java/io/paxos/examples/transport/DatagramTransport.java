// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.transport;

import static java.lang.System.Logger.Level.DEBUG;

import io.paxos.message.Envelope;
import io.paxos.model.NodeId;
import io.paxos.spi.Transport;
import io.paxos.spi.TransportException;
import io.paxos.wire.WireCodec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Envelopes as UDP datagrams: in the clear, lossy, unordered, up to 64 KiB each. Paxos bears all of that. */
public final class DatagramTransport implements Transport {
    private static final System.Logger LOG = System.getLogger(DatagramTransport.class.getName());
    private final DatagramChannel in = DatagramChannel.open();
    private final DatagramChannel out = DatagramChannel.open();
    private final InetSocketAddress own;
    private final Map<NodeId, InetSocketAddress> peers;
    private volatile CompletableFuture<Void> reader = CompletableFuture.completedFuture(null);

    DatagramTransport(InetSocketAddress own, Map<NodeId, InetSocketAddress> peers) throws IOException {
        this.own = own;
        this.peers = peers;
        out.configureBlocking(false); // a full buffer loses the datagram, and never holds up the node
    }

    @Override
    public void start(Local local, Receiver receiver) {
        if (in.socket().isBound() || !in.isOpen()) {
            throw new IllegalStateException("each start of a node needs a new transport");
        }
        try {
            in.bind(own);
        } catch (IOException | UnresolvedAddressException e) {
            close();
            throw new TransportException("cannot listen on " + own + "; choose a free port of this machine", e);
        }
        reader = CompletableFuture.runAsync(() -> receive(local, receiver), task -> new Thread(task).start());
    }

    private void receive(Local local, Receiver receiver) {
        for (ByteBuffer buffer = ByteBuffer.allocate(1 << 16); in.isOpen(); buffer.clear()) {
            try {
                in.receive(buffer);
                Envelope envelope = WireCodec.decode(buffer.flip());
                if (envelope.cluster().equals(local.cluster())
                        && envelope.to().node().equals(local.self().node())) {
                    receiver.deliver(envelope);
                }
            } catch (IOException | RuntimeException e) {
                LOG.log(DEBUG, "a datagram is lost on arrival", e);
            }
        }
    }

    @Override
    public void send(Envelope envelope) {
        InetSocketAddress to = peers.get(envelope.to().node());
        try {
            if (to != null && in.socket().isBound()) {
                out.send(ByteBuffer.wrap(WireCodec.encode(envelope)), to);
            }
        } catch (IOException | UnresolvedAddressException e) {
            LOG.log(DEBUG, () -> "a datagram is lost on departure: " + envelope, e);
        }
    }

    @Override
    public void close() {
        in.socket().close();
        out.socket().close();
        reader.join(); // so that nothing is delivered any more, and the port is free
    }
}
