// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.transport;

import io.paxos.model.NodeId;
import io.paxos.node.Limits;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a cluster over {@link DatagramTransport}. */
@Command(
        name = "custom-transport",
        header = "A transport of one's own: UDP datagrams.",
        description = {
            "A transport of one's own: three nodes talk in UDP datagrams, by a class of 60 lines.",
            "They agree on a value and add up numbers; the exit code is 0 only if all arrive at the same sum."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CustomTransportExample implements Callable<Integer> {

    private static final int NUMBERS = 100;

    /** Nothing that is sent may be larger than a datagram, which holds 65,507 bytes. */
    private static final int MAX_VALUE_BYTES = 16 << 10;

    @Spec
    private CommandSpec spec;

    /** Adds up what it is told. */
    private static final class Sum implements StateMachine<Long, Long> {
        private long sum;

        @Override
        public Long apply(ApplyContext context, Long number) {
            sum += number;
            return sum;
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<NodeId, InetSocketAddress> addresses = DatagramPorts.free(List.of("n1", "n2", "n3"));
        List<PaxosNode> nodes = new ArrayList<>();
        try {
            for (NodeId id : addresses.keySet()) {
                nodes.add(start(id, addresses));
                out.println(id + " listens for datagrams on " + addresses.get(id));
            }
            boolean oneOwner = agree(nodes, out);
            boolean same = add(nodes, out) && oneOwner;
            out.println(same ? "agreed, in datagrams" : "NOT AGREED");
            out.flush();
            return same ? 0 : 1;
        } finally {
            nodes.forEach(PaxosNode::close);
        }
    }

    private static PaxosNode start(NodeId id, Map<NodeId, InetSocketAddress> addresses) throws IOException {
        return PaxosNode.builder()
                .id(id.name())
                .members(addresses.keySet().stream().map(NodeId::name).toList())
                .transport(transport(id, addresses))
                .maxValueBytes(MAX_VALUE_BYTES)
                .limits(Limits.DEFAULTS.withMessageBytes(MAX_VALUE_BYTES))
                .start();
    }

    /** A transport at the node's own address, with all others as its peers. */
    static DatagramTransport transport(NodeId id, Map<NodeId, InetSocketAddress> addresses) throws IOException {
        Map<NodeId, InetSocketAddress> peers = new HashMap<>(addresses);
        InetSocketAddress own = Objects.requireNonNull(peers.remove(id), () -> id + " has no address");
        return new DatagramTransport(own, peers);
    }

    private static boolean agree(List<PaxosNode> nodes, PrintWriter out) {
        List<CompletableFuture<String>> answers = nodes.stream()
                .map(node -> node.decrees(Codec.utf8()).agree("owner", node.id().name()))
                .toList();
        List<String> owners = answers.stream().map(CompletableFuture::join).toList();
        out.println("each proposed itself as the owner, and the answers are " + owners);
        return owners.stream().distinct().count() == 1;
    }

    private static boolean add(List<PaxosNode> nodes, PrintWriter out) {
        List<ReplicatedLog<Long, Long, Sum>> logs = nodes.stream()
                .map(node -> node.replicate("sum", new Sum(), Codec.int64(), Codec.int64()))
                .toList();
        CompletableFuture<?>[] added = LongStream.rangeClosed(1, NUMBERS)
                .mapToObj(number -> logs.get((int) (number % logs.size())).submit(number))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(added).join();
        List<Long> sums =
                logs.stream().map(log -> log.read(state -> state.sum).join()).toList();
        out.println("they added 1 to " + NUMBERS + ", each a part of it, and the sums are " + sums);
        return sums.stream().allMatch(sum -> sum == NUMBERS * (NUMBERS + 1L) / 2);
    }
}
