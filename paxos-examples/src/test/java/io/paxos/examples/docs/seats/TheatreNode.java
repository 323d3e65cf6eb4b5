// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs.seats;

import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import io.paxos.storage.file.FileStorage;
import io.paxos.transport.netty.NettyTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The third program of {@code docs/getting-started.md}: one node, as a process of its own. */
final class TheatreNode {

    private static final Map<String, String> ADDRESSES =
            Map.of("n1", "127.0.0.1:7101", "n2", "127.0.0.1:7102", "n3", "127.0.0.1:7103");

    public static void main(String[] args) throws IOException {
        String id = args[0];
        try (PaxosNode node = PaxosNode.builder()
                .id(id)
                .members(ADDRESSES.keySet())
                .transport(NettyTransport.plaintext(ADDRESSES.get(id)).peers(ADDRESSES))
                .storage(FileStorage.open(Path.of("theatre-" + id)))
                .start()) {
            ReplicatedLog<Booking, String, Seats> seats =
                    node.replicate("seats", new Seats(), Booking.CODEC, Codec.utf8());
            for (int i = 1; i < args.length; i++) {
                int seat = Integer.parseInt(args[i]);
                System.out.println("seat " + seat + ": "
                        + seats.submit(new Booking(seat, id)).join());
            }
            System.out.println("taken: " + seats.read(Seats::taken).join() + "; Enter ends this node");
            System.in.read();
        }
    }
}
