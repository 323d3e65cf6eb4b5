// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.NodeId;
import io.paxos.replica.NodeStatus;
import io.paxos.spi.Codec;
import io.paxos.spi.StateMachine;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * One node of a cluster that agrees: its decrees, its registers and its replicated logs, over one transport and one store.
 *
 * <pre>{@code
 * var node = PaxosNode.builder().id("n1").members("n1", "n2", "n3").start();
 * String owner = node.decrees(Codec.utf8()).agree("shard-7/owner", "n1").join();
 * }</pre>
 *
 * <p>Safe for any thread. What a node does happens on one thread, its loop; commands are executed on others. Futures
 * complete and listeners are called on the callback executor if one was given, else on threads of the node that have
 * nothing else to do meanwhile.
 */
public final class PaxosNode implements AutoCloseable {

    private final NodeRuntime runtime;

    private PaxosNode(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Describes a new node.
     *
     * @return a builder with the defaults
     */
    public static PaxosNodeBuilder builder() {
        return new PaxosNodeBuilder();
    }

    static PaxosNode start(NodeSettings settings) {
        return new PaxosNode(NodeRuntime.start(settings));
    }

    /**
     * The node's name.
     *
     * @return as given to the builder
     */
    public NodeId id() {
        return runtime.settings().id();
    }

    /**
     * How the node and its cluster stand. It asks the loop and waits for the answer, which comes between two batches of
     * events; should that take longer than a second, or the node be closed, the answer is the last one known.
     *
     * @return an immutable view
     */
    public NodeStatus status() {
        return runtime.status();
    }

    /**
     * Whether this node has to be restarted, and whether callers should be sent to it, by
     * {@link HealthPolicy#DEFAULTS}. See {@link #health(HealthPolicy)}.
     *
     * @return the verdict, with reasons
     */
    public NodeHealth health() {
        return health(HealthPolicy.DEFAULTS);
    }

    /**
     * Whether this node has to be restarted, and whether callers should be sent to it; {@link NodeHealth} tells what
     * counts and why. Any thread may ask, also after {@link #close}. It asks the loop, as {@link #status} does, and waits
     * for it no longer than a second, which is then a reason.
     *
     * @param policy from when on it counts as not ready
     * @return the verdict, with reasons
     */
    public NodeHealth health(HealthPolicy policy) {
        return runtime.health(Objects.requireNonNull(policy, "policy"));
    }

    /**
     * How much waits inside this node. It asks no other thread, so it answers also when the loop does not.
     *
     * @return the numbers at about this moment
     */
    public NodeLoad load() {
        return runtime.load();
    }

    /**
     * Lets a meter hear what this node does from now on, besides those that hear it already.
     *
     * @param meter hears it, until it is {@linkplain #detach detached}
     */
    public void attach(NodeMeter meter) {
        runtime.metering().attach(Objects.requireNonNull(meter, "meter"));
    }

    /**
     * Lets a meter hear nothing any more. A call on another thread may still be under way when this returns.
     *
     * @param meter one that was attached; any other is ignored
     */
    public void detach(NodeMeter meter) {
        runtime.metering().detach(meter);
    }

    /**
     * When the cluster has formed. Nothing needs to wait for it: calls made before wait by themselves.
     *
     * @return completed as soon as this node knows that all members have met, and on a stranger as soon as it knows that
     *     it is one; fails with {@link RefusedException} if the node is closed before
     */
    public CompletableFuture<Void> whenFormed() {
        return runtime.whenFormed();
    }

    /**
     * The decrees, with values of one type.
     *
     * @param codec turns values into bytes; the same on every node
     * @param <V> the values
     * @return a view of this node's decrees; there may be several
     */
    public <V> Decrees<V> decrees(Codec<V> codec) {
        return new Decrees<>(
                runtime.door(),
                codec,
                runtime.settings().ticks(),
                runtime.settings().deadline());
    }

    /**
     * The registers, with values of one type: they can be changed, unlike decrees, and need no leader, unlike a log.
     *
     * @param codec turns values into bytes; the same on every node
     * @param <V> the values
     * @return a view of this node's registers; there may be several
     */
    public <V> Registers<V> registers(Codec<V> codec) {
        return new Registers<>(
                runtime.door(),
                codec,
                runtime.settings().ticks(),
                runtime.settings().deadline());
    }

    /**
     * Takes part in a replicated log. To be called on every node that is to hold the state, at any time, with a state
     * machine that has executed nothing yet; after a restart, and after {@link ReplicatedLog#close}, it executes the log
     * from the beginning again.
     *
     * @param name the log's name: 1 to 128 characters out of {@code A-Z a-z 0-9 . _ -}
     * @param machine the state and what commands do to it; from now on used by the node alone
     * @param commands turns commands into bytes; the same on every node
     * @param results turns results into bytes; the same on every node
     * @param <C> the commands
     * @param <R> the results
     * @param <S> the state machine
     * @return the log
     * @throws IllegalArgumentException if the name is not valid
     * @throws IllegalStateException if this node replicates that name already, or is still closing it
     */
    public <C, R, S extends StateMachine<C, R>> ReplicatedLog<C, R, S> replicate(
            String name, S machine, Codec<C> commands, Codec<R> results) {
        return runtime.replicate(name, machine, commands, results);
    }

    /**
     * Who belongs to the logs of this node, and how to change it in all of them with one call.
     *
     * @return a view of this node's memberships
     */
    public NodeMembers membership() {
        return runtime.members();
    }

    /**
     * Stops the node and completes every future that is still pending: those certainly without effect with
     * {@link RefusedException}, the others with {@link UnknownOutcomeException}. Closes transport and store. A second
     * call does nothing; may be called from any thread, a callback's and a listener's included.
     */
    @Override
    public void close() {
        runtime.close();
    }

    @Override
    public String toString() {
        return "PaxosNode[" + runtime.settings().id() + " of "
                + runtime.settings().cluster() + "]";
    }
}
