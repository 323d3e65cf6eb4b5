// SPDX-License-Identifier: Apache-2.0
package io.paxos.node.trace;

import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.node.NodeMeter;
import io.paxos.node.PaxosNode;
import io.paxos.node.PaxosNodeBuilder;
import io.paxos.spi.Storage;
import io.paxos.spi.Transport;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches the nodes of one JVM, and tells what one command goes through on all of them: submit, Forward, Accept, the write
 * that makes a vote durable, Accepted, the news that it is decided, execution, the answer.
 *
 * <pre>{@code
 * CommandTrace trace = new CommandTrace();
 * PaxosNode node = trace.start(builder, transport, storage);   // each node so
 * CommandPath path = trace.follow(node.id(), GroupId.of("ids"), codec.encode(5L), () -> ids.submit(5L)).join();
 * System.out.println(path.text());
 * }</pre>
 *
 * <p>Nodes that are not started through it are drawn only as far as watched ones send them something. While no command
 * is followed, watching costs a look at one field for each message and write. It is for nodes in one process: clocks of
 * several could not say what came first. Safe for any thread.
 */
public final class CommandTrace {

    private final Object lock = new Object();
    private final SortedSet<NodeId> watched = new TreeSet<>();
    private volatile @Nullable Following following;

    /** Watches nothing yet. */
    public CommandTrace() {}

    /**
     * Starts a node that is watched.
     *
     * @param builder the node, with all that is said of it but transport and storage
     * @param transport its transport, not started yet
     * @param storage its store
     * @return the node, to be closed by the caller; throws as {@link PaxosNodeBuilder#start} does
     */
    public PaxosNode start(PaxosNodeBuilder builder, Transport transport, Storage storage) {
        PaxosNode node = builder.transport(new TracedTransport(transport, this))
                .storage(new TracedStorage(storage, this))
                .start();
        synchronized (lock) {
            watched.add(node.id());
        }
        node.attach(new NodeMeter() {
            @Override
            public void applied(GroupId group, long first, int slots, long nanos) {
                Following current = following();
                if (current != null) {
                    current.applied(node.id(), group, first, slots);
                }
            }
        });
        return node;
    }

    /**
     * Submits a command and follows it.
     *
     * @param at the node where it is submitted
     * @param group the log
     * @param command the command as its codec encodes it; by these bytes it is told from others, so they should be its own
     * @param submit submits it
     * @return its path, once its caller has been answered and, unless that was with a failure, every watched node has
     *     executed it. Where one does not, because it was closed or takes no part in the log, {@link #path} tells what
     *     has happened so far
     * @throws IllegalStateException if another command is still being followed
     */
    public CompletableFuture<CommandPath> follow(
            NodeId at, GroupId group, Payload command, Supplier<? extends CompletableFuture<?>> submit) {
        Objects.requireNonNull(submit, "submit");
        Following begun;
        synchronized (lock) {
            Following before = following;
            if (before != null && !before.complete().isDone()) {
                throw new IllegalStateException(
                        "another command is being followed; wait for its path, or give it up with path()");
            }
            begun = new Following(at, group, command, watched);
            following = begun;
        }
        return submit.get()
                .handle((result, problem) -> {
                    begun.answered(problem);
                    return begun;
                })
                .thenCompose(Following::complete);
    }

    /**
     * What has happened so far to the command followed last; it is not followed any further.
     *
     * @return its path
     * @throws IllegalStateException if none has been followed
     */
    public CommandPath path() {
        Following last = following;
        if (last == null) {
            throw new IllegalStateException("no command has been followed; call follow first");
        }
        last.end();
        return last.path();
    }

    @Nullable
    Following following() {
        Following current = following;
        return current == null || current.complete().isDone() ? null : current;
    }
}
