// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.paxos.model.NodeId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks resolvers and name servers, which may take seconds, on threads of its own, so that the loop never waits for
 * them; answers come back on the loop. Bounded: what does not fit counts as failed, and is asked again at the next
 * attempt.
 */
final class Lookups {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);
    private static final int THREADS = 4;
    private static final int WAITING = 256;

    private final AddressResolver resolver;
    private final Protection protection;
    private final EventLoop loop;
    private final QuietLog log;
    private final ThreadPoolExecutor threads;

    Lookups(AddressResolver resolver, Protection protection, EventLoop loop, QuietLog log) {
        this.resolver = resolver;
        this.protection = protection;
        this.loop = loop;
        this.log = log;
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING),
                new DefaultThreadFactory("paxos-lookup", true));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * The outcome of a lookup: either addresses or a reason.
     *
     * @param addresses where the node may be reached, in the order in which to try; empty if it failed
     * @param failure why there is none, with the remedy, or null
     */
    record Outcome(
            List<InetSocketAddress> addresses, @Nullable String failure) {}

    /** Looks up where a node can be reached now. */
    void find(NodeId node, Consumer<Outcome> answer) {
        ask(node, () -> resolve(node), new Outcome(List.of(), "its address could not be looked up"), answer);
    }

    /** Whether the resolver knows any address for a node, resolvable or not. */
    void knows(NodeId node, Consumer<Boolean> answer) {
        ask(node, () -> resolver.resolve(node) != null, false, answer);
    }

    void close() {
        threads.shutdownNow();
    }

    private <T> void ask(NodeId node, Supplier<T> question, T failed, Consumer<T> answer) {
        try {
            threads.execute(() -> {
                try {
                    T result = question.get();
                    onLoop(() -> answer.accept(result));
                } catch (RuntimeException e) {
                    onLoop(() -> {
                        log.warn("resolver " + node, "the address resolver threw for node " + node, e);
                        answer.accept(failed);
                    });
                }
            });
        } catch (RejectedExecutionException e) {
            onLoop(() -> answer.accept(failed));
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.trace("the transport closed while an address was looked up", e);
        }
    }

    private Outcome resolve(NodeId node) {
        InetSocketAddress address = resolver.resolve(node);
        if (address == null) {
            return new Outcome(List.of(), "no address of node " + node + " is known; add it to peers(...)");
        }
        if (!address.isUnresolved()) {
            return permitted(List.of(address));
        }
        try {
            return permitted(Stream.of(InetAddress.getAllByName(address.getHostString()))
                    .map(ip -> new InetSocketAddress(ip, address.getPort()))
                    .toList());
        } catch (UnknownHostException e) {
            return new Outcome(
                    List.of(),
                    "the host \"" + address.getHostString() + "\" of node " + node
                            + " cannot be resolved; correct its address, or the name service");
        }
    }

    private Outcome permitted(List<InetSocketAddress> addresses) {
        for (InetSocketAddress address : addresses) {
            String objection = protection.objectionTo(address);
            if (objection != null) {
                return new Outcome(List.of(), objection);
            }
        }
        return new Outcome(addresses, null);
    }
}
