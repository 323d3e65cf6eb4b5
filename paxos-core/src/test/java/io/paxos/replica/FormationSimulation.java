// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Effect;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that form a cluster over a network that loses, repeats and reorders, on stores that write late; they crash and
 * come back with their store or without it. What must always hold is checked after every step.
 */
final class FormationSimulation {

    private static final ClusterName CLUSTER = new ClusterName("c");

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Envelope> network = new ArrayList<>();
    private final Set<NodeId> members = new TreeSet<>();
    private final double storeLoss;
    private final double messageLoss;
    private long drawn;
    int formations;
    int storesLost;
    int orphans;
    int rebinds;

    FormationSimulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        int size = 1 + random.nextInt(4);
        storeLoss = random.nextInt(3) * 0.4;
        messageLoss = random.nextInt(3) * 0.15;
        for (int i = 1; i <= size; i++) {
            members.add(new NodeId("n" + i));
        }
        members.forEach(id -> nodes.add(new Node(id)));
        if (random.nextInt(4) == 0) {
            nodes.add(new Node(new NodeId("o")));
        }
    }

    /** Disturbs the nodes for so many steps. */
    void disturb(int steps) {
        double crashes = random.nextDouble() * 0.04;
        for (int i = 0; i < steps; i++) {
            double die = random.nextDouble();
            Node node = nodes.get(random.nextInt(nodes.size()));
            if (die < crashes) {
                node.crash();
            } else if (die < 0.15) {
                node.up();
                node.carryOut(node.formation().tick());
            } else if (die < 0.4) {
                node.up();
                node.writeOne();
            } else {
                deliverOne(random.nextDouble() < messageLoss, random.nextDouble() < 0.2);
            }
            check();
        }
    }

    /** Lets everyone come back, repair all links, and counts the rounds until all know the same formed vector. */
    int settle(int mostRounds) {
        nodes.forEach(Node::up);
        for (int round = 1; round <= mostRounds; round++) {
            wipeOrphans();
            for (Node node : nodes) {
                for (int i = 0; i < 10; i++) {
                    node.carryOut(node.formation().tick());
                }
            }
            for (int exchange = 0; exchange < 4; exchange++) {
                for (Node node : nodes) {
                    while (node.writeOne()) {
                        check();
                    }
                }
                for (int n = network.size(); n > 0; n--) {
                    deliverOne(false, false);
                    check();
                }
            }
            Membership formed = nodes.get(0).formation().formed();
            if (formed != null
                    && nodes.stream().allMatch(n -> formed.equals(n.formation().formed()))) {
                return round;
            }
        }
        throw new AssertionError("not formed after " + mostRounds + " rounds: " + nodes);
    }

    /**
     * Whoever was told of a formed vector by members that have all lost their stores since stands alone with that
     * knowledge; an operator has to give it an empty store.
     */
    private void wipeOrphans() {
        for (Node node : nodes) {
            Membership known = node.formation().formed();
            if (known != null
                    && nodes.stream()
                            .noneMatch(n -> known.counts(n.endpoint())
                                    && known.equals(n.formation().formed()))) {
                orphans++;
                node.crash();
                node.lose();
                node.up();
            }
        }
    }

    private void deliverOne(boolean lost, boolean repeated) {
        if (network.isEmpty()) {
            return;
        }
        int at = random.nextInt(network.size());
        Envelope envelope = network.get(at);
        if (!repeated) {
            network.set(at, network.get(network.size() - 1));
            network.remove(network.size() - 1);
        }
        if (lost) {
            return;
        }
        for (Node node : nodes) {
            if (node.running != null
                    && node.id.equals(envelope.to().node())
                    && (envelope.to().incarnation().equals(Incarnation.ANY)
                            || envelope.to().equals(node.endpoint()))) {
                node.carryOut(node.running.onHello(envelope, (Hello) envelope.message()));
            }
        }
    }

    /** Of all stores that were not lost, those that vote have formed the same vector. */
    private void check() {
        Set<Membership> formed = new HashSet<>();
        for (Node node : nodes) {
            Membership durable = node.durable.formed();
            if (durable != null && durable.counts(node.endpoint())) {
                formed.add(durable);
            }
            if (node.running != null && node.running.votes()) {
                formed.add(node.running.formed());
            }
        }
        if (formed.size() > 1) {
            throw new AssertionError("two vectors formed: " + formed + " " + nodes);
        }
        formations = Math.max(formations, formed.size());
    }

    private final class Node {
        private final NodeId id;
        private final Deque<Effect.Persist> unwritten = new ArrayDeque<>();
        private Incarnation incarnation = new Incarnation(++drawn);
        private Write.FormationWrite durable = RecoveredState.NOT_FORMED;
        private final Map<Endpoint, Long> peerStarts = new HashMap<>();
        private long starts;
        private @Nullable Formation running;

        Node(NodeId id) {
            this.id = id;
        }

        Endpoint endpoint() {
            return new Endpoint(id, incarnation);
        }

        Formation formation() {
            if (running == null) {
                throw new AssertionError(id + " is down");
            }
            return running;
        }

        void up() {
            if (running == null) {
                Self self = new Self(
                        CLUSTER, endpoint(), StartId.of(++starts, ++drawn).bits());
                running = new Formation(self, members, names -> "the rule", durable, peerStarts, 2);
                carryOut(running.start());
            }
        }

        void crash() {
            running = null;
            unwritten.clear();
            if (random.nextDouble() < storeLoss) {
                lose();
            }
        }

        void lose() {
            storesLost++;
            incarnation = new Incarnation(++drawn);
            durable = RecoveredState.NOT_FORMED;
            peerStarts.clear();
            starts = 0;
        }

        boolean writeOne() {
            Effect.Persist next = unwritten.poll();
            if (next == null) {
                return false;
            }
            for (Write write : next.writes()) {
                if (write instanceof Write.PeerStartWrite heard) {
                    note(heard);
                    continue;
                }
                Write.FormationWrite now = (Write.FormationWrite) write;
                if (durable.bound() != null && !durable.bound().equals(now.bound())) {
                    rebinds++;
                    if (!now.renounced().contains(durable.bound())) {
                        throw new AssertionError(id + " rebinds without renouncing: " + durable + " " + now);
                    }
                }
                if (durable.formed() != null && !durable.formed().equals(now.formed())) {
                    throw new AssertionError(id + " takes back what formed: " + durable + " " + now);
                }
                durable = now;
            }
            next.afterDurable().forEach(this::send);
            return true;
        }

        /** No store is ever copied here, so nobody may be found to be a copy, however late a message comes. */
        private void note(Write.PeerStartWrite heard) {
            Long before = peerStarts.put(heard.peer(), heard.start());
            if (heard.peer().equals(endpoint()) || (before != null && before > heard.start())) {
                throw new AssertionError(id + " notes " + heard + " after " + before);
            }
        }

        void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Persist persist) {
                    unwritten.add(persist);
                } else if (effect instanceof Effect.Send send) {
                    send(send.envelope());
                }
            }
        }

        private void send(Envelope envelope) {
            Hello hello = (Hello) envelope.message();
            Write.FormationWrite said = new Write.FormationWrite(hello.bound(), hello.formed(), hello.renounced());
            if (!said.equals(durable)) {
                throw new AssertionError(id + " says " + said + " but durable is " + durable);
            }
            network.add(envelope);
        }

        @Override
        public String toString() {
            return endpoint() + (running == null ? " down " : " up ") + durable;
        }
    }
}
