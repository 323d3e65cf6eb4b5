// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.CommandId;
import io.paxos.model.DecreeName;
import io.paxos.model.GroupId;
import io.paxos.model.LogTime;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import io.paxos.wire.proto.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Messages with numbers of every length, negative ones and none at all, and values of every kind; and damage to bytes. */
final class Drawn {

    private Drawn() {}

    static GroupMessage log(SplittableRandom random) {
        Ballot ballot = ballot(random);
        long slot = Math.abs(number(random) >> 1);
        long decided = number(random);
        LogMessage body =
                switch (random.nextInt(6)) {
                    case 0 -> new LogMessage.Accept(ballot, slot, values(random), decided);
                    case 1 -> new LogMessage.Accepted(ballot, new SlotRange(slot, slot + random.nextInt(1000)));
                    case 2 -> new LogMessage.Decide(ballot, decided);
                    case 3 -> new LogMessage.Heartbeat(ballot, decided);
                    case 4 -> new LogMessage.HeartbeatAck(ballot, decided);
                    default -> new LogMessage.Forward(values(random), (int) number(random));
                };
        return new GroupMessage(new GroupId("g" + random.nextInt(3), random.nextInt(3)), body);
    }

    private static List<Value> values(SplittableRandom random) {
        List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            values.add(
                    switch (random.nextInt(6)) {
                        case 0 -> Value.NO_OP;
                        case 1 -> new Value.OpenSession(NodeId.of("a"), number(random), new LogTime(number(random)));
                        default -> command(random);
                    });
        }
        return values;
    }

    static Value command(SplittableRandom random) {
        return new Value.Command(
                new CommandId(number(random), number(random)),
                number(random),
                new LogTime(number(random)),
                payload(random));
    }

    private static long number(SplittableRandom random) {
        return random.nextInt(5) == 0 ? 0 : random.nextLong() >> random.nextInt(64);
    }

    static byte[] damaged(byte[] bytes, SplittableRandom random) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = 1 + random.nextInt(damaged.length - 1);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = (byte) random.nextInt(256);
                case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> damaged = cut(damaged, at);
                default -> damaged = doubled(damaged, at);
            }
        }
        return damaged;
    }

    private static byte[] cut(byte[] bytes, int at) {
        byte[] shorter = new byte[Math.max(2, at)];
        System.arraycopy(bytes, 0, shorter, 0, Math.min(bytes.length, shorter.length));
        return shorter;
    }

    private static byte[] doubled(byte[] bytes, int from) {
        byte[] longer = new byte[2 * bytes.length - from];
        System.arraycopy(bytes, 0, longer, 0, bytes.length);
        System.arraycopy(bytes, from, longer, bytes.length, bytes.length - from);
        return longer;
    }

    /** A step of an agreement on a name, of a decree or of a register, or what ends one. */
    static Bundle.Part step(SplittableRandom random) {
        String name =
                random.nextInt(6) == 0 ? "name" + (char) random.nextInt(0xa0, 0x2000) : "name" + random.nextInt(5);
        if (random.nextInt(8) == 0) {
            return new DecreeMessage.Learned(new DecreeName(name));
        }
        Proposal<Payload> proposal = new Proposal<>(ballot(random), payload(random));
        SingleMessage body =
                switch (random.nextInt(7)) {
                    case 0 -> new SingleMessage.Prepare(proposal.ballot());
                    case 1 -> new SingleMessage.Promise(ballot(random), null);
                    case 2 -> new SingleMessage.Promise(ballot(random), proposal);
                    case 3 -> new SingleMessage.Accept(proposal.ballot(), proposal.value());
                    case 4 -> new SingleMessage.Accepted(proposal.ballot());
                    case 5 -> new SingleMessage.Nack(proposal.ballot(), ballot(random));
                    default -> new SingleMessage.Decide(proposal.value());
                };
        return body instanceof SingleMessage.Decide || random.nextBoolean()
                ? new DecreeMessage.Step(new DecreeName(name), body)
                : new RegisterMessage.Step(new RegisterName(name), body);
    }

    /** A step of a decree, as the generated classes have it. */
    static Wire.DecreeMessage decree(SplittableRandom random) {
        while (true) {
            if (step(random) instanceof DecreeMessage.Step step) {
                return DecreeMapping.toWire(step);
            }
        }
    }

    /** Of logs only, mixed, or of names only. */
    static Bundle bundle(SplittableRandom random) {
        List<Bundle.Part> parts = new ArrayList<>();
        int logs = random.nextInt(5);
        for (int i = 2 + random.nextInt(5); i > 0; i--) {
            parts.add(logs == 0 || (logs < 3 && random.nextBoolean()) ? step(random) : log(random));
        }
        return new Bundle(parts);
    }

    private static Ballot ballot(SplittableRandom random) {
        return random.nextInt(8) == 0
                ? Ballot.ZERO
                : new Ballot(1 + (number(random) >>> 2), NodeId.of("n" + random.nextInt(3)), number(random));
    }

    private static Payload payload(SplittableRandom random) {
        byte[] payload = new byte[random.nextInt(3) == 0 ? random.nextInt(400) : random.nextInt(20)];
        random.nextBytes(payload);
        return Payload.wrap(payload);
    }
}
