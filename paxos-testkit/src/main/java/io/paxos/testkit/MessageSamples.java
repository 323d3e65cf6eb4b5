// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit;

import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.EpochMessage;
import io.paxos.message.EpochMessage.Place;
import io.paxos.message.EpochMessage.Section;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.Probe;
import io.paxos.message.PulseMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.EpochMark;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.RegisterState;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.StartId;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * At least one message of every kind, for tests of whatever carries messages. The samples never change: files that pin
 * a format may be made of them. A new kind of message adds samples and leaves the others as they are.
 */
public final class MessageSamples {

    private static final NodeId N1 = NodeId.of("n1");
    private static final NodeId N2 = NodeId.of("n2");
    private static final Ballot BALLOT = new Ballot(7, N1, 0x1122334455667788L);
    private static final Ballot HIGHER = new Ballot(Long.MAX_VALUE, N2, -1);
    private static final Probe PROBE = new Probe(-42, 3);
    private static final Payload PAYLOAD = Payload.utf8("value: Grüße");
    private static final Membership MEMBERSHIP =
            Membership.of(Map.of(N1, new Incarnation(0x0a0b0c0d0e0f1011L), N2, new Incarnation(-2)));
    private static final List<Value> VALUES = List.of(
            new Value.Command(new CommandId(12, 5), 4, new LogTime(1_700_000_000_000L), PAYLOAD),
            new Value.OpenSession(N2, -9, new LogTime(-1)),
            Value.NO_OP);

    private MessageSamples() {}

    /**
     * The samples by name. The names are made of letters, digits and hyphens.
     *
     * @return name to message, always in the same order
     */
    public static Map<String, Message> all() {
        Map<String, Message> samples = new LinkedHashMap<>();
        samples.put("hello-empty", new Hello(null, null, null, null, List.of(), "", null));
        samples.put(
                "hello",
                new Hello(
                        PROBE,
                        new Probe(0, 0),
                        MEMBERSHIP,
                        MEMBERSHIP,
                        List.of(MEMBERSHIP),
                        "majority of [n1, n2]",
                        StartId.of(StartId.MAX_NUMBER, -1)));
        samples.put(
                "hello-level", new Hello(null, null, null, null, List.of(), "", null, FeatureLevel.CHANGES_AND_FENCES));
        addDecreeMessages(samples);
        addLogMessages(samples);
        addRegisterMessages(samples);
        addEpochMessages(samples);
        addMessagesOfManyLogs(samples);
        return samples;
    }

    private static void addDecreeMessages(Map<String, Message> samples) {
        Proposal<Payload> accepted = new Proposal<>(BALLOT, PAYLOAD);
        addStep(samples, "prepare", new SingleMessage.Prepare(BALLOT));
        addStep(samples, "promise-empty", new SingleMessage.Promise(HIGHER, null));
        addStep(samples, "promise", new SingleMessage.Promise(HIGHER, accepted));
        addStep(samples, "accept", new SingleMessage.Accept(BALLOT, PAYLOAD));
        addStep(samples, "accept-empty", new SingleMessage.Accept(BALLOT, Payload.EMPTY));
        addStep(samples, "accepted", new SingleMessage.Accepted(BALLOT));
        addStep(samples, "nack", new SingleMessage.Nack(BALLOT, HIGHER));
        addStep(samples, "decide", new SingleMessage.Decide(PAYLOAD));
        DecreeName name = new DecreeName("shard-7/owner");
        samples.put("decree-query", new DecreeMessage.Query(name, PROBE));
        samples.put("decree-answer-empty", new DecreeMessage.Answer(name, PROBE, null));
        samples.put("decree-answer", new DecreeMessage.Answer(name, PROBE, accepted));
        samples.put("decree-learned", new DecreeMessage.Learned(name));
    }

    private static void addStep(Map<String, Message> samples, String name, SingleMessage body) {
        samples.put("decree-" + name, new DecreeMessage.Step(new DecreeName("wer führt?"), body));
    }

    private static void addRegisterMessages(Map<String, Message> samples) {
        RegisterName name = new RegisterName("wer führt?");
        Ballot earlier = new Ballot(2, N2, 5);
        Payload state = new RegisterState(PAYLOAD, List.of(earlier, BALLOT), new Ballot(1, N1, 1)).encode();
        Payload deleted = RegisterState.EMPTY.changed(BALLOT, null).encode();
        Map<String, SingleMessage> bodies = new LinkedHashMap<>();
        bodies.put("prepare", new SingleMessage.Prepare(BALLOT));
        bodies.put("promise-empty", new SingleMessage.Promise(HIGHER, null));
        bodies.put("promise", new SingleMessage.Promise(HIGHER, new Proposal<>(BALLOT, state)));
        bodies.put("accept", new SingleMessage.Accept(BALLOT, state));
        bodies.put("accept-deleted", new SingleMessage.Accept(BALLOT, deleted));
        bodies.put("accepted", new SingleMessage.Accepted(BALLOT));
        bodies.put("nack", new SingleMessage.Nack(BALLOT, HIGHER));
        bodies.forEach((kind, body) -> samples.put("register-" + kind, new RegisterMessage.Step(name, body)));
        samples.put("register-query", new RegisterMessage.Query(name, PROBE));
        samples.put("register-answer-empty", new RegisterMessage.Answer(name, PROBE, null));
        samples.put("register-answer", new RegisterMessage.Answer(name, PROBE, new Proposal<>(BALLOT, state)));
    }

    private static void addEpochMessages(Map<String, Message> samples) {
        DecreeName decree = new DecreeName("wer führt?");
        RegisterName register = new RegisterName("wer führt?");
        Payload state = RegisterState.EMPTY.changed(BALLOT, PAYLOAD).encode();
        EpochMark mark = new EpochMark(3, 2);
        Place place = new Place(Section.REGISTERS, register.name(), 0, 0);
        samples.put(
                "epoch-decree",
                EpochMessage.in(2, new DecreeMessage.Step(decree, new SingleMessage.Accept(BALLOT, PAYLOAD))));
        samples.put("epoch-register", EpochMessage.in(3, new RegisterMessage.Query(register, PROBE)));
        samples.put("epoch-at", new EpochMessage.At(mark));
        samples.put("epoch-ask", new EpochMessage.Ask());
        samples.put("epoch-pull-first", new EpochMessage.Pull(3, PROBE, Place.FIRST));
        samples.put("epoch-pull", new EpochMessage.Pull(3, PROBE, new Place(Section.DECIDED, "", -7, 12)));
        samples.put(
                "epoch-page",
                new EpochMessage.Page(
                        PROBE,
                        mark,
                        Place.FIRST,
                        List.of(
                                new EpochMessage.Undecided(decree, HIGHER, null),
                                new EpochMessage.Undecided(decree, HIGHER, new Proposal<>(BALLOT, PAYLOAD)),
                                new EpochMessage.OfRegister(register, BALLOT, null),
                                new EpochMessage.OfRegister(register, BALLOT, new Proposal<>(BALLOT, state)),
                                new EpochMessage.Decided(decree, Payload.EMPTY)),
                        place));
        samples.put("epoch-page-last", new EpochMessage.Page(PROBE, new EpochMark(3, 3), place, List.of(), null));
    }

    private static void addLogMessages(Map<String, Message> samples) {
        List<SlotProposal> accepted = List.of(
                new SlotProposal(5, new Proposal<>(BALLOT, VALUES.get(0))),
                new SlotProposal(Long.MAX_VALUE, new Proposal<>(Ballot.ZERO, Value.NO_OP)));
        addLog(samples, "prepare", new LogMessage.Prepare(BALLOT, 5));
        addLog(samples, "promise-empty", new LogMessage.Promise(BALLOT, new SlotRange(0, 0), true, -1, -1, List.of()));
        addLog(samples, "promise", new LogMessage.Promise(BALLOT, new SlotRange(5, 9), false, 3, 4, accepted));
        addLog(samples, "accept", new LogMessage.Accept(BALLOT, 11, VALUES, 10));
        Value change = new Value.Reconfigure(
                new Configuration(3, MEMBERSHIP, new TreeSet<>(List.of(NodeId.of("n3"), NodeId.of("n4")))));
        addLog(samples, "accept-reconfigure", new LogMessage.Accept(BALLOT, 16, List.of(change), 15));
        Value raise = new Value.RaiseLevel(FeatureLevel.CHANGES_AND_FENCES);
        addLog(samples, "accept-raise-level", new LogMessage.Accept(BALLOT, 17, List.of(raise), 16));
        addLog(samples, "accepted", new LogMessage.Accepted(BALLOT, new SlotRange(11, 15)));
        addLog(samples, "nack", new LogMessage.Nack(BALLOT, HIGHER));
        addLog(samples, "decide", new LogMessage.Decide(BALLOT, 14));
        addLog(samples, "heartbeat", new LogMessage.Heartbeat(BALLOT, 14));
        addLog(samples, "heartbeat-ack", new LogMessage.HeartbeatAck(BALLOT, -1));
        addLog(samples, "resign", new LogMessage.Resign(BALLOT));
        addLog(samples, "take-over", new LogMessage.TakeOver(BALLOT, 14));
        addLog(samples, "lease-request", new LogMessage.LeaseRequest(BALLOT, 7));
        addLog(samples, "lease-grant", new LogMessage.LeaseGrant(BALLOT, 7));
        addLog(samples, "lease-end", new LogMessage.LeaseEnd(BALLOT, 7));
        addLog(samples, "canvass", new LogMessage.Canvass(PROBE, 14, -3));
        addLog(samples, "canvass-reply", new LogMessage.CanvassReply(PROBE, false, N2, HIGHER, 14));
        addLog(samples, "canvass-reply-no-leader", new LogMessage.CanvassReply(PROBE, true, null, Ballot.ZERO, -1));
        addLog(samples, "catch-up-request", new LogMessage.CatchUpRequest(15, 1 << 20));
        addLog(samples, "catch-up-reply", new LogMessage.CatchUpReply(15, VALUES, 18, 2));
        addLog(samples, "catch-up-reply-empty", new LogMessage.CatchUpReply(15, List.of(), 14, -1));
        addLog(
                samples,
                "snapshot-request",
                new LogMessage.SnapshotRequest(new SnapshotInfo(4000, 70_000, 0xF00DFEEDL), 65_536, 1 << 16));
        addLog(samples, "snapshot-request-newest", new LogMessage.SnapshotRequest(null, 0, 1 << 16));
        addLog(
                samples,
                "snapshot-chunk",
                new LogMessage.SnapshotChunk(
                        new SnapshotInfo(4000, 70_000, 0xF00DFEEDL), 65_536, 0x80000001L, Payload.utf8("the end")));
        addLog(samples, "forward", new LogMessage.Forward(VALUES, 2));
        addLog(samples, "read-query", new LogMessage.ReadQuery(PROBE, 3));
        addLog(samples, "read-reply", new LogMessage.ReadReply(PROBE, 19, 14, false));
        addLog(samples, "read-reply-quorum", new LogMessage.ReadReply(PROBE, 0, -1, true));
        addLog(samples, "close-slots", new LogMessage.CloseSlots(19, 2));
        addLog(samples, "compare", new LogMessage.Compare(new StateDigest(4000, 1000, 0x80000001)));
    }

    private static void addMessagesOfManyLogs(Map<String, Message> samples) {
        GroupId one = new GroupId("transaction-ids", 1);
        GroupId other = new GroupId("shard-7", 12);
        samples.put(
                "bundle",
                new Bundle(List.of(
                        new GroupMessage(one, new LogMessage.Heartbeat(BALLOT, 14)),
                        new GroupMessage(other, new LogMessage.Accepted(HIGHER, new SlotRange(3, 4))))));
        samples.put(
                "bundle-mixed",
                new Bundle(List.of(
                        new DecreeMessage.Step(new DecreeName("wer führt?"), new SingleMessage.Accepted(BALLOT)),
                        new GroupMessage(other, new LogMessage.Accepted(HIGHER, new SlotRange(3, 4))),
                        new RegisterMessage.Query(new RegisterName("wer führt?"), PROBE))));
        samples.put(
                "pulse",
                new PulseMessage.Pulse(
                        2,
                        7,
                        List.of(
                                new PulseMessage.Turn(one, BALLOT, 14, true),
                                new PulseMessage.Turn(other, HIGHER, -1, false))));
        samples.put("pulse-empty", new PulseMessage.Pulse(1, 1, List.of()));
        samples.put("pulse-answer", new PulseMessage.Answer(2, 8, List.of(one, other)));
        samples.put("pulse-answer-empty", new PulseMessage.Answer(1, 0, List.of()));
    }

    private static void addLog(Map<String, Message> samples, String name, LogMessage body) {
        samples.put("log-" + name, new GroupMessage(new GroupId("transaction-ids", 1), body));
    }
}
