// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.paxos.message.Probe;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import io.paxos.model.Value;
import io.paxos.wire.proto.Wire;
import java.util.TreeMap;
import java.util.TreeSet;

/** The values that messages are made of: each written beside the method that reads it. */
final class ModelMapping {

    private ModelMapping() {}

    static Wire.Ballot toWire(Ballot ballot) {
        return Wire.Ballot.newBuilder()
                .setRound(ballot.round())
                .setProposer(ballot.proposer().name())
                .setStart(ballot.start())
                .build();
    }

    static Ballot fromWire(Wire.Ballot ballot) {
        return new Ballot(ballot.getRound(), new NodeId(ballot.getProposer()), ballot.getStart());
    }

    static Wire.Probe toWire(Probe probe) {
        return Wire.Probe.newBuilder()
                .setStart(probe.start())
                .setCount(probe.count())
                .build();
    }

    static Probe fromWire(Wire.Probe probe) {
        return new Probe(probe.getStart(), probe.getCount());
    }

    static Wire.Membership toWire(Membership membership) {
        Wire.Membership.Builder builder = Wire.Membership.newBuilder();
        membership
                .voters()
                .forEach((node, incarnation) -> builder.addVoters(
                        Wire.Voter.newBuilder().setNode(node.name()).setIncarnation(incarnation.bits())));
        return builder.build();
    }

    static Membership fromWire(Wire.Membership membership) {
        TreeMap<NodeId, Incarnation> voters = new TreeMap<>();
        for (Wire.Voter voter : membership.getVotersList()) {
            NodeId node = new NodeId(voter.getNode());
            if (voters.put(node, new Incarnation(voter.getIncarnation())) != null) {
                throw new WireFormatException("a membership names the voter " + node + " twice");
            }
        }
        return new Membership(voters);
    }

    static Wire.SnapshotInfo toWire(SnapshotInfo snapshot) {
        return Wire.SnapshotInfo.newBuilder()
                .setSlot(snapshot.slot())
                .setBytes(snapshot.bytes())
                .setChecksum((int) snapshot.checksum())
                .build();
    }

    static SnapshotInfo fromWire(Wire.SnapshotInfo snapshot) {
        return new SnapshotInfo(
                slot(snapshot.getSlot()), snapshot.getBytes(), Integer.toUnsignedLong(snapshot.getChecksum()));
    }

    /** Shares the payload's bytes, which never change. */
    static ByteString toWire(Payload payload) {
        return UnsafeByteOperations.unsafeWrap(payload.unwrap());
    }

    /** The one copy: the parsed bytes belong to the buffer that was read. */
    static Payload fromWire(ByteString bytes) {
        return Payload.wrap(bytes.toByteArray());
    }

    static Wire.Value toWire(Value value) {
        Wire.Value.Builder builder = Wire.Value.newBuilder();
        if (value instanceof Value.Command command) {
            return builder.setCommand(Wire.Command.newBuilder()
                            .setSession(command.id().session())
                            .setSequence(command.id().sequence())
                            .setFloor(command.floor())
                            .setTimeMillis(command.time().millis())
                            .setPayload(toWire(command.payload())))
                    .build();
        }
        if (value instanceof Value.OpenSession open) {
            return builder.setOpenSession(Wire.OpenSession.newBuilder()
                            .setOpener(open.opener().name())
                            .setStart(open.start())
                            .setTimeMillis(open.time().millis()))
                    .build();
        }
        if (value instanceof Value.Reconfigure change) {
            Configuration next = change.next();
            Wire.Reconfigure.Builder wire =
                    Wire.Reconfigure.newBuilder().setVersion(next.version()).setVoters(toWire(next.voters()));
            next.observers().forEach(observer -> wire.addObservers(observer.name()));
            return builder.setReconfigure(wire).build();
        }
        if (value instanceof Value.RaiseLevel raise) {
            return builder.setRaiseLevel(
                            Wire.RaiseLevel.newBuilder().setLevel(raise.to().number()))
                    .build();
        }
        if (value instanceof Value.NoOp) {
            return builder.setNoOp(Wire.NoOp.getDefaultInstance()).build();
        }
        throw new IllegalArgumentException("no wire form for the value " + value);
    }

    static Value fromWire(Wire.Value value) {
        return switch (value.getKindCase()) {
            case NO_OP -> Value.NO_OP;
            case COMMAND -> {
                Wire.Command command = value.getCommand();
                yield new Value.Command(
                        new CommandId(command.getSession(), command.getSequence()),
                        command.getFloor(),
                        new LogTime(command.getTimeMillis()),
                        fromWire(command.getPayload()));
            }
            case OPEN_SESSION -> {
                Wire.OpenSession open = value.getOpenSession();
                yield new Value.OpenSession(
                        new NodeId(open.getOpener()), open.getStart(), new LogTime(open.getTimeMillis()));
            }
            case RECONFIGURE -> {
                Wire.Reconfigure change = value.getReconfigure();
                TreeSet<NodeId> observers = new TreeSet<>();
                change.getObserversList().forEach(observer -> observers.add(new NodeId(observer)));
                yield new Value.Reconfigure(
                        new Configuration(change.getVersion(), fromWire(change.getVoters()), observers));
            }
            case RAISE_LEVEL ->
                new Value.RaiseLevel(new FeatureLevel(value.getRaiseLevel().getLevel()));
            case KIND_NOT_SET -> throw new WireFormatException("a value of a kind that this version does not know");
        };
    }

    /** Slots count from 0: whoever reads a negative one must not pass it on to code that counts on it. */
    static long slot(long slot) {
        if (slot < 0) {
            throw new WireFormatException("a slot must not be negative, but is " + slot);
        }
        return slot;
    }

    /** A field that every message of its kind has; one that is absent must not turn into one that is all zeros. */
    static void require(boolean present, String what) {
        if (!present) {
            throw new WireFormatException("the message lacks its " + what);
        }
    }
}
