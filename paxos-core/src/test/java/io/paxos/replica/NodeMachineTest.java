package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Event;
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
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.single.SingleMessage;
import io.paxos.spi.RecoveredState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeMachineTest {

    private static final ClusterName CLUSTER = new ClusterName("c");
    private static final Endpoint ME = new Endpoint(NodeId.of("me"), new Incarnation(1));
    private static final Endpoint STRANGER = new Endpoint(NodeId.of("z"), new Incarnation(2));

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
        carryOut(machine.step(new Event.Received(new Envelope(
                CLUSTER, STRANGER, ME, new DecreeMessage.Step(poisoned, new SingleMessage.Prepare(last))))));
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
        assertThat(machine.step(new Event.Received(new Envelope(CLUSTER, STRANGER, formerLife, question))))
                .isEmpty();
        assertThat(machine.step(new Event.Received(new Envelope(CLUSTER, STRANGER, Endpoint.any(ME.node()), question))))
                .isEmpty();
        assertThat(machine.step(new Event.Received(new Envelope(new ClusterName("other"), STRANGER, ME, question))))
                .isEmpty();
        assertThat(machine.step(new Event.Received(new Envelope(CLUSTER, STRANGER, ME, question))))
                .isNotEmpty();
    }
}
