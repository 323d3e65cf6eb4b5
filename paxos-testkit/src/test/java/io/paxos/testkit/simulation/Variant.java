// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Self;
import io.paxos.log.Changes;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.quorum.QuorumSystem;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.NodeStatus;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StateMachine;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The product but for one thing: what is not overridden is the product's own. */
public interface Variant extends Program {

    /**
     * What runs in the place of the product's machine.
     *
     * @param self who the node is
     * @param machine the product's machine
     * @return that machine, unless overridden
     */
    default Machine variant(Self self, Machine machine) {
        return machine;
    }

    /**
     * What executes in the place of the user's state machine.
     *
     * @param machine the user's
     * @return that state machine, unless overridden
     */
    default StateMachine<Payload, Payload> variant(StateMachine<Payload, Payload> machine) {
        return machine;
    }

    @Override
    default Machine machine(
            Self self,
            Set<NodeId> members,
            Function<Set<NodeId>, QuorumSystem> quorums,
            MachineConfig config,
            RecoveredState recovered,
            RandomGenerator random) {
        return variant(self, PAXOS.machine(self, members, quorums, config, recovered, random));
    }

    @Override
    default Executor executor(
            Self self,
            GroupId group,
            StateMachine<Payload, Payload> machine,
            SnapshotPolicy policy,
            int mostSessions,
            Changes changes,
            int compareEvery) {
        return PAXOS.executor(self, group, variant(machine), policy, mostSessions, changes, compareEvery);
    }

    /** Hands everything on to a machine. */
    class Handing implements Machine {
        private final Machine machine;

        /**
         * In front of a machine.
         *
         * @param machine the machine
         */
        public Handing(Machine machine) {
            this.machine = machine;
        }

        @Override
        public List<Effect> start() {
            return machine.start();
        }

        @Override
        public List<Effect> step(Event event) {
            return machine.step(event);
        }

        @Override
        public NodeStatus status() {
            return machine.status();
        }
    }
}
