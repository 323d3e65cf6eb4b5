// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.spi.ApplyContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AddressesTest {

    private final Addresses addresses = new Addresses(Members.parse("n1=localhost:1,n2=localhost:2"));
    private final KvStore store = new KvStore(addresses);
    private long slot;

    @Test
    void whatTheLogSaysGoesBeforeWhatTheReplicaWasStartedWith() {
        apply(Addresses.telling("n2", new HostPort("host", 7)));
        apply(Addresses.telling("n4", new HostPort("::1", 4)));
        apply(new KvCommand("n1", Payload.utf8("no address"), new KvCommand.Always()));

        assertThat(addresses.resolve(NodeId.of("n1"))).isEqualTo(InetSocketAddress.createUnresolved("localhost", 1));
        assertThat(addresses.resolve(NodeId.of("n2"))).isEqualTo(InetSocketAddress.createUnresolved("host", 7));
        assertThat(addresses.resolve(NodeId.of("n4"))).isEqualTo(InetSocketAddress.createUnresolved("::1", 4));
        assertThat(addresses.resolve(NodeId.of("n5"))).isNull();
        assertThat(addresses.all().keySet()).containsExactly("n1", "n2", "n4");
    }

    @Test
    void aSnapshotHoldsTheAddresses() throws IOException {
        apply(Addresses.telling("n4", new HostPort("host", 4)));
        ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
        store.capture().writeTo(snapshot);

        Addresses elsewhere = new Addresses(addresses.given());
        new KvStore(elsewhere).restore(new ByteArrayInputStream(snapshot.toByteArray()));

        assertThat(elsewhere.all()).isEqualTo(addresses.all());
    }

    private void apply(KvCommand command) {
        store.apply(new ApplyContext(slot++, new LogTime(0), new CommandId(0, slot)), command);
    }
}
