// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.quorum.MajorityQuorums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What many names cost. The numbers are printed; asserted is what depends on no clock. */
class DecreesScaleTest {

    private static final DecreeConfig CONFIG = new DecreeConfig(20, 20_000, 64 << 20, 1 << 20);

    @Test
    void decidingTheMillionthNameIsAsMuchWorkAsDecidingTheFirst() {
        Node n1 = new Node(new Endpoint(new NodeId("n1"), new Incarnation(1)), false);
        Membership alone = Membership.of(Map.of(n1.endpoint.node(), n1.endpoint.incarnation()));
        n1.decrees.form(alone, MajorityQuorums.of(alone.voters().keySet()), true);
        Cluster cluster = new Cluster(List.of(n1));
        int block = 100_000;
        long content = 0;
        long firstSteps = 0;
        for (int done = 0; done < 1_000_000; done += block) {
            long before = System.nanoTime();
            long steps = cluster.steps;
            for (int i = done; i < done + block; i++) {
                String name = "order-" + i + "/owner";
                content += name.length() + Long.BYTES;
                n1.agree(i, new DecreeName(name), Payload.wrap(new byte[Long.BYTES]));
                cluster.run();
                if (i % 1000 == 0) {
                    n1.tick();
                }
            }
            steps = cluster.steps - steps;
            firstSteps = done == 0 ? steps : firstSteps;
            assertThat(steps).isEqualTo(firstSteps);
            System.out.printf(
                    "decrees: %,d decided, %,d per second, %.1f bytes of memory each, of which name and value %.1f%n",
                    done + block,
                    block * 1_000_000_000L / (System.nanoTime() - before),
                    (double) n1.decrees.decidedBytes() / (done + block),
                    (double) content / (done + block));
        }
        assertThat(n1.decrees.decidedCount()).isEqualTo(1_000_000);
        assertThat(n1.decrees.decidedBytes()).isLessThan(content + 40_000_000L);
        assertThat(n1.answers).isEqualTo(1_000_000);
        assertThat(n1.decrees.decided(new DecreeName("order-999999/owner"))).isNotNull();
        assertThat(n1.decrees.openCount()).isZero();
    }

    /** Three nodes, all of which want another value for each name, and none of which is decided before all are open. */
    @Test
    void tenThousandUndecidedNamesAtOnceAreAllDecided() {
        List<Node> nodes = new ArrayList<>();
        Map<NodeId, Incarnation> voters = new HashMap<>();
        for (int i = 1; i <= 3; i++) {
            Endpoint endpoint = new Endpoint(new NodeId("n" + i), new Incarnation(i));
            voters.put(endpoint.node(), endpoint.incarnation());
            nodes.add(new Node(endpoint, true));
        }
        Membership members = Membership.of(voters);
        Cluster cluster = new Cluster(nodes);
        int names = 10_000;
        for (Node node : nodes) {
            node.carryOut(node.decrees.form(members, MajorityQuorums.of(voters.keySet()), true));
            for (int i = 0; i < names; i++) {
                node.agree(
                        i,
                        new DecreeName("d" + i),
                        Payload.utf8(node.endpoint.node().name()));
            }
        }
        assertThat(nodes).allMatch(node -> node.decrees.openCount() == names);
        int ticks = 0;
        long before = System.nanoTime();
        while (nodes.stream().anyMatch(node -> node.outcomes.size() < names)) {
            cluster.hop();
            nodes.forEach(Node::tick);
            ticks++;
            assertThat(ticks).as("a duel lasts").isLessThan(1000);
        }
        cluster.run();
        System.out.printf(
                "decrees: %,d names proposed by three rivals each, one tick for each hop: all decided after %d ticks, %d ms%n",
                names, ticks, (System.nanoTime() - before) / 1_000_000);
        for (int i = 0; i < names; i++) {
            RequestId call = new RequestId(i);
            assertThat(nodes.get(0).outcomes.get(call)).isInstanceOf(Outcome.Chosen.class);
            assertThat(nodes.get(1).outcomes.get(call))
                    .isEqualTo(nodes.get(0).outcomes.get(call));
            assertThat(nodes.get(2).outcomes.get(call))
                    .isEqualTo(nodes.get(0).outcomes.get(call));
        }
        assertThat(nodes).allMatch(node -> node.decrees.openCount() == 0);
        for (int i = 0; i < 20_000; i++) {
            nodes.forEach(Node::tick);
        }
        assertThat(cluster.hop()).as("nothing is left to do").isZero();
    }

    /** Carries messages in order, and calls a write durable at once. */
    private static final class Cluster {
        private final List<Node> nodes;
        private long steps;

        Cluster(List<Node> nodes) {
            this.nodes = nodes;
        }

        /** Carries all messages, and those that come of them, until there are no more. */
        void run() {
            while (hop() > 0) {}
        }

        /** Carries the messages that are under way, but not those that come of them. */
        int hop() {
            int carried = 0;
            List<Envelope> underWay = new ArrayList<>();
            for (Node node : nodes) {
                underWay.addAll(node.sent);
                node.sent.clear();
            }
            for (Envelope envelope : underWay) {
                deliver(envelope);
                carried++;
            }
            steps += carried;
            return carried;
        }

        private void deliver(Envelope envelope) {
            for (Node node : nodes) {
                if (node.endpoint.equals(envelope.to())) {
                    node.carryOut(node.decrees.onMessage(envelope.from(), (DecreeMessage) envelope.message()));
                }
            }
        }
    }

    private static final class Node {
        private final Endpoint endpoint;
        private final Decrees decrees;
        private final List<Envelope> sent = new ArrayList<>();
        private final Map<RequestId, Outcome> outcomes = new HashMap<>();
        private final boolean keepsOutcomes;
        private long answers;

        Node(Endpoint endpoint, boolean keepsOutcomes) {
            this.endpoint = endpoint;
            this.keepsOutcomes = keepsOutcomes;
            Self self = new Self(
                    new ClusterName("c"), endpoint, endpoint.incarnation().bits());
            decrees =
                    new Decrees(self, CONFIG, new Random(endpoint.incarnation().bits()), Map.of(), Map.of());
        }

        void agree(int number, DecreeName name, Payload value) {
            carryOut(decrees.agree(new RequestId(number), name, value, 3000));
        }

        void tick() {
            carryOut(decrees.tick());
        }

        void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Persist persist) {
                    sent.addAll(persist.afterDurable());
                } else if (effect instanceof Effect.Send send) {
                    sent.add(send.envelope());
                } else if (effect instanceof Effect.Respond respond) {
                    answers++;
                    if (keepsOutcomes && outcomes.put(respond.request(), respond.outcome()) != null) {
                        throw new AssertionError("answered twice: " + respond);
                    }
                }
            }
        }
    }
}
