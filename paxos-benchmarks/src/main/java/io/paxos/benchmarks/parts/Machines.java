// SPDX-License-Identifier: Apache-2.0
package io.paxos.benchmarks.parts;

import io.paxos.event.Completion;
import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.replica.AppliedState;
import io.paxos.replica.LevelPolicy;
import io.paxos.replica.MachineConfig;
import io.paxos.replica.NodeMachine;
import io.paxos.replica.SnapshotPolicy;
import io.paxos.spi.StateMachine;
import io.paxos.spi.StoreContents;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Three nodes as pure machines, whose messages arrive at once and whose writes are durable at once. */
final class Machines {

    static final GroupId GROUP = GroupId.of("log");

    private static final ClusterName CLUSTER = new ClusterName("machines");
    private static final Set<NodeId> MEMBERS = Set.of(NodeId.of("n1"), NodeId.of("n2"), NodeId.of("n3"));
    private static final int MOST_TICKS = 10_000;

    private final Map<NodeId, Node> nodes = new TreeMap<>();
    private final Queue<Envelope> network = new ArrayDeque<>();
    private final Node leader;
    private long answers;

    /** Starts them and elects a leader. */
    Machines() {
        for (NodeId member : MEMBERS) {
            nodes.put(member, new Node(member, nodes.size() + 1));
        }
        for (Node node : nodes.values()) {
            node.carryOut(node.machine.start());
            node.step(List.of(new Event.OpenGroup(GROUP)));
        }
        settle();
        leader = elect();
    }

    private Node elect() {
        for (int i = 0; i < MOST_TICKS; i++) {
            for (Node node : nodes.values()) {
                node.step(List.of(new Event.Tick(new LogTime(1))));
                settle();
                if (node.leads()) {
                    return node;
                }
            }
        }
        throw new IllegalStateException("no leader after " + MOST_TICKS + " ticks");
    }

    /**
     * Submits commands at the leader, and returns when nothing is left to do.
     *
     * @return how many have been answered so far
     */
    long submit(List<Event> events) {
        long before = answers;
        leader.step(events);
        settle();
        if (answers != before + events.size()) {
            throw new IllegalStateException((answers - before) + " answers to " + events.size() + " commands");
        }
        return answers;
    }

    private void settle() {
        for (Envelope next = network.poll(); next != null; next = network.poll()) {
            Node node = nodes.get(next.to().node());
            if (node != null) {
                node.step(List.of(new Event.Received(next)));
            }
        }
    }

    /** One of them, and what hosts it. */
    private final class Node {

        private final NodeMachine machine;
        private final AppliedState state;

        Node(NodeId id, long number) {
            Incarnation incarnation = new Incarnation(number);
            Self self = new Self(
                    CLUSTER,
                    new Endpoint(id, incarnation),
                    StartId.of(1, number).bits());
            StateMachine<Payload, Payload> user = (context, command) -> Payload.EMPTY;
            state = new AppliedState(self, GROUP, user, SnapshotPolicy.NEVER);
            machine = new NodeMachine(
                    self,
                    MEMBERS,
                    MajorityQuorums::of,
                    MachineConfig.DEFAULTS.with(LevelPolicy.SETTLED),
                    new StoreContents().recovered(incarnation, 1, group -> null),
                    new Random(number));
        }

        boolean leads() {
            var group = machine.status().groups().get(GROUP);
            return group != null && group.role() == Effect.RoleName.LEADER;
        }

        void step(List<? extends Event> events) {
            carryOut(machine.step(events));
        }

        void carryOut(List<Effect> effects) {
            List<Event> next = new ArrayList<>();
            for (Effect effect : effects) {
                if (effect instanceof Effect.Persist persist) {
                    network.addAll(persist.afterDurable());
                } else if (effect instanceof Effect.Send send) {
                    network.add(send.envelope());
                } else if (effect instanceof Effect.Respond respond) {
                    require(respond.outcome());
                    answers++;
                } else if (effect instanceof Effect.Apply apply) {
                    List<Completion> completions = state.apply(apply.first(), apply.values());
                    next.add(new Event.Applied(GROUP, state.applied(), completions));
                } else if (effect instanceof Effect.Halted halted) {
                    throw new IllegalStateException(halted.reason());
                }
            }
            if (!next.isEmpty()) {
                step(next);
            }
        }

        private void require(Outcome outcome) {
            if (outcome instanceof Outcome.Refused || outcome instanceof Outcome.Unknown) {
                throw new IllegalStateException("a command was not applied: " + outcome);
            }
        }
    }
}
