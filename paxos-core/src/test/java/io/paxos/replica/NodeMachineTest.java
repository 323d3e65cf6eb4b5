// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.Hello;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.StartId;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.single.SingleMessage;
import io.paxos.spi.RecoveredState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeMachineTest {

    private static final ClusterName CLUSTER = new ClusterName("c");
    private static final Endpoint ME = new Endpoint(NodeId.of("me"), new Incarnation(1));
    private static final Endpoint STRANGER = new Endpoint(NodeId.of("z"), new Incarnation(2));
    private static final Fingerprint COMMON = Fingerprint.of(
            Membership.of(Map.of(ME.node(), ME.incarnation())), "majority of [me]; changes after 8192 slots");

    private final NodeMachine machine = new NodeMachine(
            new Self(CLUSTER, ME, 42),
            Set.of(ME.node()),
            MajorityQuorums::of,
            MachineConfig.DEFAULTS,
            RecoveredState.empty(ME.incarnation()),
            new Random(1));
    private final List<Outcome> outcomes = new ArrayList<>();

    private void carryOut(List<Effect> effects) {
        Queue<Envelope> own = new ArrayDeque<>();
        take(effects, own);
        while (!own.isEmpty()) {
            take(machine.step(new Event.Received(own.remove())), own);
        }
    }

    private void take(List<Effect> effects, Queue<Envelope> own) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                persist.afterDurable().stream().filter(e -> e.to().equals(ME)).forEach(own::add);
            } else if (effect instanceof Effect.Send send
                    && send.envelope().to().equals(ME)) {
                own.add(send.envelope());
            } else if (effect instanceof Effect.Respond respond) {
                outcomes.add(respond.outcome());
            }
        }
    }

    @Test
    void noBallotOfAStrangerUsesUpTheRoundsOfTheDecrees() {
        carryOut(machine.start());
        DecreeName poisoned = new DecreeName("poisoned");
        Ballot last = new Ballot(Long.MAX_VALUE, STRANGER.node(), 7);
        List<Effect> answer =
                receive(CLUSTER, ME, COMMON, new DecreeMessage.Step(poisoned, new SingleMessage.Prepare(last)));
        carryOut(answer);
        carryOut(machine.step(new Event.Agree(new RequestId(1), poisoned, Payload.utf8("x"), 100)));
        carryOut(machine.step(new Event.Agree(new RequestId(2), new DecreeName("other"), Payload.utf8("y"), 100)));
        assertThat(machine.status().halted()).isNull();
        assertThat(outcomes)
                .containsExactly(new Outcome.Chosen(Payload.utf8("x")), new Outcome.Chosen(Payload.utf8("y")));
    }

    @Test
    void rule1WhatWasMeantForAnotherLifeOfThisNodeOrAnotherClusterIsNotAnswered() {
        carryOut(machine.start());
        Ballot ballot = new Ballot(3, STRANGER.node(), 7);
        DecreeMessage question = new DecreeMessage.Step(new DecreeName("d"), new SingleMessage.Prepare(ballot));
        Endpoint formerLife = new Endpoint(ME.node(), new Incarnation(77));
        assertThat(receive(CLUSTER, formerLife, COMMON, question)).isEmpty();
        assertThat(receive(CLUSTER, Endpoint.any(ME.node()), COMMON, question)).isEmpty();
        assertThat(receive(new ClusterName("other"), ME, COMMON, question)).isEmpty();
        assertThat(messages(receive(CLUSTER, ME, COMMON, question)))
                .singleElement()
                .isInstanceOf(DecreeMessage.class);
    }

    @Test
    void rule2WhoCountsByAnotherRuleIsNotAnsweredButTold() {
        carryOut(machine.start());
        DecreeMessage question = new DecreeMessage.Step(
                new DecreeName("d"), new SingleMessage.Prepare(new Ballot(3, STRANGER.node(), 7)));
        assertThat(messages(receive(CLUSTER, ME, new Fingerprint(1), question)))
                .singleElement()
                .isInstanceOfSatisfying(Hello.class, hello -> assertThat(hello.quorums())
                        .isEqualTo("majority of [me]; changes after 8192 slots"));
        assertThat(receive(CLUSTER, ME, new Fingerprint(1), question))
                .as("but not with every message")
                .isEmpty();
    }

    private List<Effect> receive(ClusterName cluster, Endpoint to, Fingerprint fingerprint, Message message) {
        return machine.step(
                new Event.Received(new Envelope(cluster, STRANGER, to, StartId.of(1, 1), fingerprint, message)));
    }

    private static List<Message> messages(List<Effect> effects) {
        List<Message> messages = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                persist.afterDurable().forEach(envelope -> messages.add(envelope.message()));
            }
        }
        return messages;
    }
}
