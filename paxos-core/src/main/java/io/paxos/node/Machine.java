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

    /** Takes in one event. */
    List<Effect> step(Event event);

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
            public List<Effect> step(Event event) {
                return machine.step(event);
            }

            @Override
            public NodeStatus status() {
                return machine.status();
            }
        };
    }
}
