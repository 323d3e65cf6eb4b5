// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.EpochMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.Fingerprint;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that agree on decrees and change registers while one epoch follows another, over a network that loses, repeats and
 * reorders, on stores that write late. They hear of each epoch whenever it pleases; they crash, lose their stores where
 * enough others hold what they held, and come back as members by another incarnation. What was chosen is judged by what the
 * members of each epoch have accepted in it, from outside, and not by what they hold, which others may have accepted: one value for a decree in all epochs together; of a register a chain of
 * values, each made out of the one before, in the order of ballots.
 */
final class EpochSimulation {

    private static final ClusterName CLUSTER = new ClusterName("c");
    private static final DecreeConfig CONFIG = new DecreeConfig(4, 1000, 1 << 20, 4000, 200);
    private static final int MOST_EPOCHS = 8;

    private final Random random;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Envelope> network = new ArrayList<>();
    private final List<Configuration> history = new ArrayList<>();
    private final Map<RequestId, Call> calls = new LinkedHashMap<>();
    private final Map<Vote, Set<NodeId>> votes = new HashMap<>();
    private final Map<Vote, Payload> values = new HashMap<>();
    private final Map<Object, Payload> chosen = new HashMap<>();
    private final Map<Object, TreeMap<Ballot, String>> chains = new HashMap<>();
    private final Map<Object, Set<String>> confirmed = new HashMap<>();
    private final Set<String> denied = new HashSet<>();
    private final Map<RequestId, Outcome> settled = new HashMap<>();
    private final int quick;
    private final double messageLoss;
    private final double changes;
    private final double wipes;
    private int names = 1;
    private long drawn = 1000;
    int answered;
    int wiped;
    int votesTakenOver;
    int decidedAgain;

    /** A vote counts in its epoch alone, so the epoch is part of it. */
    private record Vote(Object name, Ballot ballot, long epoch) {}

    private record Call(Object name, @Nullable String mark, Node node, String before, boolean learns) {}

    private record Computation(
            RequestId request, RegisterName name, @Nullable Payload found) {}

    EpochSimulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        messageLoss = random.nextInt(3) * 0.1;
        changes = 0.0005 + random.nextDouble() * 0.004;
        wipes = random.nextInt(3) * 0.2;
        quick = random.nextInt(3);
        int size = 2 + random.nextInt(3);
        for (int i = 1; i <= size + 2; i++) {
            nodes.add(new Node(new Endpoint(new NodeId("n" + i), new Incarnation(i))));
        }
        TreeMap<NodeId, Incarnation> first = new TreeMap<>();
        nodes.subList(0, size).forEach(n -> first.put(n.endpoint.node(), n.endpoint.incarnation()));
        history.add(Configuration.initial(new Membership(first)));
    }

    /** Majorities; or quorums of which the ones that choose are small; or the ones that prepare are, so that two may not meet. */
    private QuorumSystem quorums(Membership membership) {
        Set<NodeId> members = membership.voters().keySet();
        int size = members.size();
        return switch (quick) {
            case 0 -> MajorityQuorums.of(members);
            case 1 -> new FlexibleQuorums(members, size, 1);
            default -> size % 2 == 0 ? new FlexibleQuorums(members, 1, size) : MajorityQuorums.of(members);
        };
    }

    private Configuration latest() {
        return history.get(history.size() - 1);
    }

    void disturb(int steps) {
        double crashes = random.nextDouble() * 0.01;
        double wakefulness = 0.25 + random.nextDouble() * 0.3;
        for (int i = 0; i < steps; i++) {
            if (random.nextInt(300) == 0) {
                names++;
            }
            if (random.nextDouble() < changes) {
                change();
            }
            Node node = nodes.get(random.nextInt(nodes.size()));
            double die = random.nextDouble();
            if (die < crashes) {
                node.crash(random.nextDouble() < wipes && isHeldWithout(node));
            } else if (die < 0.06) {
                node.up();
                node.call(random.nextInt(4) == 0 ? 2 + random.nextInt(30) : 100_000);
            } else if (die < 0.14) {
                node.up();
                node.carryOut(node.running().tick());
            } else if (die < 0.18) {
                node.up();
                node.computeOne();
            } else if (die < 0.2) {
                node.up();
                node.hearOfNext();
            } else if (die < wakefulness) {
                node.up();
                node.writeOne();
            } else {
                deliver(random.nextDouble() < messageLoss, random.nextDouble() < 0.15);
            }
        }
    }

    /** Any members may follow, as long as no quorum is lost for good; sometimes before the epoch before has begun to vote. */
    private void change() {
        boolean isOver = isHeldWithout(null);
        if (history.size() >= MOST_EPOCHS || (!isOver && random.nextInt(4) > 0)) {
            return;
        }
        List<Node> drawnNodes = new ArrayList<>(nodes);
        Collections.shuffle(drawnNodes, random);
        TreeMap<NodeId, Incarnation> next = new TreeMap<>();
        drawnNodes
                .subList(0, 1 + random.nextInt(4))
                .forEach(n -> next.put(n.endpoint.node(), n.endpoint.incarnation()));
        history.add(new Configuration(history.size(), new Membership(next), new TreeSet<>()));
    }

    /** Whether enough members of the latest epoch hold what was left for it, durably and with the stores they have now. */
    private boolean isHeldWithout(@Nullable Node lost) {
        Set<NodeId> hold = new HashSet<>();
        for (Node node : nodes) {
            boolean isMember = latest().counts(node.endpoint);
            if (node != lost && isMember && node.mark.covered() >= latest().version()) {
                hold.add(node.endpoint.node());
            }
        }
        QuorumSystem quorums = quorums(latest().voters());
        return quorums.isPhase1Quorum(hold) && quorums.isPhase2Quorum(hold);
    }

    /** Repairs all links, lets everyone know of every epoch, and waits until every call has been answered. */
    void settle(int mostTicks) {
        RequestId last = new RequestId(++drawn);
        nodes.forEach(Node::up);
        for (Node node : nodes) {
            while (node.hearOfNext()) {
                node.carryOut(List.of());
            }
        }
        Node asks = nodes.get(random.nextInt(nodes.size()));
        asks.carryOut(asks.epochs()
                .settle(
                        last,
                        new Outcome.Reconfigured(latest(), 1),
                        asks.epochs().deadlineIn(mostTicks)));
        for (Node node : nodes) {
            node.finalCalls();
        }
        for (int tick = 1; tick <= mostTicks; tick++) {
            round();
            if (calls.isEmpty() && settled.containsKey(last)) {
                if (!(settled.get(last) instanceof Outcome.Reconfigured)) {
                    throw new AssertionError("not settled: " + settled + " " + nodes);
                }
                return;
            }
        }
        throw new AssertionError(
                "unanswered after " + mostTicks + " ticks: " + calls + " in " + latest() + " " + nodes);
    }

    long epochs() {
        return history.size();
    }

    void judge() {
        chains.forEach((name, chain) -> {
            String value = chain.isEmpty() ? "" : chain.lastEntry().getValue();
            for (String mark : confirmed.getOrDefault(name, Set.of())) {
                if (!value.contains(mark)) {
                    throw new AssertionError("confirmed for " + name + " but not in it: " + mark + " " + chain);
                }
            }
            for (String mark : denied) {
                if (value.contains(mark)) {
                    throw new AssertionError("refused for " + name + " but made: " + mark + " " + chain);
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
                node.carryOut(node.running.onMessage(envelope.from(), envelope.message()));
            }
        }
    }

    // --- what is chosen, judged from outside -----------------------------------------------------------------------

    /** Somebody says that it holds a proposal. It may have taken that over, so it is no vote. */
    private void holds(Object name, Proposal<Payload> proposal) {
        Vote ballot = new Vote(name, proposal.ballot(), -1);
        Payload before = values.putIfAbsent(ballot, proposal.value());
        if (before != null && !before.equals(proposal.value())) {
            throw new AssertionError("two values at one ballot: " + ballot + " " + before + " " + proposal);
        }
    }

    /** Somebody says that it has accepted a proposal, in an epoch. */
    private void accepts(Endpoint by, long epoch, Object name, Proposal<Payload> proposal) {
        holds(name, proposal);
        Membership members = history.get((int) epoch).voters();
        if (!members.counts(by)) {
            return;
        }
        Set<NodeId> voters = votes.computeIfAbsent(new Vote(name, proposal.ballot(), epoch), v -> new HashSet<>());
        voters.add(by.node());
        if (quorums(members).isPhase2Quorum(voters)) {
            if (name instanceof DecreeName) {
                chosenFor(name, proposal.value());
            } else {
                chainedTo(name, proposal);
            }
        }
    }

    private void chosenFor(Object name, Payload value) {
        Payload other = chosen.putIfAbsent(name, value);
        if (other != null && !other.equals(value)) {
            throw new AssertionError("two values chosen for " + name + ": " + other + " and " + value);
        }
    }

    private void chainedTo(Object name, Proposal<Payload> proposal) {
        String value = text(RegisterState.decode(proposal.value()).value());
        TreeMap<Ballot, String> chain = chains.computeIfAbsent(name, n -> new TreeMap<>());
        chain.put(proposal.ballot(), value);
        Map.Entry<Ballot, String> lower = chain.lowerEntry(proposal.ballot());
        Map.Entry<Ballot, String> higher = chain.higherEntry(proposal.ballot());
        if ((lower != null && !value.startsWith(lower.getValue()))
                || (higher != null && !higher.getValue().startsWith(value))) {
            throw new AssertionError("not made out of what was chosen before: " + name + " " + proposal + " " + chain);
        }
    }

    private static String text(@Nullable Payload value) {
        return value == null ? "" : new String(value.toByteArray(), StandardCharsets.UTF_8);
    }

    private String chainNow(Object name) {
        TreeMap<Ballot, String> chain = chains.getOrDefault(name, new TreeMap<>());
        return chain.isEmpty() ? "" : chain.lastEntry().getValue();
    }

    // --- nodes -----------------------------------------------------------------------------------------------------

    /** One life of a node. */
    private record Life(Decrees decrees, Registers registers, Epochs epochs) {

        List<Effect> tick() {
            List<Effect> effects = new ArrayList<>(decrees.tick());
            effects.addAll(registers.tick());
            effects.addAll(epochs.tick());
            return effects;
        }

        List<Effect> onMessage(Endpoint from, Message message) {
            if (message instanceof DecreeMessage decree) {
                return decrees.onMessage(from, decree);
            }
            if (message instanceof RegisterMessage register) {
                return registers.onMessage(from, register);
            }
            return epochs.onMessage(from, (EpochMessage) message);
        }
    }

    private final class Node {
        private Endpoint endpoint;
        private final Deque<Effect.Persist> unwritten = new ArrayDeque<>();
        private final Deque<Computation> computations = new ArrayDeque<>();
        private final Map<DecreeName, Write.DecreeWrite> undecided = new HashMap<>();
        private final Map<DecreeName, Payload> decided = new HashMap<>();
        private final Map<RegisterName, Write.RegisterWrite> registers = new HashMap<>();
        private EpochMark mark = EpochMark.FIRST;
        private @Nullable Life running;
        private int heard;

        Node(Endpoint endpoint) {
            this.endpoint = endpoint;
        }

        Life running() {
            if (running == null) {
                throw new AssertionError(endpoint + " is down");
            }
            return running;
        }

        Epochs epochs() {
            return running().epochs;
        }

        void up() {
            if (running != null) {
                return;
            }
            Self self = new Self(CLUSTER, endpoint, ++drawn);
            Decrees decrees = new Decrees(self, CONFIG, new Random(random.nextLong()), undecided, decided);
            Registers all = new Registers(self, CONFIG, new Random(random.nextLong()), registers);
            Membership first = history.get(0).voters();
            Epochs epochs = new Epochs(
                    self, CONFIG, decrees, all, mark, m -> new Write.FormationWrite(null, first, List.of(), m));
            running = new Life(decrees, all, epochs);
            QuorumSystem quorums = quorums(first);
            carryOut(decrees.form(first, quorums, first.counts(endpoint)));
            carryOut(all.form(first, quorums, first.counts(endpoint)));
            carryOut(epochs.form(first, quorums, Fingerprint.of(first, "test"), false));
            int again = random.nextInt(heard + 1);
            heard = 0;
            while (heard < again) {
                hearOfNext();
            }
        }

        boolean hearOfNext() {
            if (heard + 1 >= history.size()) {
                return false;
            }
            heard++;
            Configuration next = history.get(heard);
            carryOut(epochs().decided(next, quorums(next.voters())));
            return true;
        }

        void crash(boolean loseStore) {
            running = null;
            unwritten.clear();
            computations.clear();
            calls.values().removeIf(call -> call.node == this);
            if (loseStore) {
                wiped++;
                endpoint = new Endpoint(endpoint.node(), new Incarnation(++drawn));
                undecided.clear();
                decided.clear();
                registers.clear();
                mark = EpochMark.FIRST;
                heard = 0;
            }
        }

        /** Every name is asked about once more by everyone, so that whatever contradicts itself shows. */
        void finalCalls() {
            for (int i = 0; i < names; i++) {
                DecreeName decree = new DecreeName("d" + i);
                RequestId learn = new RequestId(++drawn);
                calls.put(learn, new Call(decree, null, this, "", true));
                carryOut(running().decrees.learn(learn, decree, 100_000));
                RegisterName register = new RegisterName("r" + i);
                RequestId read = new RequestId(++drawn);
                calls.put(read, new Call(register, null, this, chainNow(register), false));
                carryOut(running().registers.read(read, register, 100_000));
            }
        }

        void call(int ticks) {
            RequestId id = new RequestId(++drawn);
            int which = names - 1 - random.nextInt(Math.min(3, names));
            String mark = "<" + drawn + ">";
            int die = random.nextInt(8);
            if (die < 2) {
                DecreeName name = new DecreeName("d" + which);
                calls.put(id, new Call(name, null, this, "", false));
                carryOut(running().decrees.agree(id, name, Payload.utf8(mark), ticks));
            } else if (die < 4) {
                DecreeName name = new DecreeName("d" + which);
                boolean before = chosen.containsKey(name);
                calls.put(id, new Call(name, null, this, before ? "chosen" : "", true));
                carryOut(running().decrees.learn(id, name, ticks));
            } else if (die < 6) {
                RegisterName name = new RegisterName("r" + which);
                calls.put(id, new Call(name, mark, this, chainNow(name), false));
                carryOut(running().registers.change(id, name, new RegisterChange.Compute(), ticks));
            } else {
                RegisterName name = new RegisterName("r" + which);
                calls.put(id, new Call(name, null, this, chainNow(name), false));
                carryOut(running().registers.read(id, name, ticks));
            }
        }

        void computeOne() {
            Computation next = computations.poll();
            Call call = next == null ? null : calls.get(next.request);
            if (next != null && call != null) {
                RegisterChange.Assign made =
                        new RegisterChange.Assign(Payload.utf8(text(next.found) + String.valueOf(call.mark)));
                carryOut(running().registers.computed(next.request, next.name, made));
            }
        }

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
            } else if (write instanceof Write.DecreeWrite state) {
                Write.DecreeWrite before = undecided.put(state.name(), state);
                requireHigher(before == null ? Ballot.ZERO : before.promised(), state.promised());
            } else if (write instanceof Write.RegisterWrite state) {
                Write.RegisterWrite before = registers.put(state.name(), state);
                requireHigher(before == null ? Ballot.ZERO : before.promised(), state.promised());
            } else if (write instanceof Write.FormationWrite state) {
                if (state.mark().epoch() < mark.epoch() || state.mark().covered() < mark.covered()) {
                    throw new AssertionError(endpoint + " goes back from " + mark + " to " + state);
                }
                mark = state.mark();
            }
        }

        private void requireHigher(Ballot before, Ballot after) {
            if (before.compareTo(after) > 0) {
                throw new AssertionError(endpoint + " takes a promise back: " + before + " " + after);
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
                } else if (effect instanceof Effect.DecreeDecided told) {
                    requireChosen(told.name(), told.value());
                }
            }
        }

        private void requireChosen(DecreeName name, Payload value) {
            if (!value.equals(chosen.get(name))) {
                throw new AssertionError(
                        "said to be decided for " + name + ": " + value + ", chosen: " + chosen.get(name));
            }
        }

        private void answered(RequestId id, Outcome outcome) {
            if (outcome instanceof Outcome.Reconfigured || !calls.containsKey(id)) {
                settled.put(id, outcome);
                return;
            }
            Call call = calls.remove(id);
            answered++;
            if (outcome instanceof Outcome.Chosen told) {
                requireChosen((DecreeName) call.name, told.value());
            } else if (outcome instanceof Outcome.Undecided && !call.before.isEmpty()) {
                throw new AssertionError("told undecided, but chosen before the call: " + call);
            } else if (outcome instanceof Outcome.Held held) {
                String read = text(held.value());
                if (!read.startsWith(call.before) || !isOnChain(call.name, read)) {
                    throw new AssertionError("read " + read + " of " + call + ", chain: " + chains.get(call.name));
                }
            } else if (outcome instanceof Outcome.Changed made) {
                confirmed.computeIfAbsent(call.name, n -> new HashSet<>()).add(String.valueOf(call.mark));
                if (!text(made.value()).startsWith(call.before)) {
                    throw new AssertionError("made " + made + " of " + call);
                }
            } else if (outcome instanceof Outcome.Refused && call.mark != null) {
                denied.add(call.mark);
            }
        }

        private boolean isOnChain(Object name, String read) {
            return read.isEmpty()
                    || chains.getOrDefault(name, new TreeMap<>()).values().stream()
                            .anyMatch(v -> v.startsWith(read));
        }

        /** What a node says it holds is what counts; it must be durable, and said in the epoch the node has come to. */
        private void send(Envelope envelope) {
            Message message = envelope.message();
            long epoch = 0;
            if (message instanceof EpochMessage.In in) {
                epoch = in.epoch();
                message = in.part();
            }
            if (message instanceof Bundle.Part part) {
                said(part, epoch, envelope);
            }
            network.add(envelope);
        }

        private void said(Bundle.Part part, long epoch, Envelope envelope) {
            if (part instanceof DecreeMessage.Step step && !decided.containsKey(step.name())) {
                Write.DecreeWrite state = undecided.get(step.name());
                said(
                        step.name(),
                        step.body(),
                        epoch,
                        state == null ? null : state.promised(),
                        state == null ? null : state.accepted(),
                        envelope);
            } else if (part instanceof RegisterMessage.Step step) {
                Write.RegisterWrite state = registers.get(step.name());
                said(
                        step.name(),
                        step.body(),
                        epoch,
                        state == null ? null : state.promised(),
                        state == null ? null : state.accepted(),
                        envelope);
            } else if (part instanceof DecreeMessage.Answer answer && answer.accepted() != null) {
                holds(answer.name(), answer.accepted());
            } else if (part instanceof RegisterMessage.Answer answer && answer.accepted() != null) {
                holds(answer.name(), answer.accepted());
            }
        }

        private void said(
                Object name,
                SingleMessage body,
                long epoch,
                @Nullable Ballot promised,
                @Nullable Proposal<Payload> accepted,
                Envelope envelope) {
            if (body instanceof SingleMessage.Promise promise) {
                require(promised != null && promised.compareTo(promise.ballot()) >= 0, envelope);
                if (promise.accepted() != null) {
                    votesTakenOver += epoch > 0 ? 1 : 0;
                    holds(name, promise.accepted());
                }
            } else if (body instanceof SingleMessage.Accepted yes) {
                require(accepted != null && accepted.ballot().compareTo(yes.ballot()) >= 0, envelope);
                if (accepted != null && accepted.ballot().equals(yes.ballot())) {
                    decidedAgain += epoch > 0 ? 1 : 0;
                    accepts(endpoint, epoch, name, accepted);
                }
            }
        }

        private void require(boolean durable, Envelope envelope) {
            if (!durable) {
                throw new AssertionError("said before it is durable: " + envelope);
            }
        }

        @Override
        public String toString() {
            return endpoint + " " + mark + (running == null ? " down" : " knows of " + heard);
        }
    }
}
