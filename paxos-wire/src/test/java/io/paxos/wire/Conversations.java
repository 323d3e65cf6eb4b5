// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.DecreeMessage;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.Probe;
import io.paxos.message.RegisterMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterState;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.testkit.MessageSamples;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Inputs of {@link NodeFuzz} that a fuzzer would not guess: each sample of a message, and conversations that bring the
 * node through elections, catching up and decrees. What it says is answered as peers would, with its own ballots and probes.
 */
final class Conversations {

    private final FuzzedNode node = new FuzzedNode();
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();

    private Conversations() {}

    static Map<String, byte[]> all() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        MessageSamples.all()
                .forEach((name, message) -> all.put(
                        name,
                        new Conversations()
                                .hear(0, message)
                                .tick(3)
                                .hear(3, message)
                                .bytes()));
        all.put("as-it-is", new Conversations().hearAsItIs().bytes());
        all.put("elected", elected().bytes());
        all.put("proposing", proposing().bytes());
        all.put("deposed", deposed().bytes());
        all.put("following", following().bytes());
        all.put("catching-up", catchingUp().bytes());
        all.put("fetching-a-snapshot", fetching().bytes());
        all.put("agreeing", agreeing().bytes());
        all.put("changing", changing().bytes());
        return all;
    }

    private static Conversations elected() {
        Conversations talk = new Conversations().tick(20);
        var canvass = talk.last(LogMessage.Canvass.class);
        for (int peer = 0; peer < 2; peer++) {
            talk.say(peer, new LogMessage.CanvassReply(canvass.probe(), true, null, Ballot.ZERO, 4));
        }
        Ballot ballot = talk.last(LogMessage.Prepare.class).ballot();
        long from = talk.last(LogMessage.Prepare.class).from();
        Ballot earlier = new Ballot(4, NodeId.of("n3"), 1);
        var found = new SlotProposal(8, new Proposal<>(earlier, Value.NO_OP));
        for (int peer = 0; peer < 2; peer++) {
            talk.say(peer, new LogMessage.Promise(ballot, new SlotRange(from, 10), true, 0, 4, List.of(found)));
        }
        return talk;
    }

    private static Conversations proposing() {
        Conversations talk = elected().submit(9).tick(1).submit(40);
        var accept = talk.last(LogMessage.Accept.class);
        var slots = new SlotRange(5, accept.first() + accept.values().size());
        for (int peer = 0; peer < 2; peer++) {
            talk.say(peer, new LogMessage.Accepted(accept.ballot(), slots));
            talk.say(peer, new LogMessage.HeartbeatAck(accept.ballot(), slots.end() - 1));
        }
        return talk.tick(5).say(1, new LogMessage.Forward(accept.values(), 1));
    }

    private static Conversations deposed() {
        Conversations talk = elected().submit(3);
        Ballot own = talk.last(LogMessage.Prepare.class).ballot();
        Ballot higher = own.next(NodeId.of("n3"), 7);
        return talk.say(1, new LogMessage.Nack(own, higher))
                .say(1, new LogMessage.Prepare(higher, 5))
                .say(1, new LogMessage.Accept(higher, 5, List.of(Value.NO_OP, Value.NO_OP), 4))
                .say(1, new LogMessage.Decide(higher, 6))
                .tick(9);
    }

    private static Conversations following() {
        Ballot ballot = new Ballot(9, NodeId.of("n1"), 2);
        Conversations talk = new Conversations().say(0, new LogMessage.Prepare(ballot, 5));
        for (long slot = 5; slot < 12; slot += 2) {
            talk.say(0, new LogMessage.Accept(ballot, slot, List.of(Value.NO_OP, command()), slot - 1));
        }
        return talk.say(0, new LogMessage.Heartbeat(ballot, 12))
                .say(0, new LogMessage.Canvass(probe(), 4, 1))
                .submit(5)
                .tick(2)
                .say(0, new LogMessage.Resign(ballot))
                .tick(4);
    }

    private static Conversations catchingUp() {
        Ballot ballot = new Ballot(9, NodeId.of("n1"), 2);
        Conversations talk =
                new Conversations().say(0, new LogMessage.Heartbeat(ballot, 30)).tick(2);
        return talk.say(0, new LogMessage.CatchUpReply(5, List.of(Value.NO_OP, command(), Value.NO_OP), 30, 0))
                .say(0, new LogMessage.CatchUpReply(8, List.of(command()), 30, 0))
                .say(1, new LogMessage.CatchUpRequest(2, 4096))
                .tick(4);
    }

    private static Conversations fetching() {
        SnapshotInfo snapshot = new SnapshotInfo(40, 10, 7);
        return new Conversations()
                .say(0, new LogMessage.Heartbeat(new Ballot(9, NodeId.of("n1"), 2), 50))
                .tick(2)
                .say(0, new LogMessage.CatchUpReply(5, List.of(), 50, 40))
                .tick(1)
                .say(0, new LogMessage.SnapshotChunk(snapshot, 0, 0x3610a686L, Payload.utf8("hello")))
                .tick(1)
                .say(0, new LogMessage.SnapshotChunk(snapshot, 5, 0x3610a686L, Payload.utf8("hello")))
                .say(0, new LogMessage.CatchUpReply(41, List.of(command()), 50, 40))
                .say(1, new LogMessage.SnapshotRequest(null, 0, 4096))
                .tick(4);
    }

    private static Conversations agreeing() {
        Conversations talk = new Conversations().agree(4);
        var prepare = (DecreeMessage.Step) talk.node.said().stream()
                .filter(message ->
                        message instanceof DecreeMessage.Step step && step.body() instanceof SingleMessage.Prepare)
                .findFirst()
                .orElseThrow();
        Ballot ballot = ((SingleMessage.Prepare) prepare.body()).ballot();
        for (int peer = 0; peer < 2; peer++) {
            talk.hear(peer, new DecreeMessage.Step(prepare.name(), new SingleMessage.Promise(ballot, null)));
        }
        for (int peer = 0; peer < 2; peer++) {
            talk.hear(peer, new DecreeMessage.Step(prepare.name(), new SingleMessage.Accepted(ballot)));
        }
        return talk.tick(4);
    }

    private static Conversations changing() {
        Conversations talk = new Conversations().agree(4);
        var prepare = (RegisterMessage.Step) talk.node.said().stream()
                .filter(message ->
                        message instanceof RegisterMessage.Step step && step.body() instanceof SingleMessage.Prepare)
                .findFirst()
                .orElseThrow();
        var query = (RegisterMessage.Query) talk.node.said().stream()
                .filter(RegisterMessage.Query.class::isInstance)
                .findFirst()
                .orElseThrow();
        Ballot ballot = ((SingleMessage.Prepare) prepare.body()).ballot();
        Ballot earlier = new Ballot(1, NodeId.of("a"), 1);
        var found = new Proposal<>(
                earlier,
                RegisterState.EMPTY.changed(earlier, Payload.utf8("found")).encode());
        for (int peer = 0; peer < 2; peer++) {
            talk.hear(peer, new RegisterMessage.Step(prepare.name(), new SingleMessage.Promise(ballot, found)));
        }
        for (int peer = 0; peer < 2; peer++) {
            talk.hear(peer, new RegisterMessage.Step(prepare.name(), new SingleMessage.Accepted(ballot)));
        }
        talk.hear(0, new RegisterMessage.Answer(query.name(), query.probe(), found));
        talk.hear(1, new RegisterMessage.Answer(query.name(), query.probe(), null));
        return talk.tick(4);
    }

    private static Value command() {
        return MessageSamples.all().values().stream()
                .filter(GroupMessage.class::isInstance)
                .map(message -> ((GroupMessage) message).body())
                .filter(LogMessage.Forward.class::isInstance)
                .map(body -> ((LogMessage.Forward) body).values().get(0))
                .findFirst()
                .orElseThrow();
    }

    private static Probe probe() {
        return new Probe(-42, 3);
    }

    private <M extends LogMessage> M last(Class<M> type) {
        return type.cast(Objects.requireNonNull(
                node.said().stream()
                        .filter(GroupMessage.class::isInstance)
                        .map(message -> ((GroupMessage) message).body())
                        .filter(type::isInstance)
                        .reduce((first, second) -> second)
                        .orElse(null),
                () -> "the node never said " + type.getSimpleName() + " but " + node.said()));
    }

    private Conversations say(int peer, LogMessage body) {
        return hear(peer, new GroupMessage(FuzzedNode.GROUP, body));
    }

    private Conversations hear(int peer, Message message) {
        node.receive(peer, message);
        return message(NodeFuzz.FROM_A_PEER, peer, message);
    }

    private Conversations hearAsItIs() {
        MessageSamples.all().values().forEach(message -> message(NodeFuzz.AS_IT_IS, 0, message));
        return this;
    }

    private Conversations message(int kind, int detail, Message message) {
        byte[] bytes = WireCodec.encode(Envelopes.of(message));
        step(kind, detail);
        input.write(bytes.length >>> 8);
        input.write(bytes.length);
        input.writeBytes(bytes);
        return this;
    }

    private Conversations tick(int count) {
        node.tick(count);
        return step(NodeFuzz.TICKS, count);
    }

    private Conversations submit(int bytes) {
        node.submit(Payload.utf8("x".repeat(bytes)));
        return step(NodeFuzz.SUBMIT, bytes);
    }

    private Conversations agree(int bytes) {
        node.agree(Payload.utf8("x".repeat(bytes)));
        return step(NodeFuzz.AGREE, bytes);
    }

    private Conversations step(int kind, int detail) {
        input.write(detail * NodeFuzz.KINDS + kind);
        return this;
    }

    private byte[] bytes() {
        return input.toByteArray();
    }
}
