// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import io.paxos.examples.recipes.ReplicatedMap;
import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A node and what it replicates as beans, as docs/embedding.md shows it. */
@Configuration(proxyBeanMethods = false)
class PaxosConfiguration {

    @Bean(destroyMethod = "close")
    PaxosNode paxosNode(
            @Value("${paxos.id}") String id,
            @Value("#{${paxos.addresses}}") Map<String, String> addresses,
            @Value("${paxos.directory}") Path directory) {
        return PaxosNode.builder()
                .id(id)
                .members(addresses.keySet())
                .transport(NettyTransport.plaintext(addresses.get(id)).peers(addresses))
                .storage(FileStorage.open(directory))
                .start();
    }

    @Bean
    ReplicatedMap<String, String> owners(PaxosNode node) {
        return ReplicatedMap.on(node, "owners", Codec.utf8(), Codec.utf8());
    }
}
