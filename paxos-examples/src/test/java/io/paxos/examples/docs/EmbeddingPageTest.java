// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.examples.HeldPorts;
import io.paxos.examples.recipes.ReplicatedMap;
import io.paxos.node.PaxosNode;
import io.paxos.node.RefusedException;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** What docs/embedding.md and README.md show of nodes across machines: here they are three in one process, over TCP. */
@Timeout(120)
class EmbeddingPageTest {

    @TempDir
    private Path directory;

    private static Map<String, String> addresses(HeldPorts ports) throws IOException {
        Map<String, String> addresses = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            addresses.put("n" + (i + 1), "127.0.0.1:" + ports.get(i));
        }
        return addresses;
    }

    private OrderService service(String id, Map<String, String> addresses) {
        return new OrderService(id, addresses, directory.resolve(id));
    }

    @Test
    void servicesOfOneClusterAgreeAndKeepItOverARestart() throws IOException {
        try (HeldPorts ports = new HeldPorts(3)) {
            Map<String, String> addresses = addresses(ports);
            String owner;
            try (OrderService n1 = service("n1", addresses);
                    OrderService n2 = service("n2", addresses);
                    OrderService n3 = service("n3", addresses)) {
                owner = n1.claim("order-17", "anna");
                assertThat(n2.claim("order-17", "bert")).isEqualTo(owner);
                assertThat(n3.claim("order-17", "carl")).isEqualTo(owner).isEqualTo("anna");
            }
            try (OrderService n2 = service("n2", addresses);
                    OrderService n3 = service("n3", addresses)) {
                assertThat(n2.claim("order-17", "bert")).isEqualTo(owner);
                assertThat(n3.claim("order-18", "carl")).isEqualTo("carl");
            }
        }
    }

    private AnnotationConfigApplicationContext context(String id, Map<String, String> addresses) {
        String map = addresses.entrySet().stream()
                .map(each -> "'" + each.getKey() + "':'" + each.getValue() + "'")
                .collect(Collectors.joining(",", "{", "}"));
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test",
                        Map.of(
                                "paxos.id",
                                id,
                                "paxos.addresses",
                                map,
                                "paxos.directory",
                                directory.resolve(id).toUri().toString())));
        context.register(PaxosConfiguration.class);
        context.refresh();
        return context;
    }

    @Test
    @SuppressWarnings("unchecked")
    void aNodeIsABeanThatIsClosedWithItsContext() throws IOException {
        try (HeldPorts ports = new HeldPorts(3)) {
            Map<String, String> addresses = addresses(ports);
            ReplicatedMap<String, String> owners;
            try (var n1 = context("n1", addresses);
                    var n2 = context("n2", addresses);
                    var n3 = context("n3", addresses)) {
                owners = n1.getBean("owners", ReplicatedMap.class);
                assertThat(owners.putIfAbsent("order-17", "anna").join()).isEmpty();
                for (var other : new AnnotationConfigApplicationContext[] {n2, n3}) {
                    ReplicatedMap<String, String> there = other.getBean("owners", ReplicatedMap.class);
                    assertThat(there.get("order-17").join()).contains("anna");
                }
                assertThat(n2.getBean(PaxosNode.class).id().name()).isEqualTo("n2");
            }
            assertThatThrownBy(() -> owners.get("order-17").join())
                    .as("its node is closed")
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(RefusedException.class);
        }
    }

    @Test
    void aNodeWithATransportAndAStore() throws IOException {
        try (HeldPorts ports = new HeldPorts(3)) {
            Map<String, String> addresses = addresses(ports);
            String listenOn = addresses.get("n1");
            PaxosNode node = PaxosNode.builder()
                    .id("n1")
                    .members("n1", "n2", "n3")
                    .transport(NettyTransport.plaintext(listenOn).peers(addresses))
                    .storage(FileStorage.open(directory))
                    .start();
            assertThat(node.id().name()).isEqualTo("n1");
            node.close();
        }
    }
}
