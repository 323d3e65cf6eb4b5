// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs.seats;

import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import java.util.List;
import java.util.stream.Stream;

/** The second program of {@code docs/getting-started.md}. */
final class Theatre {

    public static void main(String[] args) {
        List<PaxosNode> nodes = Stream.of("n1", "n2", "n3")
                .map(id -> PaxosNode.builder().id(id).members("n1", "n2", "n3").start())
                .toList();
        List<ReplicatedLog<Booking, String, Seats>> seats = nodes.stream()
                .map(node -> node.replicate("seats", new Seats(), Booking.CODEC, Codec.utf8()))
                .toList();

        System.out.println(
                "seat 7: " + seats.get(0).submit(new Booking(7, "ada")).join());
        System.out.println(
                "seat 7: " + seats.get(1).submit(new Booking(7, "bob")).join());
        System.out.println("taken: " + seats.get(2).read(Seats::taken).join());

        nodes.forEach(PaxosNode::close);
    }
}
