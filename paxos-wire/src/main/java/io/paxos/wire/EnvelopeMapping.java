// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.EpochMessage;
import io.paxos.message.GroupMessage;
import io.paxos.message.Hello;
import io.paxos.message.Message;
import io.paxos.message.PulseMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.Fingerprint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import io.paxos.wire.proto.Wire;
import java.util.ArrayList;
import java.util.List;

/** The envelope, and the message by which nodes meet. */
final class EnvelopeMapping {

    private EnvelopeMapping() {}

    static Wire.Envelope toWire(Envelope envelope) {
        Wire.Envelope.Builder builder = Wire.Envelope.newBuilder()
                .setCluster(envelope.cluster().name())
                .setFromNode(envelope.from().node().name())
                .setFromIncarnation(envelope.from().incarnation().bits())
                .setToNode(envelope.to().node().name())
                .setToIncarnation(envelope.to().incarnation().bits())
                .setStart(envelope.start().bits())
                .setFingerprint(envelope.fingerprint().bits());
        Message message = envelope.message();
        if (message instanceof GroupMessage group) {
            builder.setGroup(LogMapping.toWire(group));
        } else if (message instanceof DecreeMessage decree) {
            builder.setDecree(DecreeMapping.toWire(decree));
        } else if (message instanceof RegisterMessage register) {
            builder.setRegister(RegisterMapping.toWire(register));
        } else if (message instanceof Hello hello) {
            builder.setHello(toWire(hello));
        } else if (message instanceof Bundle bundle) {
            builder.setBundle(toWire(bundle));
        } else if (message instanceof PulseMessage.Pulse pulse) {
            builder.setPulse(PulseMapping.toWire(pulse));
        } else if (message instanceof PulseMessage.Answer answer) {
            builder.setPulseAnswer(PulseMapping.toWire(answer));
        } else if (message instanceof EpochMessage epoch) {
            builder.setEpoch(EpochMapping.toWire(epoch));
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
        return builder.build();
    }

    static Envelope fromWire(Wire.Envelope envelope) {
        return new Envelope(
                new ClusterName(envelope.getCluster()),
                endpoint(envelope.getFromNode(), envelope.getFromIncarnation()),
                endpoint(envelope.getToNode(), envelope.getToIncarnation()),
                new StartId(envelope.getStart()),
                new Fingerprint(envelope.getFingerprint()),
                message(envelope));
    }

    private static Message message(Wire.Envelope envelope) {
        return switch (envelope.getMessageCase()) {
            case GROUP -> LogMapping.fromWire(envelope.getGroup());
            case DECREE -> DecreeMapping.fromWire(envelope.getDecree());
            case REGISTER -> RegisterMapping.fromWire(envelope.getRegister());
            case HELLO -> fromWire(envelope.getHello());
            case BUNDLE -> fromWire(envelope.getBundle());
            case PULSE -> PulseMapping.fromWire(envelope.getPulse());
            case PULSE_ANSWER -> PulseMapping.fromWire(envelope.getPulseAnswer());
            case EPOCH -> EpochMapping.fromWire(envelope.getEpoch());
            case MESSAGE_NOT_SET ->
                throw new WireFormatException("a message of a kind that this version does not know");
        };
    }

    private static Wire.Bundle toWire(Bundle bundle) {
        Wire.Bundle.Builder builder = Wire.Bundle.newBuilder();
        if (isMixed(bundle)) {
            bundle.parts().forEach(part -> builder.addMixed(toWire(part)));
        } else {
            bundle.parts().forEach(part -> builder.addParts(LogMapping.toWire((GroupMessage) part)));
        }
        return builder.build();
    }

    /** Whether it speaks of anything but logs. */
    static boolean isMixed(Bundle bundle) {
        for (Bundle.Part part : bundle.parts()) {
            if (!(part instanceof GroupMessage)) {
                return true;
            }
        }
        return false;
    }

    private static Bundle fromWire(Wire.Bundle bundle) {
        if (bundle.getPartsCount() > 0 && bundle.getMixedCount() > 0) {
            throw new WireFormatException("a bundle of logs that is mixed as well");
        }
        List<Bundle.Part> parts = new ArrayList<>();
        bundle.getPartsList().forEach(part -> parts.add(LogMapping.fromWire(part)));
        bundle.getMixedList().forEach(part -> parts.add(fromWire(part)));
        return new Bundle(parts);
    }

    private static Wire.Part toWire(Bundle.Part part) {
        Wire.Part.Builder builder = Wire.Part.newBuilder();
        if (part instanceof GroupMessage group) {
            builder.setGroup(LogMapping.toWire(group));
        } else if (part instanceof DecreeMessage decree) {
            builder.setDecree(DecreeMapping.toWire(decree));
        } else if (part instanceof RegisterMessage register) {
            builder.setRegister(RegisterMapping.toWire(register));
        } else {
            throw new IllegalArgumentException("no wire form for the part " + part);
        }
        return builder.build();
    }

    private static Bundle.Part fromWire(Wire.Part part) {
        return switch (part.getAboutCase()) {
            case GROUP -> LogMapping.fromWire(part.getGroup());
            case DECREE -> DecreeMapping.fromWire(part.getDecree());
            case REGISTER -> RegisterMapping.fromWire(part.getRegister());
            case ABOUT_NOT_SET ->
                throw new WireFormatException("a part of a bundle of a kind that this version does not know");
        };
    }

    private static Endpoint endpoint(String node, long incarnation) {
        return new Endpoint(new NodeId(node), new Incarnation(incarnation));
    }

    private static Wire.Hello toWire(Hello hello) {
        Wire.Hello.Builder builder = Wire.Hello.newBuilder()
                .setQuorums(hello.quorums())
                .setFeatureLevel(hello.level().number());
        if (hello.probe() != null) {
            builder.setProbe(ModelMapping.toWire(hello.probe()));
        }
        if (hello.echo() != null) {
            builder.setEcho(ModelMapping.toWire(hello.echo()));
        }
        if (hello.bound() != null) {
            builder.setBound(ModelMapping.toWire(hello.bound()));
        }
        if (hello.formed() != null) {
            builder.setFormed(ModelMapping.toWire(hello.formed()));
        }
        if (hello.latest() != null) {
            builder.setLatestStart(hello.latest().bits());
        }
        for (Membership membership : hello.renounced()) {
            builder.addRenounced(ModelMapping.toWire(membership));
        }
        return builder.build();
    }

    private static Hello fromWire(Wire.Hello hello) {
        List<Membership> renounced =
                hello.getRenouncedList().stream().map(ModelMapping::fromWire).toList();
        return new Hello(
                hello.hasProbe() ? ModelMapping.fromWire(hello.getProbe()) : null,
                hello.hasEcho() ? ModelMapping.fromWire(hello.getEcho()) : null,
                hello.hasBound() ? ModelMapping.fromWire(hello.getBound()) : null,
                hello.hasFormed() ? ModelMapping.fromWire(hello.getFormed()) : null,
                renounced,
                hello.getQuorums(),
                hello.getLatestStart() == 0 ? null : new StartId(hello.getLatestStart()),
                new FeatureLevel(hello.getFeatureLevel()));
    }
}
