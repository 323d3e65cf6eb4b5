// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.message.DecreeMessage;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.LogMessageHandler;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.testkit.check.CommandMark;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the messages of the protocol say, in words for a reader; null for those that only keep things going. */
final class Phrases implements LogMessageHandler<String> {

    private static final Phrases OF_LOG = new Phrases();

    private Phrases() {}

    static @Nullable String of(Message message) {
        if (message instanceof GroupMessage m) {
            String words = m.body().dispatch(OF_LOG);
            return words.isEmpty() ? null : words;
        }
        if (message instanceof DecreeMessage.Step step) {
            return step.name().name() + ": " + of(step.body());
        }
        if (message instanceof DecreeMessage.Query query) {
            return query.name().name() + ": what has been accepted?";
        }
        if (message instanceof DecreeMessage.Answer answer) {
            return answer.name().name() + ": accepted " + accepted(answer.accepted());
        }
        if (message instanceof DecreeMessage.Learned learned) {
            return learned.name().name() + ": learned, no need to repeat it";
        }
        return null;
    }

    private static String of(SingleMessage message) {
        if (message instanceof SingleMessage.Prepare m) {
            return "Prepare " + ballot(m.ballot());
        }
        if (message instanceof SingleMessage.Promise m) {
            return "Promise " + ballot(m.ballot()) + ", accepted " + accepted(m.accepted());
        }
        if (message instanceof SingleMessage.Accept m) {
            return "Accept " + ballot(m.ballot()) + ": " + payload(m.value());
        }
        if (message instanceof SingleMessage.Accepted m) {
            return "Accepted " + ballot(m.ballot());
        }
        if (message instanceof SingleMessage.Nack m) {
            return "Nack " + ballot(m.ballot()) + ", promised " + ballot(m.promised());
        }
        return message instanceof SingleMessage.Decide m ? "Decide " + payload(m.value()) : message.toString();
    }

    private static String accepted(@Nullable Proposal<Payload> proposal) {
        return proposal == null ? "nothing" : payload(proposal.value()) + " at " + ballot(proposal.ballot());
    }

    /** A ballot without the nonce of its start, which no story needs. */
    static String ballot(Ballot ballot) {
        return ballot.isZero() ? "nothing" : ballot.round() + "." + ballot.proposer();
    }

    /** The bytes that a caller brought, without their mark. */
    static String payload(Payload marked) {
        return "“" + CommandMark.command(marked).toUtf8() + "”";
    }

    static String value(Value value) {
        if (value instanceof Value.Command command) {
            return command.isFence() ? "fence" : payload(command.payload());
        }
        if (value instanceof Value.Reconfigure change) {
            return "voters " + String.join(" ", names(change.next()));
        }
        if (value instanceof Value.OpenSession open) {
            return "session of " + open.opener();
        }
        if (value instanceof Value.RaiseLevel raise) {
            return raise.to().toString();
        }
        return "no-op";
    }

    private static List<String> names(Configuration configuration) {
        return configuration.voters().voters().keySet().stream()
                .map(NodeId::name)
                .toList();
    }

    static String values(long first, List<Value> values) {
        StringBuilder text = new StringBuilder();
        long slot = first;
        for (Value value : values) {
            text.append(text.isEmpty() ? "" : ", ").append(slot++).append(" = ").append(value(value));
        }
        return values.isEmpty() ? "nothing" : "slot " + text;
    }

    static String snapshot(@Nullable SnapshotInfo snapshot) {
        return snapshot == null ? "the newest snapshot" : "the snapshot up to slot " + snapshot.slot();
    }

    private static String slots(SlotRange slots) {
        return (slots.size() == 1 ? "slot " : "slots ") + slots;
    }

    @Override
    public String onPrepare(LogMessage.Prepare m) {
        return "Prepare " + ballot(m.ballot()) + " from slot " + m.from() + " on";
    }

    @Override
    public String onPromise(LogMessage.Promise m) {
        String accepted = m.accepted().stream()
                .map(p -> "slot " + p.slot() + " = " + value(p.proposal().value()) + " at "
                        + ballot(p.proposal().ballot()))
                .collect(Collectors.joining(", "));
        return "Promise " + ballot(m.ballot()) + ", accepted " + (accepted.isEmpty() ? "nothing" : accepted)
                + (m.compacted() > 0 ? ", forgotten up to slot " + m.compacted() : "");
    }

    @Override
    public String onAccept(LogMessage.Accept m) {
        return "Accept " + ballot(m.ballot()) + ": " + values(m.first(), m.values());
    }

    @Override
    public String onAccepted(LogMessage.Accepted m) {
        return "Accepted " + ballot(m.ballot()) + ": " + slots(m.slots());
    }

    @Override
    public String onNack(LogMessage.Nack m) {
        return "Nack " + ballot(m.ballot()) + ", promised " + ballot(m.promised());
    }

    @Override
    public String onDecide(LogMessage.Decide m) {
        return "Decide: all up to slot " + m.decided() + ", by ballot " + ballot(m.ballot());
    }

    @Override
    public String onHeartbeat(LogMessage.Heartbeat m) {
        return "";
    }

    @Override
    public String onHeartbeatAck(LogMessage.HeartbeatAck m) {
        return "";
    }

    @Override
    public String onResign(LogMessage.Resign m) {
        return "I resign, ballot " + ballot(m.ballot());
    }

    @Override
    public String onTakeOver(LogMessage.TakeOver m) {
        return "take over from me, ballot " + ballot(m.ballot()) + ", once you hold all up to slot " + m.upTo();
    }

    @Override
    public String onLeaseRequest(LogMessage.LeaseRequest m) {
        return "promise nothing to others for a while, ballot " + ballot(m.ballot());
    }

    @Override
    public String onLeaseGrant(LogMessage.LeaseGrant m) {
        return "I promise nothing to others, ballot " + ballot(m.ballot());
    }

    @Override
    public String onLeaseEnd(LogMessage.LeaseEnd m) {
        return "you may promise again, ballot " + ballot(m.ballot());
    }

    @Override
    public String onCanvass(LogMessage.Canvass m) {
        return "would you support me? I know all up to slot " + m.decided();
    }

    @Override
    public String onCanvassReply(LogMessage.CanvassReply m) {
        return m.supports()
                ? "yes; my highest ballot is " + ballot(m.highest())
                : "no, " + (m.leader() == null ? "not now" : "I hear " + m.leader());
    }

    @Override
    public String onCatchUpRequest(LogMessage.CatchUpRequest m) {
        return "what is decided from slot " + m.from() + " on?";
    }

    @Override
    public String onCatchUpReply(LogMessage.CatchUpReply m) {
        return (m.values().isEmpty() ? "nothing to give" : "decided are " + values(m.first(), m.values()))
                + (m.compacted() > 0 ? "; forgotten up to slot " + m.compacted() : "");
    }

    @Override
    public String onSnapshotRequest(LogMessage.SnapshotRequest m) {
        return "send me " + snapshot(m.snapshot()) + " from byte " + m.offset() + " on";
    }

    @Override
    public String onSnapshotChunk(LogMessage.SnapshotChunk m) {
        return snapshot(m.snapshot()) + ", bytes " + m.offset() + " to " + m.end() + " of "
                + m.snapshot().bytes();
    }

    @Override
    public String onForward(LogMessage.Forward m) {
        return "please propose " + m.values().stream().map(Phrases::value).collect(Collectors.joining(", "));
    }

    @Override
    public String onReadQuery(LogMessage.ReadQuery m) {
        return "up to which slot have you accepted anything?" + (m.hops() > 0 ? " Please ask the others, too" : "");
    }

    @Override
    public String onReadReply(LogMessage.ReadReply m) {
        return (m.quorum() ? "a quorum has" : "I have")
                + (m.highest() == 0 ? " accepted nothing" : " accepted nothing beyond slot " + m.highest());
    }

    @Override
    public String onCloseSlots(LogMessage.CloseSlots m) {
        return "please leave no slot free up to " + m.upTo();
    }

    @Override
    public String onCompare(LogMessage.Compare m) {
        return "my state at " + m.digest();
    }
}
