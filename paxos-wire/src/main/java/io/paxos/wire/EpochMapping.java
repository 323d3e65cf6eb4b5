// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.DecreeMessage;
import io.paxos.message.EpochMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.DecreeName;
import io.paxos.model.EpochMark;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.wire.proto.Wire;
import org.jspecify.annotations.Nullable;

/** What is said about decrees and registers once their membership has changed. */
final class EpochMapping {

    private static final EpochMessage.Section[] SECTIONS = EpochMessage.Section.values();

    private EpochMapping() {}

    static Wire.EpochMessage toWire(EpochMessage message) {
        Wire.EpochMessage.Builder builder = Wire.EpochMessage.newBuilder();
        if (message instanceof EpochMessage.In in) {
            builder.setIn(toWire(in));
        } else if (message instanceof EpochMessage.At at) {
            builder.setAt(toWire(at.mark()));
        } else if (message instanceof EpochMessage.Ask) {
            builder.setAsk(Wire.EpochAsk.getDefaultInstance());
        } else if (message instanceof EpochMessage.Pull pull) {
            builder.setPull(Wire.EpochPull.newBuilder()
                    .setEpoch(pull.epoch())
                    .setProbe(ModelMapping.toWire(pull.probe()))
                    .setFrom(toWire(pull.from())));
        } else if (message instanceof EpochMessage.Page page) {
            builder.setPage(toWire(page));
        } else {
            throw new IllegalArgumentException("no wire form for the message " + message);
        }
        return builder.build();
    }

    private static Wire.EpochPart toWire(EpochMessage.In in) {
        Wire.EpochPart.Builder builder = Wire.EpochPart.newBuilder().setEpoch(in.epoch());
        if (in.part() instanceof DecreeMessage decree) {
            builder.setDecree(DecreeMapping.toWire(decree));
        } else if (in.part() instanceof RegisterMessage register) {
            builder.setRegister(RegisterMapping.toWire(register));
        } else {
            throw new IllegalArgumentException("no wire form for the message " + in);
        }
        return builder.build();
    }

    static Wire.EpochMark toWire(EpochMark mark) {
        return Wire.EpochMark.newBuilder()
                .setEpoch(mark.epoch())
                .setCovered(mark.covered())
                .build();
    }

    private static Wire.EpochPlace toWire(EpochMessage.Place place) {
        return Wire.EpochPlace.newBuilder()
                .setSection(place.section().ordinal())
                .setAfter(place.after())
                .setStart(place.start())
                .setPosition(place.position())
                .build();
    }

    private static Wire.EpochPage toWire(EpochMessage.Page page) {
        Wire.EpochPage.Builder builder = Wire.EpochPage.newBuilder()
                .setProbe(ModelMapping.toWire(page.probe()))
                .setMark(toWire(page.mark()))
                .setAt(toWire(page.at()));
        page.held().forEach(held -> builder.addHeld(toWire(held)));
        if (page.next() != null) {
            builder.setNext(toWire(page.next()));
        }
        return builder.build();
    }

    private static Wire.EpochHeld toWire(EpochMessage.Held held) {
        Wire.EpochHeld.Builder builder = Wire.EpochHeld.newBuilder();
        if (held instanceof EpochMessage.Decided decided) {
            return builder.setName(decided.name().name())
                    .setValue(ModelMapping.toWire(decided.value()))
                    .build();
        }
        Proposal<Payload> accepted;
        if (held instanceof EpochMessage.Undecided decree) {
            builder.setName(decree.name().name()).setPromised(ModelMapping.toWire(decree.promised()));
            accepted = decree.accepted();
        } else if (held instanceof EpochMessage.OfRegister register) {
            builder.setName(register.name().name())
                    .setRegister(true)
                    .setPromised(ModelMapping.toWire(register.promised()));
            accepted = register.accepted();
        } else {
            throw new IllegalArgumentException("no wire form for " + held);
        }
        if (accepted != null) {
            builder.setAccepted(DecreeMapping.toWire(accepted));
        }
        return builder.build();
    }

    static EpochMessage fromWire(Wire.EpochMessage message) {
        return switch (message.getBodyCase()) {
            case IN -> fromWire(message.getIn());
            case AT -> new EpochMessage.At(fromWire(message.getAt()));
            case ASK -> new EpochMessage.Ask();
            case PULL -> {
                Wire.EpochPull pull = message.getPull();
                ModelMapping.require(pull.hasProbe(), "probe");
                yield new EpochMessage.Pull(
                        pull.getEpoch(), ModelMapping.fromWire(pull.getProbe()), fromWire(pull.getFrom()));
            }
            case PAGE -> fromWire(message.getPage());
            case BODY_NOT_SET ->
                throw new WireFormatException("a message about an epoch of a kind that this version does not know");
        };
    }

    private static EpochMessage fromWire(Wire.EpochPart in) {
        return switch (in.getAboutCase()) {
            case DECREE -> new EpochMessage.In(in.getEpoch(), DecreeMapping.fromWire(in.getDecree()));
            case REGISTER -> new EpochMessage.In(in.getEpoch(), RegisterMapping.fromWire(in.getRegister()));
            case ABOUT_NOT_SET ->
                throw new WireFormatException("something said in an epoch of a kind that this version does not know");
        };
    }

    static EpochMark fromWire(Wire.EpochMark mark) {
        return new EpochMark(mark.getEpoch(), mark.getCovered());
    }

    private static EpochMessage.Place fromWire(Wire.EpochPlace place) {
        int section = place.getSection();
        if (section < 0 || section >= SECTIONS.length) {
            throw new WireFormatException("a section of a kind that this version does not know: " + section);
        }
        return new EpochMessage.Place(SECTIONS[section], place.getAfter(), place.getStart(), place.getPosition());
    }

    private static EpochMessage.Page fromWire(Wire.EpochPage page) {
        ModelMapping.require(page.hasProbe(), "probe");
        return new EpochMessage.Page(
                ModelMapping.fromWire(page.getProbe()),
                fromWire(page.getMark()),
                fromWire(page.getAt()),
                page.getHeldList().stream().map(EpochMapping::fromWire).toList(),
                page.hasNext() ? fromWire(page.getNext()) : null);
    }

    private static EpochMessage.Held fromWire(Wire.EpochHeld held) {
        if (held.hasValue()) {
            return new EpochMessage.Decided(new DecreeName(held.getName()), ModelMapping.fromWire(held.getValue()));
        }
        ModelMapping.require(held.hasPromised(), "ballot");
        Proposal<Payload> accepted = accepted(held);
        return held.getRegister()
                ? new EpochMessage.OfRegister(
                        new RegisterName(held.getName()), ModelMapping.fromWire(held.getPromised()), accepted)
                : new EpochMessage.Undecided(
                        new DecreeName(held.getName()), ModelMapping.fromWire(held.getPromised()), accepted);
    }

    private static @Nullable Proposal<Payload> accepted(Wire.EpochHeld held) {
        return held.hasAccepted() ? DecreeMapping.fromWire(held.getAccepted()) : null;
    }
}
