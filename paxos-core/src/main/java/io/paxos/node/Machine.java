// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.replica.NodeMachine;
import io.paxos.replica.NodeStatus;
import java.util.List;

/** What the runtime needs of the pure machine it runs. */
interface Machine {

    /** What is to be done first. */
    List<Effect> start();

    /** Takes in the events that have gathered. */
    List<Effect> step(List<Event> events);

    /** How things stand. */
    NodeStatus status();

    /** The real one. */
    static Machine of(NodeMachine machine) {
        return new Machine() {
            @Override
            public List<Effect> start() {
                return machine.start();
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
}
