// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import io.paxos.examples.recipes.ReplicatedMap;
import io.paxos.node.PaxosNode;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** A service with a main method of its own, as docs/embedding.md shows it. */
final class OrderService implements AutoCloseable {

    private final PaxosNode node;
    private final ReplicatedMap<String, String> owners;

    OrderService(String id, Map<String, String> addresses, Path directory) {
        node = PaxosNode.builder()
                .id(id)
                .members(addresses.keySet())
                .transport(NettyTransport.plaintext(addresses.get(id)).peers(addresses))
                .storage(FileStorage.open(directory))
                .start();
        owners = ReplicatedMap.on(node, "owners", Codec.utf8(), Codec.utf8());
    }

    /** Whoever asks first owns the order, on whatever node. */
    String claim(String order, String owner) {
        return owners.putIfAbsent(order, owner).join().orElse(owner);
    }

    @Override
    public void close() {
        node.close();
    }

    /** For example: n1 data/n1 n1=10.0.0.1:7101,n2=10.0.0.2:7101,n3=10.0.0.3:7101 */
    public static void main(String[] args) throws InterruptedException {
        Map<String, String> addresses = new TreeMap<>();
        for (String member : args[2].split(",")) {
            String[] nameAndAddress = member.split("=", 2);
            addresses.put(nameAndAddress[0], nameAndAddress[1]);
        }
        OrderService service = new OrderService(args[0], addresses, Path.of(args[1]));
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            service.close();
            stopped.countDown();
        }));
        System.out.println(service.claim("order-17", args[0]));
        stopped.await();
    }
}
