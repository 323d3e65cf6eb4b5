// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.toy;

import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.Configuration;
import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes as bytes, as simply as can be. */
final class ToyCodec {

    private ToyCodec() {}

    static void put(DataOutputStream out, Write write) throws IOException {
        if (write instanceof Write.FormationWrite w) {
            out.writeByte(1);
            List<Membership> all = new ArrayList<>(w.renounced());
            out.writeByte((w.bound() == null ? 0 : 1) + (w.formed() == null ? 0 : 2));
            if (w.bound() != null) {
                all.add(w.bound());
            }
            if (w.formed() != null) {
                all.add(w.formed());
            }
            out.writeInt(all.size());
            for (Membership membership : all) {
                put(out, membership);
            }
            out.writeLong(w.mark().epoch());
            out.writeLong(w.mark().covered());
        } else if (write instanceof Write.PromiseWrite w) {
            out.writeByte(2);
            put(out, w.group());
            put(out, w.promised());
        } else if (write instanceof Write.AcceptWrite w) {
            out.writeByte(3);
            put(out, w.group());
            put(out, w.ballot());
            put(out, w.first(), w.values());
        } else if (write instanceof Write.LearnWrite w) {
            out.writeByte(4);
            put(out, w.group());
            put(out, w.first(), w.values());
        } else if (write instanceof Write.DecidedWrite w) {
            out.writeByte(5);
            put(out, w.group());
            out.writeLong(w.decided());
        } else if (write instanceof Write.DecreeWrite w) {
            out.writeByte(6);
            out.writeUTF(w.name().name());
            put(out, w.promised());
            out.writeBoolean(w.accepted() != null);
            if (w.accepted() != null) {
                put(out, w.accepted().ballot());
                put(out, w.accepted().value());
            }
        } else if (write instanceof Write.DecreeDecidedWrite w) {
            out.writeByte(7);
            out.writeUTF(w.name().name());
            put(out, w.value());
        } else if (write instanceof Write.TrimWrite w) {
            out.writeByte(8);
            put(out, w.group());
            out.writeLong(w.compacted());
        } else if (write instanceof Write.PeerStartWrite w) {
            out.writeByte(9);
            out.writeUTF(w.peer().node().name());
            out.writeLong(w.peer().incarnation().bits());
            out.writeLong(w.start());
        } else if (write instanceof Write.RegisterWrite w) {
            out.writeByte(10);
            out.writeUTF(w.name().name());
            put(out, w.promised());
            out.writeBoolean(w.accepted() != null);
            if (w.accepted() != null) {
                put(out, w.accepted().ballot());
                put(out, w.accepted().value());
            }
        }
    }

    static Write write(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> formation(in);
            case 2 -> new Write.PromiseWrite(group(in), ballot(in));
            case 3 -> new Write.AcceptWrite(group(in), ballot(in), in.readLong(), values(in));
            case 4 -> new Write.LearnWrite(group(in), in.readLong(), values(in));
            case 5 -> new Write.DecidedWrite(group(in), in.readLong());
            case 6 ->
                new Write.DecreeWrite(
                        new DecreeName(in.readUTF()),
                        ballot(in),
                        in.readBoolean() ? new Proposal<>(ballot(in), payload(in)) : null);
            case 7 -> new Write.DecreeDecidedWrite(new DecreeName(in.readUTF()), payload(in));
            case 8 -> new Write.TrimWrite(group(in), in.readLong());
            case 9 ->
                new Write.PeerStartWrite(
                        new Endpoint(new NodeId(in.readUTF()), new Incarnation(in.readLong())), in.readLong());
            case 10 ->
                new Write.RegisterWrite(
                        new RegisterName(in.readUTF()),
                        ballot(in),
                        in.readBoolean() ? new Proposal<>(ballot(in), payload(in)) : null);
            default -> throw new IOException("there is no write of kind " + kind);
        };
    }

    private static void put(DataOutputStream out, GroupId group) throws IOException {
        out.writeUTF(group.name());
        out.writeInt(group.generation());
    }

    private static GroupId group(DataInputStream in) throws IOException {
        return new GroupId(in.readUTF(), in.readInt());
    }

    private static void put(DataOutputStream out, Ballot ballot) throws IOException {
        out.writeLong(ballot.round());
        out.writeUTF(ballot.proposer().name());
        out.writeLong(ballot.start());
    }

    private static Ballot ballot(DataInputStream in) throws IOException {
        return new Ballot(in.readLong(), new NodeId(in.readUTF()), in.readLong());
    }

    private static void put(DataOutputStream out, Payload payload) throws IOException {
        out.writeInt(payload.size());
        out.write(payload.toByteArray());
    }

    private static Payload payload(DataInputStream in) throws IOException {
        return Payload.wrap(in.readNBytes(in.readInt()));
    }

    private static void put(DataOutputStream out, long first, List<Value> values) throws IOException {
        out.writeLong(first);
        out.writeInt(values.size());
        for (Value value : values) {
            put(out, value);
        }
    }

    private static List<Value> values(DataInputStream in) throws IOException {
        List<Value> values = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            values.add(value(in));
        }
        return values;
    }

    private static void put(DataOutputStream out, Value value) throws IOException {
        if (value instanceof Value.Command v) {
            out.writeByte(1);
            out.writeLong(v.id().session());
            out.writeLong(v.id().sequence());
            out.writeLong(v.floor());
            out.writeLong(v.time().millis());
            put(out, v.payload());
        } else if (value instanceof Value.OpenSession v) {
            out.writeByte(2);
            out.writeUTF(v.opener().name());
            out.writeLong(v.start());
            out.writeLong(v.time().millis());
        } else if (value instanceof Value.Reconfigure v) {
            out.writeByte(4);
            out.writeLong(v.next().version());
            put(out, v.next().voters());
            out.writeInt(v.next().observers().size());
            for (NodeId observer : v.next().observers()) {
                out.writeUTF(observer.name());
            }
        } else {
            out.writeByte(3);
        }
    }

    private static Value.Reconfigure change(DataInputStream in) throws IOException {
        long version = in.readLong();
        Membership voters = membership(in);
        TreeSet<NodeId> observers = new TreeSet<>();
        for (int left = in.readInt(); left > 0; left--) {
            observers.add(new NodeId(in.readUTF()));
        }
        return new Value.Reconfigure(new Configuration(version, voters, observers));
    }

    private static Value value(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case 1 ->
                new Value.Command(
                        new CommandId(in.readLong(), in.readLong()),
                        in.readLong(),
                        new LogTime(in.readLong()),
                        payload(in));
            case 2 -> new Value.OpenSession(new NodeId(in.readUTF()), in.readLong(), new LogTime(in.readLong()));
            case 3 -> Value.NO_OP;
            case 4 -> change(in);
            default -> throw new IOException("there is no value of kind " + kind);
        };
    }

    private static void put(DataOutputStream out, Membership membership) throws IOException {
        out.writeInt(membership.voters().size());
        for (Map.Entry<NodeId, Incarnation> voter : membership.voters().entrySet()) {
            out.writeUTF(voter.getKey().name());
            out.writeLong(voter.getValue().bits());
        }
    }

    private static Membership membership(DataInputStream in) throws IOException {
        Map<NodeId, Incarnation> voters = new TreeMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            voters.put(new NodeId(in.readUTF()), new Incarnation(in.readLong()));
        }
        return Membership.of(voters);
    }

    private static Write formation(DataInputStream in) throws IOException {
        int flags = in.readByte();
        List<Membership> all = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            all.add(membership(in));
        }
        Membership formed = (flags & 2) != 0 ? all.remove(all.size() - 1) : null;
        Membership bound = (flags & 1) != 0 ? all.remove(all.size() - 1) : null;
        return new Write.FormationWrite(bound, formed, all, new EpochMark(in.readLong(), in.readLong()));
    }
}
