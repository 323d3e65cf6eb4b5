// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Outcome;
import io.paxos.event.RegisterChange;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
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
import io.paxos.model.RegisterName;
import io.paxos.model.RegisterState;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.single.SingleMessage;
import io.paxos.single.SingleMessage.Accept;
import io.paxos.single.SingleMessage.Accepted;
import io.paxos.single.SingleMessage.Nack;
import io.paxos.single.SingleMessage.Prepare;
import io.paxos.single.SingleMessage.Promise;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a member of a later epoch has taken over is no vote of its own (rule 16). In epoch 0 vote x, y and z; at the lower ballot
 * only x has accepted v, at the higher one, which y and z have promised, only y has accepted w. Then x, y and d take over
 * what x and z have sealed: x and d hold v, at the lower ballot, though nobody chose it and y may still get w chosen.
 */
class TakenOverTest {

    private static final Endpoint X = endpoint("x", 1);
    private static final Endpoint Y = endpoint("y", 2);
    private static final Endpoint Z = endpoint("z", 3);
    private static final Endpoint D = endpoint("d", 4);
    private static final Endpoint ASKS = endpoint("o", 5);
    private static final Endpoint RIVAL = endpoint("r", 6);
    private static final Membership FIRST = members(X, Y, Z);
    private static final Membership SECOND = members(X, Y, D);
    private static final DecreeName NAME = new DecreeName("name");
    private static final RegisterName REGISTER = new RegisterName("register");
    private static final Payload V = Payload.utf8("v");
    private static final Payload W = Payload.utf8("w");
    private static final Ballot LOWER = new Ballot(5, ASKS.node(), 7);
    private static final Ballot HIGHER = new Ballot(9, RIVAL.node(), 7);
    private static final RequestId REQUEST = new RequestId(1);
    private static final int LONG = 1_000_000;

    private final Map<Endpoint, Node> nodes = new HashMap<>();
    private final List<Envelope> underWay = new ArrayList<>();

    TakenOverTest() {
        for (Endpoint endpoint : List.of(X, Y, Z, D, ASKS)) {
            nodes.put(endpoint, new Node(endpoint));
        }
    }

    // --- decrees --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"x d", "x y", "y d", "x y d"})
    void rule16_aLearnerDoesNotTakeWhatWasTakenOverForVotes(String answering) {
        decreesInTheFirstEpoch();
        takeOver();

        Node asks = node(ASKS);
        asks.carryOut(asks.decrees.learn(REQUEST, NAME, LONG));
        deliver(with(answering), TakenOverTest::isQuestion);

        assertThat(asks.answers).as("nothing is chosen yet").isEmpty();
        goOn(asks, ASKS, Y, D);
        assertThat(asks.answers).containsEntry(REQUEST, new Outcome.Chosen(W));
        Node late = node(X);
        late.carryOut(late.decrees.learn(REQUEST, NAME, LONG));
        goOn(late, X, Y, Z, D, ASKS);
        assertThat(late.answers).containsEntry(REQUEST, new Outcome.Chosen(W));
    }

    @Test
    void rule16_aMemberInDoubtDoesNotTakeWhatWasTakenOverForVotes() {
        decreesInTheFirstEpoch();
        takeOver();

        Node d = node(D);
        for (int i = 0; i < 1_000; i++) {
            d.carryOut(d.decrees.tick());
        }
        deliver(Set.of(X, D), TakenOverTest::isQuestion);

        assertThat(d.decrees.decided(NAME))
                .as("x and d hold it, and nobody chose it")
                .isNull();
        deliver(Set.of(Y, D), message -> true);
        assertThat(d.decrees.decided(NAME)).isEqualTo(W);
    }

    @Test
    void rule16_whatIsAcceptedInALaterEpochIsFoundByWhoeverAsks() {
        decreesInTheFirstEpoch();
        takeOver();
        Node d = node(D);
        d.carryOut(d.decrees.agree(REQUEST, NAME, Payload.utf8("other"), LONG));
        goOn(d, X, D);
        assertThat(d.answers)
                .as("v was the choice of nobody else so far")
                .containsEntry(REQUEST, new Outcome.Chosen(V));

        Node asks = node(ASKS);
        asks.carryOut(asks.decrees.learn(REQUEST, NAME, LONG));
        goOn(asks, ASKS, X, Y);
        assertThat(asks.answers).containsEntry(REQUEST, new Outcome.Chosen(V));
    }

    // --- registers ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"x d", "x y", "y d", "x y d"})
    void rule16_aReadDoesNotTakeWhatWasTakenOverForVotes(String answering) {
        registersInTheFirstEpoch(LOWER, RegisterState.EMPTY.changed(LOWER, V).encode());
        takeOver();

        Node asks = node(ASKS);
        asks.carryOut(asks.registers.read(REQUEST, REGISTER, LONG));
        deliver(with(answering), TakenOverTest::isQuestion);

        assertThat(asks.answers).as("nothing is chosen yet").isEmpty();
        goOn(asks, ASKS, Y, D);
        assertThat(asks.answers).containsEntry(REQUEST, new Outcome.Held(W));
        Node late = node(X);
        late.carryOut(late.registers.read(REQUEST, REGISTER, LONG));
        goOn(late, X, Y, Z, D, ASKS);
        assertThat(late.answers).as("the same").isEqualTo(asks.answers);
    }

    /** Phase 1 of the change finds its own earlier proposal at two of three members, and yet it is not made. */
    @Test
    void rule16_aRetriedChangeDoesNotTakeWhatWasTakenOverForVotes() {
        Node asks = node(ASKS);
        asks.carryOut(asks.registers.change(REQUEST, REGISTER, new RegisterChange.Assign(V), LONG));
        deliver(Set.of(ASKS, X, Y), TakenOverTest::isPhaseOne);
        deliver(Set.of(ASKS, X), TakenOverTest::isAccept);
        registersAtTheHigherBallot();
        takeOver();
        for (int i = 0; i < 1_000 && underWay.stream().noneMatch(envelope -> isAccept(envelope.message())); i++) {
            deliver(Set.of(ASKS, X, D), TakenOverTest::isPhaseOne);
            asks.carryOut(asks.registers.tick());
        }
        assertThat(asks.answers).as("two hold it, and nobody chose it").isEmpty();

        Node y = node(Y);
        y.carryOut(y.registers.read(REQUEST, REGISTER, LONG));
        goOn(y, Y, D);
        assertThat(y.answers).containsEntry(REQUEST, new Outcome.Held(W));
        goOn(asks, ASKS, X, Y, D);
        assertThat(asks.answers).containsEntry(REQUEST, new Outcome.Changed(V));
        y.answers.clear();
        y.carryOut(y.registers.read(REQUEST, REGISTER, LONG));
        goOn(y, Y, D);
        assertThat(y.answers).as("what was acknowledged is found").containsEntry(REQUEST, new Outcome.Held(V));
    }

    // --- who asks in the first epoch ------------------------------------------------------------------------------

    @Test
    void rule16_whoAsksInTheFirstEpochCountsNoAnswerOfALaterOne() {
        decreesInTheFirstEpoch();
        registersInTheFirstEpoch(LOWER, RegisterState.EMPTY.changed(LOWER, V).encode());
        Node asks = node(ASKS);
        asks.carryOut(asks.decrees.learn(REQUEST, NAME, LONG));
        RequestId read = new RequestId(2);
        asks.carryOut(asks.registers.read(read, REGISTER, LONG));
        List<Envelope> asked = List.copyOf(underWay);
        underWay.clear();
        become(X, Z, Y);
        deliver(Set.of(X, Y, Z, D), message -> true);

        // The members of epoch 1 are asked in it what they hold, by the questions of epoch 0.
        for (Envelope envelope : asked) {
            Node member = node(envelope.to());
            if (envelope.message() instanceof DecreeMessage question) {
                member.carryOut(member.epochs.onMessage(ASKS, new EpochMessage.In(1, question)));
            } else if (envelope.message() instanceof RegisterMessage question) {
                member.carryOut(member.epochs.onMessage(ASKS, new EpochMessage.In(1, question)));
            }
        }
        assertThat(underWay.stream().filter(told -> told.message() instanceof EpochMessage.In))
                .as("answers of x and y to both questions")
                .hasSize(4);
        underWay.removeIf(told -> !(told.message() instanceof EpochMessage.In));
        deliver(Set.of(ASKS, X, Y, D), message -> true);

        assertThat(asks.answers).isEmpty();
        assertThat(underWay).as("nothing is concluded, and nothing proposed").isEmpty();
    }

    // --- the sequence ---------------------------------------------------------------------------------------------

    private void decreesInTheFirstEpoch() {
        hear(X, new DecreeMessage.Step(NAME, new Prepare(LOWER)));
        hear(Y, new DecreeMessage.Step(NAME, new Prepare(LOWER)));
        hear(X, new DecreeMessage.Step(NAME, new Accept(LOWER, V)));
        hear(Y, new DecreeMessage.Step(NAME, new Prepare(HIGHER)));
        hear(Z, new DecreeMessage.Step(NAME, new Prepare(HIGHER)));
        hear(Y, new DecreeMessage.Step(NAME, new Accept(HIGHER, W)));
    }

    private void registersInTheFirstEpoch(Ballot lower, Payload state) {
        hear(X, new RegisterMessage.Step(REGISTER, new Prepare(lower)));
        hear(Y, new RegisterMessage.Step(REGISTER, new Prepare(lower)));
        hear(X, new RegisterMessage.Step(REGISTER, new Accept(lower, state)));
        registersAtTheHigherBallot();
    }

    private void registersAtTheHigherBallot() {
        Payload state = RegisterState.EMPTY.changed(HIGHER, W).encode();
        hear(Y, new RegisterMessage.Step(REGISTER, new Prepare(HIGHER)));
        hear(Z, new RegisterMessage.Step(REGISTER, new Prepare(HIGHER)));
        hear(Y, new RegisterMessage.Step(REGISTER, new Accept(HIGHER, state)));
    }

    /** All know of epoch 1. First x and d take over from x and z; then y does, which holds more. */
    private void takeOver() {
        become(X, Z, D, ASKS);
        deliver(Set.of(X, Z, D), TakenOverTest::isTakingOver);
        become(Y);
        deliver(Set.of(Y, Z), TakenOverTest::isTakingOver);
        underWay.removeIf(envelope -> !(envelope.message() instanceof EpochMessage.In));
        for (Endpoint member : List.of(X, Y, D)) {
            assertThat(node(member).epochs.mark()).isEqualTo(new EpochMark(1, 1));
        }
    }

    private void become(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) {
            Node node = node(endpoint);
            node.carryOut(node.epochs.decided(
                    new Configuration(1, SECOND, new TreeSet<>()),
                    MajorityQuorums.of(SECOND.voters().keySet())));
        }
    }

    /** Somebody who is not there proposes; what it is answered is of no use here. */
    private void hear(Endpoint acceptor, Message message) {
        List<Envelope> before = List.copyOf(underWay);
        node(acceptor).hear(RIVAL, message);
        underWay.retainAll(before);
    }

    private static Set<Endpoint> with(String answering) {
        Set<String> names = Set.of(answering.split(" "));
        Set<Endpoint> who = List.of(X, Y, D).stream()
                .filter(endpoint -> names.contains(endpoint.node().name()))
                .collect(Collectors.toSet());
        who.add(ASKS);
        return who;
    }

    private static boolean isTakingOver(Message message) {
        return message instanceof EpochMessage && !(message instanceof EpochMessage.In);
    }

    private static Message part(Message message) {
        return message instanceof EpochMessage.In in ? in.part() : message;
    }

    private static boolean isQuestion(Message message) {
        Message part = part(message);
        return part instanceof DecreeMessage.Query
                || part instanceof DecreeMessage.Answer
                || part instanceof RegisterMessage.Query
                || part instanceof RegisterMessage.Answer;
    }

    private static boolean isPhaseOne(Message message) {
        SingleMessage body = body(message);
        return body instanceof Prepare || body instanceof Promise || body instanceof Nack;
    }

    private static boolean isAccept(Message message) {
        return body(message) instanceof Accept;
    }

    private static SingleMessage body(Message message) {
        Message part = part(message);
        if (part instanceof DecreeMessage.Step step) {
            return step.body();
        }
        return part instanceof RegisterMessage.Step step ? step.body() : new Accepted(Ballot.ZERO);
    }

    /** Delivers whatever these say to one another, and what they say to that; the rest stays under way. */
    private void deliver(Set<Endpoint> among, Predicate<Message> which) {
        boolean more = true;
        while (more) {
            List<Envelope> now = underWay.stream()
                    .filter(envelope -> among.contains(envelope.from())
                            && among.contains(envelope.to())
                            && which.test(envelope.message()))
                    .toList();
            underWay.removeAll(now);
            now.forEach(envelope -> node(envelope.to()).hear(envelope.from(), envelope.message()));
            more = !now.isEmpty();
        }
    }

    /** Lets these talk, and time pass at one of them, until it is answered. */
    private void goOn(Node asks, Endpoint... among) {
        deliver(Set.of(among), message -> true);
        for (int i = 0; i < 1_000 && asks.answers.isEmpty(); i++) {
            asks.carryOut(asks.decrees.tick());
            asks.carryOut(asks.registers.tick());
            deliver(Set.of(among), message -> true);
        }
    }

    private Node node(Endpoint endpoint) {
        Node node = nodes.get(endpoint);
        if (node == null) {
            throw new AssertionError("no node " + endpoint);
        }
        return node;
    }

    private static Endpoint endpoint(String name, int incarnation) {
        return new Endpoint(new NodeId(name), new Incarnation(incarnation));
    }

    private static Membership members(Endpoint... endpoints) {
        TreeMap<NodeId, Incarnation> voters = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            voters.put(endpoint.node(), endpoint.incarnation());
        }
        return new Membership(voters);
    }

    /** One node, whose writes are durable at once. */
    private final class Node {
        private final Decrees decrees;
        private final Registers registers;
        private final Epochs epochs;
        private final Map<RequestId, Outcome> answers = new HashMap<>();

        Node(Endpoint endpoint) {
            DecreeConfig config = new DecreeConfig(10, 100, 1 << 20, 1000);
            Self self = new Self(
                    new ClusterName("c"), endpoint, 70 + endpoint.incarnation().bits());
            decrees = new Decrees(self, config, new Random(1), Map.of(), Map.of());
            registers = new Registers(self, config, new Random(1), Map.of());
            epochs = new Epochs(
                    self,
                    config,
                    decrees,
                    registers,
                    EpochMark.FIRST,
                    mark -> new Write.FormationWrite(null, FIRST, List.of(), mark));
            MajorityQuorums quorums = MajorityQuorums.of(FIRST.voters().keySet());
            carryOut(decrees.form(FIRST, quorums, FIRST.counts(endpoint)));
            carryOut(registers.form(FIRST, quorums, FIRST.counts(endpoint)));
            carryOut(epochs.form(FIRST, quorums, Fingerprint.of(FIRST, "test"), false));
        }

        void hear(Endpoint from, Message message) {
            if (message instanceof DecreeMessage decree) {
                carryOut(decrees.onMessage(from, decree));
            } else if (message instanceof RegisterMessage register) {
                carryOut(registers.onMessage(from, register));
            } else {
                carryOut(epochs.onMessage(from, (EpochMessage) message));
            }
        }

        void carryOut(List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Persist persist) {
                    underWay.addAll(persist.afterDurable());
                } else if (effect instanceof Effect.Send send) {
                    underWay.add(send.envelope());
                } else if (effect instanceof Effect.Respond respond) {
                    answers.put(respond.request(), respond.outcome());
                }
            }
        }
    }
}
