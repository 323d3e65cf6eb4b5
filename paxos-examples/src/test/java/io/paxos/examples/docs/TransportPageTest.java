// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.Transport;
import io.paxos.testkit.MessageSamples;
import io.paxos.wire.EncodedEnvelope;
import io.paxos.wire.WireCodec;
import io.paxos.wire.WireFormatException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What docs/writing-a-transport.md shows of bytes. */
class TransportPageTest {

    private final List<Envelope> arrived = new ArrayList<>();
    private int refused;

    private static ByteBuffer frame(Envelope envelope) {
        EncodedEnvelope encoded = WireCodec.prepare(envelope);
        ByteBuffer frame = ByteBuffer.allocate(4 + encoded.size()).putInt(encoded.size());
        encoded.writeTo(frame);
        return frame;
    }

    private void in(Transport.Receiver receiver, ByteBuffer bytes) {
        try {
            receiver.deliver(WireCodec.decode(bytes));
        } catch (WireFormatException e) {
            refused++;
        }
    }

    @Test
    void envelopesGoOutAndInAsBytes() {
        for (var message : MessageSamples.all().values()) {
            Envelope envelope = new Envelope(
                    new ClusterName("orders"),
                    new Endpoint(NodeId.of("n1"), new Incarnation(1)),
                    Endpoint.any(NodeId.of("n2")),
                    StartId.of(1, 1),
                    new Fingerprint(1),
                    message);
            ByteBuffer frame = frame(envelope).flip();
            assertThat(frame.getInt()).isEqualTo(frame.remaining());
            in(arrived::add, frame);
            assertThat(arrived).last().isEqualTo(envelope);
        }
        in(arrived::add, ByteBuffer.wrap(new byte[] {99, 1, 2}));
        assertThat(refused).isEqualTo(1);
    }
}
