// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Envelope;
import io.paxos.message.Message;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.testkit.MessageSamples;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The samples of every kind of message, in envelopes. */
final class Envelopes {

    private Envelopes() {}

    static Envelope of(Message message) {
        return new Envelope(
                new ClusterName("orders"),
                new Endpoint(NodeId.of("n1"), new Incarnation(0x7fffffffffffffffL)),
                Endpoint.any(NodeId.of("n2")),
                StartId.of(3, 0xfedcba9876L),
                new Fingerprint(0x8899aabbccddeeffL),
                message);
    }

    static Map<String, Envelope> byName() {
        Map<String, Envelope> envelopes = new LinkedHashMap<>();
        MessageSamples.all().forEach((name, message) -> envelopes.put(name, of(message)));
        return envelopes;
    }

    static Stream<Named<Envelope>> named() {
        return byName().entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue()));
    }
}
