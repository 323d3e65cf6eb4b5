// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.model.DecidedChange;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.AppliedState;
import io.paxos.replica.CapturedState;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.NodeMachine;
import io.paxos.replica.NodeStatus;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StateMachine;
import io.paxos.testkit.check.Check;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What runs on the nodes: the product's own machine, or in tests of the simulator another one. */
public interface Program {

    /** The product: {@link NodeMachine} and {@link AppliedState}. */
    Program PAXOS = new Program() {
        @Override
        public Machine machine(
                Self self,
                Set<NodeId> members,
                Function<Set<NodeId>, QuorumSystem> quorums,
                MachineConfig config,
                RecoveredState recovered,
                RandomGenerator random) {
            NodeMachine machine = new NodeMachine(self, members, quorums, config, recovered, random);
            return new Machine() {
                @Override
                public List<Effect> start() {
                    return machine.start();
                }

                @Override
                public List<Effect> step(Event event) {
                    return machine.step(event);
                }

                @Override
                public List<Effect> step(List<Event> events) {
                    return machine.step(events);
                }

                @Override
                public NodeStatus status() {
                    return machine.status();
                }
            };
        }

        @Override
        public Executor executor(
                Self self,
                GroupId group,
                StateMachine<Payload, Payload> machine,
                SnapshotPolicy policy,
                int mostSessions,
                Changes changes,
                int compareEvery) {
            AppliedState state = new AppliedState(self, group, machine, policy, mostSessions, changes, compareEvery);
            return new Executor() {
                @Override
                public List<Completion> apply(long first, List<Value> values) {
                    return state.apply(first, values);
                }

                @Override
                public @Nullable CapturedState takeCapture() {
                    return state.takeCapture();
                }

                @Override
                public void snapshotEnded() {
                    state.snapshotEnded();
                }

                @Override
                public List<StateDigest> takeDigests() {
                    return state.takeDigests();
                }

                @Override
                public List<Completion> restore(InputStream snapshot) throws IOException {
                    return state.restore(snapshot);
                }

                @Override
                public long applied() {
                    return state.applied();
                }

                @Override
                public List<DecidedChange> changes() {
                    return state.changes();
                }

                @Override
                public FeatureLevel level() {
                    return state.level();
                }
            };
        }
    };

    /**
     * One start of one node.
     *
     * @param self who the node is
     * @param members the configured members
     * @param quorums makes the quorum system of the members
     * @param config limits and timeouts
     * @param recovered what the store holds
     * @param random the node's own randomness
     * @return the machine
     */
    Machine machine(
            Self self,
            Set<NodeId> members,
            Function<Set<NodeId>, QuorumSystem> quorums,
            MachineConfig config,
            RecoveredState recovered,
            RandomGenerator random);

    /**
     * What executes the decided values of one log on one start of a node.
     *
     * @param self who the node is
     * @param group the log
     * @param machine the state machine
     * @param policy when snapshots are due
     * @param mostSessions how many sessions are remembered
     * @param changes no changes of membership yet; says which will take effect
     * @param compareEvery of how many slots each stretch is whose outcomes are compared, or 0
     * @return the executor, at slot 0
     */
    Executor executor(
            Self self,
            GroupId group,
            StateMachine<Payload, Payload> machine,
            SnapshotPolicy policy,
            int mostSessions,
            Changes changes,
            int compareEvery);

    /**
     * Who watches the run besides the checks that watch every run.
     *
     * @return the observers, fresh for one run; none unless overridden
     */
    default List<Check> observers() {
        return List.of();
    }

    /** A node as a pure machine; see {@link NodeMachine}. */
    interface Machine {

        /**
         * What is to be done first.
         *
         * @return the effects, in order
         */
        List<Effect> start();

        /**
         * Takes in one event.
         *
         * @param event what happened
         * @return the effects, in order
         */
        List<Effect> step(Event event);

        /**
         * Takes in events that have gathered, in their order.
         *
         * @param events what happened
         * @return the effects, in order; unless overridden those of one event after another
         */
        default List<Effect> step(List<Event> events) {
            List<Effect> effects = new ArrayList<>();
            for (Event event : events) {
                effects.addAll(step(event));
            }
            return effects;
        }

        /**
         * How things stand.
         *
         * @return an immutable view
         */
        NodeStatus status();
    }

    /** Executes decided values; see {@link AppliedState}. */
    interface Executor {

        /**
         * Executes the next slots.
         *
         * @param first the slot of the first value
         * @param values the values
         * @return what became of those that this start of this node put into the log
         */
        List<Completion> apply(long first, List<Value> values);

        /**
         * The stretches that have come to their ends since the last call, where states are compared.
         *
         * @return what came of each
         */
        List<StateDigest> takeDigests();

        /**
         * What has been captured since the last call, because a snapshot was due.
         *
         * @return the captured state, or null
         */
        @Nullable
        CapturedState takeCapture();

        /** The snapshot that was being written is durable, or has been given up. */
        void snapshotEnded();

        /**
         * Puts a snapshot in the place of what was executed, if it has come further.
         *
         * @param snapshot its bytes
         * @return what became of the commands of this start of this node, as far as the snapshot tells
         * @throws IOException if it is no snapshot of this log
         */
        List<Completion> restore(InputStream snapshot) throws IOException;

        /**
         * How far this has come.
         *
         * @return the last slot executed, 0 if none
         */
        long applied();

        /**
         * Which changes of membership matter for the slots behind the state.
         *
         * @return the changes that took effect, the earliest first
         */
        List<DecidedChange> changes();

        /**
         * The feature level raised up to the state.
         *
         * @return the lowest there is, unless overridden
         */
        default FeatureLevel level() {
            return FeatureLevel.BASE;
        }
    }
}
