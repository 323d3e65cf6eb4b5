// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import io.paxos.single.SingleMessage;
import io.paxos.spi.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Members and one observer that agree on a few names over a network that loses, repeats and reorders, on stores that
 * write late; they crash, and one may lose its store and be a stranger from then on. What was chosen is judged by the
 * stores alone, from outside, and everything the nodes say is held against that.
 */
final class DecreeSimulation {

    private static final ClusterName CLUSTER = new ClusterName("c");
    private static final DecreeConfig CONFIG = new DecreeConfig(4, 1000, 1 << 20, 100);

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Envelope> network = new ArrayList<>();
    private final Membership membership;
    private final QuorumSystem quorums;
    private final List<DecreeName> names = new ArrayList<>();
    private final Map<RequestId, Call> calls = new LinkedHashMap<>();
    private final Map<DecreeName, Payload> chosen = new HashMap<>();
    private final Map<DecreeName, Set<Payload>> wanted = new HashMap<>();
    private final Map<Vote, Set<NodeId>> votes = new HashMap<>();
    private final Map<Vote, Payload> values = new HashMap<>();
    private final Set<Payload> refusedValues = new HashSet<>();
    private final double messageLoss;
    private boolean storeLost;
    private long drawn = 1000;
    int answeredUndecided;
    int answeredChosen;
    int refused;
    int unknown;

    private record Vote(DecreeName name, Ballot ballot) {}

    private record Call(
            Request.Kind kind, DecreeName name, @Nullable Payload value, Node node, boolean chosenBefore) {}

    DecreeSimulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        int size = 3 + random.nextInt(2);
        messageLoss = random.nextInt(3) * 0.15;
        TreeMap<NodeId, Incarnation> voters = new TreeMap<>();
        for (int i = 1; i <= size; i++) {
            voters.put(new NodeId("n" + i), new Incarnation(i));
        }
        membership = new Membership(voters);
        Set<NodeId> members = voters.keySet();
        int phase2 = 1 + random.nextInt(size);
        quorums = random.nextBoolean()
                ? MajorityQuorums.of(members)
                : new FlexibleQuorums(members, size + 1 - phase2, phase2);
        membership.endpoints().forEach(e -> nodes.add(new Node(e)));
        nodes.add(new Node(new Endpoint(new NodeId("o"), new Incarnation(99))));
        names.add(new DecreeName("d0"));
    }

    void disturb(int steps) {
        double crashes = random.nextDouble() * 0.02;
        double wakefulness = 0.2 + random.nextDouble() * 0.3;
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(150) == 0) {
                names.add(new DecreeName("d" + names.size()));
            }
            Node node = nodes.get(random.nextInt(nodes.size()));
            double die = random.nextDouble();
            if (die < crashes) {
                node.crash(!storeLost && random.nextInt(4) == 0 && isQuorumWithout(node));
            } else if (die < 0.06) {
                node.up();
                node.call(random.nextInt(4) == 0 ? 2 + random.nextInt(30) : 100_000);
            } else if (die < 0.15) {
                node.up();
                node.carryOut(node.running().tick());
            } else if (die < wakefulness) {
                node.up();
                node.writeOne();
            } else {
                deliver(random.nextDouble() < messageLoss, random.nextDouble() < 0.15);
            }
        }
    }

    /** Repairs all links and counts the ticks until every call but those that merely wait has been answered. */
    int settle(int mostTicks) {
        nodes.forEach(Node::up);
        int worked = 0;
        for (int tick = 1; tick <= mostTicks; tick++) {
            round();
            if (calls.isEmpty()) {
                return worked;
            }
            if (calls.values().stream().anyMatch(call -> call.kind != Request.Kind.AWAIT)) {
                worked = tick;
            }
        }
        throw new AssertionError("unanswered after " + mostTicks + " ticks: " + calls);
    }

    /** Waits until no member holds an accepted proposal whose decision it does not know. */
    void allParticipantsLearn(int mostTicks) {
        for (int tick = 1; tick <= mostTicks; tick++) {
            if (nodes.stream().allMatch(Node::knowsWhatBecameOfAllItAccepted)) {
                return;
            }
            round();
        }
        throw new AssertionError("after " + mostTicks + " ticks not all have learned: " + nodes);
    }

    void judge() {
        chosen.forEach((name, value) -> {
            if (!wanted.getOrDefault(name, Set.of()).contains(value)) {
                throw new AssertionError("chosen for " + name + " but never proposed: " + value);
            }
        });
        if (chosen.values().stream().anyMatch(refusedValues::contains)) {
            throw new AssertionError("chosen though refused: " + chosen + " " + refusedValues);
        }
    }

    private void round() {
        for (Node node : nodes) {
            node.carryOut(node.running().tick());
            node.writeAll();
        }
        for (int n = network.size(); n > 0; n--) {
            if (random.nextInt(3) > 0) {
                deliver(false, false);
            }
        }
    }

    private void deliver(boolean lost, boolean repeated) {
        if (network.isEmpty()) {
            return;
        }
        int at = random.nextInt(network.size());
        Envelope envelope = network.get(at);
        if (!repeated) {
            network.set(at, network.get(network.size() - 1));
            network.remove(network.size() - 1);
        }
        for (Node node : nodes) {
            if (!lost && node.running != null && node.endpoint.equals(envelope.to())) {
                node.carryOut(node.running.onMessage(envelope.from(), (DecreeMessage) envelope.message()));
            }
        }
    }

    private void accepted(Endpoint by, DecreeName name, Proposal<Payload> proposal) {
        Vote vote = new Vote(name, proposal.ballot());
        Payload before = values.putIfAbsent(vote, proposal.value());
        if (before != null && !before.equals(proposal.value())) {
            throw new AssertionError("two values at one ballot: " + vote + " " + before + " " + proposal);
        }
        Set<NodeId> voters = votes.computeIfAbsent(vote, v -> new HashSet<>());
        if (membership.counts(by)) {
            voters.add(by.node());
        }
        if (quorums.isPhase2Quorum(voters)) {
            Payload other = chosen.putIfAbsent(name, proposal.value());
            if (other != null && !other.equals(proposal.value())) {
                throw new AssertionError("two values chosen for " + name + ": " + other + " and " + proposal);
            }
        }
    }

    private void requireChosen(DecreeName name, Payload value) {
        if (!value.equals(chosen.get(name))) {
            throw new AssertionError("said to be decided for " + name + ": " + value + ", chosen: " + chosen.get(name));
        }
    }

    private boolean isQuorumWithout(Node node) {
        Set<NodeId> rest = new HashSet<>(membership.voters().keySet());
        rest.remove(node.endpoint.node());
        return quorums.isPhase1Quorum(rest) && quorums.isPhase2Quorum(rest);
    }

    private final class Node {
        private Endpoint endpoint;
        private final Deque<Effect.Persist> unwritten = new ArrayDeque<>();
        private final Map<DecreeName, Write.DecreeWrite> undecided = new HashMap<>();
        private final Map<DecreeName, Payload> decided = new HashMap<>();
        private @Nullable Decrees running;

        Node(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        Decrees running() {
            if (running == null) {
                throw new AssertionError(endpoint + " is down");
            }
            return running;
        }

        void up() {
            if (running == null) {
                Self self = new Self(CLUSTER, endpoint, ++drawn);
                Decrees decrees = new Decrees(self, CONFIG, new Random(random.nextLong()), undecided, decided);
                running = decrees;
                decrees.observers(nodes.stream()
                        .map(n -> n.endpoint)
                        .filter(e -> !membership.counts(e))
                        .toList());
                carryOut(decrees.form(membership, quorums, membership.counts(endpoint)));
            }
        }

        void crash(boolean loseStore) {
            running = null;
            unwritten.clear();
            calls.values().removeIf(call -> call.node == this);
            if (loseStore) {
                storeLost = true;
                endpoint = new Endpoint(endpoint.node(), new Incarnation(++drawn));
                undecided.clear();
                decided.clear();
            }
        }

        void call(int ticks) {
            RequestId id = new RequestId(++drawn);
            DecreeName name = names.get(names.size() - 1 - random.nextInt(Math.min(2, names.size())));
            int die = random.nextInt(10);
            boolean before = chosen.containsKey(name);
            if (die < 4) {
                Payload value = Payload.utf8("v" + drawn);
                wanted.computeIfAbsent(name, n -> new HashSet<>()).add(value);
                calls.put(id, new Call(Request.Kind.AGREE, name, value, this, before));
                carryOut(running().agree(id, name, value, ticks));
            } else if (die < 9) {
                calls.put(id, new Call(Request.Kind.LEARN, name, null, this, before));
                carryOut(running().learn(id, name, ticks));
            } else {
                calls.put(id, new Call(Request.Kind.AWAIT, name, null, this, before));
                carryOut(running().await(id, name, Math.min(ticks, 400)));
            }
        }

        /** The store groups what has come up since it wrote last. */
        void writeAll() {
            boolean more = random.nextInt(4) > 0;
            while (more) {
                more = writeOne();
            }
        }

        boolean writeOne() {
            Effect.Persist next = unwritten.poll();
            if (next == null) {
                return false;
            }
            next.writes().forEach(this::write);
            next.afterDurable().forEach(this::send);
            return true;
        }

        private void write(Write write) {
            if (write instanceof Write.DecreeDecidedWrite done) {
                requireChosen(done.name(), done.value());
                decided.put(done.name(), done.value());
                undecided.remove(done.name());
                return;
            }
            Write.DecreeWrite state = (Write.DecreeWrite) write;
            Write.DecreeWrite before = undecided.put(state.name(), state);
            if (before != null && before.promised().compareTo(state.promised()) > 0) {
                throw new AssertionError(endpoint + " takes a promise back: " + before + " " + state);
            }
            if (state.accepted() != null) {
                accepted(endpoint, state.name(), state.accepted());
            }
        }

        void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Persist persist) {
                    unwritten.add(persist);
                } else if (effect instanceof Effect.Send send) {
                    send(send.envelope());
                } else if (effect instanceof Effect.Respond respond) {
                    answered(respond.request(), respond.outcome());
                } else if (effect instanceof Effect.DecreeDecided told) {
                    requireChosen(told.name(), told.value());
                }
            }
        }

        private void answered(RequestId id, Outcome outcome) {
            Call call = calls.remove(id);
            if (call == null) {
                throw new AssertionError("answered again: " + id + " " + outcome);
            }
            if (outcome instanceof Outcome.Chosen told) {
                answeredChosen++;
                requireChosen(call.name, told.value());
            } else if (outcome instanceof Outcome.Undecided) {
                answeredUndecided++;
                if (call.chosenBefore) {
                    throw new AssertionError("told undecided, but chosen before the call: " + call);
                }
            } else if (outcome instanceof Outcome.Refused) {
                refused++;
                if (call.value != null) {
                    refusedValues.add(call.value);
                }
            } else if (outcome instanceof Outcome.Unknown && call.kind == Request.Kind.AGREE) {
                unknown++;
            } else {
                throw new AssertionError(call + " answered with " + outcome);
            }
        }

        /** No Promise, Accepted or Answer leaves that the store does not hold. */
        private void send(Envelope envelope) {
            if (envelope.message() instanceof DecreeMessage.Step step && !decided.containsKey(step.name())) {
                Write.DecreeWrite state = undecided.get(step.name());
                if (step.body() instanceof SingleMessage.Promise promise) {
                    require(state != null && state.promised().compareTo(promise.ballot()) >= 0, envelope);
                    require(holds(state, promise.accepted()), envelope);
                } else if (step.body() instanceof SingleMessage.Accepted yes) {
                    require(
                            state != null
                                    && state.accepted() != null
                                    && state.accepted().ballot().compareTo(yes.ballot()) >= 0,
                            envelope);
                }
            } else if (envelope.message() instanceof DecreeMessage.Answer answer
                    && !decided.containsKey(answer.name())) {
                require(holds(undecided.get(answer.name()), answer.accepted()), envelope);
            }
            network.add(envelope);
        }

        private boolean holds(Write.@Nullable DecreeWrite state, @Nullable Proposal<Payload> said) {
            return said == null
                    || (state != null
                            && state.accepted() != null
                            && state.accepted().ballot().compareTo(said.ballot()) >= 0);
        }

        private void require(boolean durable, Envelope envelope) {
            if (!durable) {
                throw new AssertionError("said before it is durable: " + envelope + ", durable: " + undecided);
            }
        }

        boolean knowsWhatBecameOfAllItAccepted() {
            return !membership.counts(endpoint)
                    || undecided.values().stream().allMatch(state -> state.accepted() == null);
        }

        @Override
        public String toString() {
            return endpoint + " " + undecided + " " + decided;
        }
    }
}
