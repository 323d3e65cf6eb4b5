// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.RegisterState;
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
 * Members and one observer that change a few registers over a network that loses, repeats and reorders, on stores that
 * write late; they crash, and one may lose its store and be a stranger from then on. Every change appends a mark of its own
 * to the value, so a value tells all that was done to it: what is chosen at one ballot must begin with what is chosen at
 * every lower one, hold no mark twice, and hold every mark whose caller was told so. What was chosen is judged by the
 * stores alone, from outside, and everything the nodes say is held against that.
 */
final class RegisterSimulation {

    private static final ClusterName CLUSTER = new ClusterName("c");
    private static final DecreeConfig CONFIG = new DecreeConfig(4, 1000, 1 << 20, 4000);

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Envelope> network = new ArrayList<>();
    private final Membership membership;
    private final QuorumSystem quorums;
    private final List<RegisterName> names = new ArrayList<>();
    private final Map<RequestId, Call> calls = new LinkedHashMap<>();
    private final Map<RegisterName, TreeMap<Ballot, String>> chosen = new HashMap<>();
    private final Map<Vote, Set<NodeId>> votes = new HashMap<>();
    private final Map<Vote, Payload> values = new HashMap<>();
    private final Set<String> denied = new HashSet<>();
    private final Map<RegisterName, Set<String>> confirmed = new HashMap<>();
    private final double messageLoss;
    private boolean storeLost;
    private long drawn = 1000;
    int changed;
    int held;
    int refused;
    int unknown;
    int builtUpon;

    private record Vote(RegisterName name, Ballot ballot) {}

    /** A call, with the mark that it appends, or null if it only reads, and the value that was chosen when it was made. */
    private record Call(RegisterName name, @Nullable String mark, Node node, String before) {}

    private record Computation(
            RequestId request, RegisterName name, @Nullable Payload found) {}

    RegisterSimulation(long seed) {
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
        names.add(new RegisterName("r0"));
    }

    void disturb(int steps) {
        double crashes = random.nextDouble() * 0.02;
        double wakefulness = 0.2 + random.nextDouble() * 0.3;
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(400) == 0) {
                names.add(new RegisterName("r" + names.size()));
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
            } else if (die < 0.2) {
                node.up();
                node.computeOne();
            } else if (die < wakefulness) {
                node.up();
                node.writeOne();
            } else {
                deliver(random.nextDouble() < messageLoss, random.nextDouble() < 0.15);
            }
        }
    }

    /** Repairs all links and counts the ticks until every call has been answered. */
    int settle(int mostTicks) {
        nodes.forEach(Node::up);
        for (int tick = 1; tick <= mostTicks; tick++) {
            if (calls.isEmpty()) {
                return tick;
            }
            round();
        }
        throw new AssertionError("unanswered after " + mostTicks + " ticks: " + calls);
    }

    void judge() {
        chosen.forEach((name, history) -> {
            String last = history.lastEntry().getValue();
            for (String mark : confirmed.getOrDefault(name, Set.of())) {
                if (!last.contains(mark)) {
                    throw new AssertionError("the change " + mark + " of " + name + " is lost: " + last);
                }
            }
            for (String mark : denied) {
                if (last.contains(mark)) {
                    throw new AssertionError("the change " + mark + " of " + name + " was denied and made: " + last);
                }
            }
        });
    }

    private void round() {
        for (Node node : nodes) {
            node.carryOut(node.running().tick());
            node.computeOne();
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
                node.carryOut(node.running.onMessage(envelope.from(), (RegisterMessage) envelope.message()));
            }
        }
    }

    private void accepted(Endpoint by, RegisterName name, Proposal<Payload> proposal) {
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
            choose(name, proposal);
        }
    }

    private void choose(RegisterName name, Proposal<Payload> proposal) {
        TreeMap<Ballot, String> history = chosen.computeIfAbsent(name, n -> new TreeMap<>());
        String value = text(RegisterState.decode(proposal.value()).value());
        if (history.putIfAbsent(proposal.ballot(), value) != null) {
            return;
        }
        Map.Entry<Ballot, String> lower = history.lowerEntry(proposal.ballot());
        Map.Entry<Ballot, String> higher = history.higherEntry(proposal.ballot());
        if ((lower != null && !value.startsWith(lower.getValue()))
                || (higher != null && !higher.getValue().startsWith(value))) {
            throw new AssertionError("the values chosen for " + name + " are not made of one another: " + history);
        }
        Set<String> marks = new HashSet<>();
        for (String mark : value.split(";")) {
            if (!marks.add(mark)) {
                throw new AssertionError("the change " + mark + " of " + name + " was made twice: " + value);
            }
        }
    }

    private static String text(@Nullable Payload value) {
        return value == null ? "" : value.toUtf8();
    }

    /** What is chosen at the highest ballot. */
    private String latest(RegisterName name) {
        TreeMap<Ballot, String> history = chosen.get(name);
        return history == null ? "" : history.lastEntry().getValue();
    }

    private boolean isQuorumWithout(Node node) {
        Set<NodeId> rest = new HashSet<>(membership.voters().keySet());
        rest.remove(node.endpoint.node());
        return quorums.isPhase1Quorum(rest) && quorums.isPhase2Quorum(rest);
    }

    private final class Node {
        private Endpoint endpoint;
        private final Deque<Effect.Persist> unwritten = new ArrayDeque<>();
        private final List<Computation> computations = new ArrayList<>();
        private final Map<RegisterName, Write.RegisterWrite> store = new HashMap<>();
        private @Nullable Registers running;

        Node(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        Registers running() {
            if (running == null) {
                throw new AssertionError(endpoint + " is down");
            }
            return running;
        }

        void up() {
            if (running == null) {
                Self self = new Self(CLUSTER, endpoint, ++drawn);
                Registers registers = new Registers(self, CONFIG, new Random(random.nextLong()), store);
                running = registers;
                carryOut(registers.form(membership, quorums, membership.counts(endpoint)));
            }
        }

        void crash(boolean loseStore) {
            running = null;
            unwritten.clear();
            computations.clear();
            calls.values().removeIf(call -> call.node == this);
            if (loseStore) {
                storeLost = true;
                endpoint = new Endpoint(endpoint.node(), new Incarnation(++drawn));
                store.clear();
            }
        }

        void call(int ticks) {
            RequestId id = new RequestId(++drawn);
            RegisterName name = names.get(names.size() - 1 - random.nextInt(Math.min(2, names.size())));
            String before = latest(name);
            int die = random.nextInt(10);
            if (die < 4) {
                calls.put(id, new Call(name, null, this, before));
                carryOut(running().read(id, name, ticks));
                return;
            }
            String mark = "m" + drawn + ";";
            calls.put(id, new Call(name, mark, this, before));
            RegisterChange change = new RegisterChange.Compute();
            if (die < 7) {
                Payload expected = before.isEmpty() ? null : Payload.utf8(before);
                change = new RegisterChange.CompareAndSet(expected, Payload.utf8(before + mark));
            }
            carryOut(running().change(id, name, change, ticks));
        }

        void computeOne() {
            if (computations.isEmpty()) {
                return;
            }
            Computation next = computations.remove(random.nextInt(computations.size()));
            Call call = calls.get(next.request);
            String mark = call == null ? "late;" : call.mark;
            boolean keep = random.nextInt(10) == 0;
            carryOut(running()
                    .computed(
                            next.request,
                            next.name,
                            keep ? null : new RegisterChange.Assign(Payload.utf8(text(next.found) + mark))));
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
            next.writes().forEach(write -> write((Write.RegisterWrite) write));
            next.afterDurable().forEach(this::send);
            return true;
        }

        private void write(Write.RegisterWrite state) {
            Write.RegisterWrite before = store.put(state.name(), state);
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
                } else if (effect instanceof Effect.Compute compute) {
                    computations.add(new Computation(compute.request(), compute.name(), compute.found()));
                }
            }
        }

        private void answered(RequestId id, Outcome outcome) {
            Call call = calls.remove(id);
            if (call == null) {
                throw new AssertionError("answered again: " + id + " " + outcome);
            }
            if (outcome instanceof Outcome.Changed told && call.mark != null) {
                changed++;
                String value = text(told.value());
                requireMade(call, value);
                if (!value.endsWith(call.mark)) {
                    throw new AssertionError(call + " is told of another change: " + value);
                }
                if (!latest(call.name).equals(value)) {
                    builtUpon++;
                }
                confirmed.computeIfAbsent(call.name, n -> new HashSet<>()).add(call.mark);
            } else if (outcome instanceof Outcome.Held told) {
                held++;
                requireChosen(call, text(told.value()));
                deny(call);
            } else if (outcome instanceof Outcome.Refused) {
                refused++;
                deny(call);
            } else if (outcome instanceof Outcome.Unknown && call.mark != null) {
                unknown++;
            } else {
                throw new AssertionError(call + " answered with " + outcome);
            }
        }

        private void deny(Call call) {
            if (call.mark != null) {
                denied.add(call.mark);
            }
        }

        /** The value that a change made was one, if only for what others made of it before a quorum had accepted it. */
        private void requireMade(Call call, String value) {
            boolean was = chosen.getOrDefault(call.name, new TreeMap<>()).values().stream()
                    .anyMatch(later -> later.startsWith(value));
            if (!was || !value.startsWith(call.before)) {
                throw new AssertionError(call + " is told " + value + ", chosen: " + chosen.get(call.name));
            }
        }

        /** What is told was the value at some moment since the call. */
        private void requireChosen(Call call, String value) {
            boolean was = value.isEmpty()
                    || chosen.getOrDefault(call.name, new TreeMap<>()).containsValue(value);
            if (!was || !value.startsWith(call.before)) {
                throw new AssertionError(call + " is told " + value + ", chosen: " + chosen.get(call.name));
            }
        }

        /** No Promise, Accepted or Answer leaves that the store does not hold. */
        private void send(Envelope envelope) {
            RegisterMessage message = (RegisterMessage) envelope.message();
            Write.RegisterWrite state = store.get(message.name());
            if (message instanceof RegisterMessage.Step step) {
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
            } else if (message instanceof RegisterMessage.Answer answer) {
                require(holds(state, answer.accepted()), envelope);
            }
            network.add(envelope);
        }

        private boolean holds(Write.@Nullable RegisterWrite state, @Nullable Proposal<Payload> said) {
            return said == null
                    || (state != null
                            && state.accepted() != null
                            && state.accepted().ballot().compareTo(said.ballot()) >= 0);
        }

        private void require(boolean durable, Envelope envelope) {
            if (!durable) {
                throw new AssertionError("said before it is durable: " + envelope + ", durable: " + store);
            }
        }

        @Override
        public String toString() {
            return endpoint + " " + store;
        }
    }
}
