package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.model.NodeId;
import io.paxos.quorum.QuorumSystem;
import io.paxos.spi.RecoveredState;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A whole node as a pure machine: the formation of the cluster, the decrees, and one {@code Replica} for each log. It
 * has no thread, clock, I/O or randomness of its own; a host feeds it events and carries out the effects in their order.
 * Not safe for use by several threads.
 */
public final class NodeMachine {

    /**
     * A machine with the memory of the store.
     *
     * @param self who this node is, for this start
     * @param members the configured initial members; the node observes if it is not one of them
     * @param quorums makes the quorum system of the members
     * @param config limits and timeouts
     * @param recovered what the store holds
     * @param random seeded by the host; spreads elections and retries
     */
    public NodeMachine(
            Self self,
            Set<NodeId> members,
            Function<Set<NodeId>, QuorumSystem> quorums,
            MachineConfig config,
            RecoveredState recovered,
            RandomGenerator random) {
        throw new UnsupportedOperationException();
    }

    /**
     * What is to be done first. To be called once, before any step.
     *
     * @return the effects, to be carried out in order
     */
    public List<Effect> start() {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes in one event.
     *
     * @param event what happened
     * @return the effects, to be carried out in order
     */
    public List<Effect> step(Event event) {
        return step(List.of(event));
    }

    /**
     * Takes in events that have gathered, in their order, and lets what they cause travel together: the more gather,
     * the more commands share a message and a write.
     *
     * @param events what happened
     * @return the effects, to be carried out in order
     */
    public List<Effect> step(List<? extends Event> events) {
        throw new UnsupportedOperationException();
    }

    /**
     * How things stand.
     *
     * @return an immutable view
     */
    public NodeStatus status() {
        throw new UnsupportedOperationException();
    }
}
