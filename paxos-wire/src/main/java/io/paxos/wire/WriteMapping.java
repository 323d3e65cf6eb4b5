// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.model.DecreeName;
import io.paxos.model.Endpoint;
import io.paxos.model.EpochMark;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.spi.Write;
import io.paxos.wire.proto.Store;
import io.paxos.wire.proto.Wire;
import java.util.ArrayList;
import java.util.List;

/** What a node keeps: each kind of write beside the method that reads it. */
final class WriteMapping {

    private WriteMapping() {}

    static Store.PromiseWrite toWire(Write.PromiseWrite promise) {
        return Store.PromiseWrite.newBuilder()
                .setGroup(promise.group().name())
                .setGeneration(promise.group().generation())
                .setPromised(ModelMapping.toWire(promise.promised()))
                .build();
    }

    static Write fromWire(Store.PromiseWrite promise) {
        ModelMapping.require(promise.hasPromised(), "ballot");
        return new Write.PromiseWrite(
                group(promise.getGroup(), promise.getGeneration()), ModelMapping.fromWire(promise.getPromised()));
    }

    static Store.AcceptWrite toWire(Write.AcceptWrite accept) {
        return Store.AcceptWrite.newBuilder()
                .setGroup(accept.group().name())
                .setGeneration(accept.group().generation())
                .setBallot(ModelMapping.toWire(accept.ballot()))
                .setFirst(writable(accept.first()))
                .setValues(ValuesCodec.encode(accept.values()))
                .build();
    }

    static Write fromWire(Store.AcceptWrite accept) {
        ModelMapping.require(accept.hasBallot(), "ballot");
        return new Write.AcceptWrite(
                group(accept.getGroup(), accept.getGeneration()),
                ModelMapping.fromWire(accept.getBallot()),
                ModelMapping.slot(accept.getFirst()),
                ValuesCodec.decodeAll(accept.getValues()));
    }

    static Store.LearnWrite toWire(Write.LearnWrite learn) {
        return Store.LearnWrite.newBuilder()
                .setGroup(learn.group().name())
                .setGeneration(learn.group().generation())
                .setFirst(writable(learn.first()))
                .setValues(ValuesCodec.encode(learn.values()))
                .build();
    }

    static Write fromWire(Store.LearnWrite learn) {
        return new Write.LearnWrite(
                group(learn.getGroup(), learn.getGeneration()),
                ModelMapping.slot(learn.getFirst()),
                ValuesCodec.decodeAll(learn.getValues()));
    }

    static Store.DecidedWrite toWire(Write.DecidedWrite mark) {
        return Store.DecidedWrite.newBuilder()
                .setGroup(mark.group().name())
                .setGeneration(mark.group().generation())
                .setDecided(writable(mark.decided()))
                .build();
    }

    static Write fromWire(Store.DecidedWrite mark) {
        return new Write.DecidedWrite(
                group(mark.getGroup(), mark.getGeneration()), ModelMapping.slot(mark.getDecided()));
    }

    static Store.TrimWrite toWire(Write.TrimWrite trim) {
        return Store.TrimWrite.newBuilder()
                .setGroup(trim.group().name())
                .setGeneration(trim.group().generation())
                .setCompacted(writable(trim.compacted()))
                .build();
    }

    static Write fromWire(Store.TrimWrite trim) {
        return new Write.TrimWrite(
                group(trim.getGroup(), trim.getGeneration()), ModelMapping.slot(trim.getCompacted()));
    }

    static Store.FormationWrite toWire(Write.FormationWrite formation) {
        Store.FormationWrite.Builder builder = Store.FormationWrite.newBuilder();
        if (formation.bound() != null) {
            builder.setBound(ModelMapping.toWire(formation.bound()));
        }
        if (formation.formed() != null) {
            builder.setFormed(ModelMapping.toWire(formation.formed()));
        }
        if (!formation.mark().equals(EpochMark.FIRST)) {
            builder.setMark(EpochMapping.toWire(formation.mark()));
        }
        for (Membership membership : formation.renounced()) {
            builder.addRenounced(ModelMapping.toWire(membership));
        }
        return builder.build();
    }

    static Write fromWire(Store.FormationWrite formation) {
        List<Membership> renounced = new ArrayList<>(formation.getRenouncedCount());
        for (Wire.Membership membership : formation.getRenouncedList()) {
            renounced.add(ModelMapping.fromWire(membership));
        }
        Membership bound = formation.hasBound() ? ModelMapping.fromWire(formation.getBound()) : null;
        Membership formed = formation.hasFormed() ? ModelMapping.fromWire(formation.getFormed()) : null;
        if (!formation.hasMark()) {
            return new Write.FormationWrite(bound, formed, renounced);
        }
        EpochMark mark = EpochMapping.fromWire(formation.getMark());
        if (mark.equals(EpochMark.FIRST)) {
            throw new IllegalArgumentException("nobody writes down that nothing has changed");
        }
        return new Write.FormationWrite(bound, formed, renounced, mark);
    }

    static Store.PeerStartWrite toWire(Write.PeerStartWrite peer) {
        return Store.PeerStartWrite.newBuilder()
                .setNode(peer.peer().node().name())
                .setIncarnation(peer.peer().incarnation().bits())
                .setStart(peer.start())
                .build();
    }

    static Write fromWire(Store.PeerStartWrite peer) {
        return new Write.PeerStartWrite(
                new Endpoint(new NodeId(peer.getNode()), new Incarnation(peer.getIncarnation())), peer.getStart());
    }

    static Store.DecreeWrite toWire(Write.DecreeWrite decree) {
        Store.DecreeWrite.Builder builder = Store.DecreeWrite.newBuilder()
                .setName(decree.name().name())
                .setPromised(ModelMapping.toWire(decree.promised()));
        if (decree.accepted() != null) {
            builder.setAccepted(DecreeMapping.toWire(decree.accepted()));
        }
        return builder.build();
    }

    static Write fromWire(Store.DecreeWrite decree) {
        ModelMapping.require(decree.hasPromised(), "ballot");
        return new Write.DecreeWrite(
                new DecreeName(decree.getName()),
                ModelMapping.fromWire(decree.getPromised()),
                decree.hasAccepted() ? accepted(decree.getAccepted()) : null);
    }

    private static Proposal<Payload> accepted(Wire.DecreeProposal proposal) {
        ModelMapping.require(proposal.hasBallot(), "ballot");
        return DecreeMapping.fromWire(proposal);
    }

    static Store.RegisterWrite toWire(Write.RegisterWrite register) {
        Store.RegisterWrite.Builder builder = Store.RegisterWrite.newBuilder()
                .setName(register.name().name())
                .setPromised(ModelMapping.toWire(register.promised()));
        if (register.accepted() != null) {
            builder.setAccepted(DecreeMapping.toWire(register.accepted()));
        }
        return builder.build();
    }

    static Write fromWire(Store.RegisterWrite register) {
        ModelMapping.require(register.hasPromised(), "ballot");
        return new Write.RegisterWrite(
                new RegisterName(register.getName()),
                ModelMapping.fromWire(register.getPromised()),
                register.hasAccepted() ? accepted(register.getAccepted()) : null);
    }

    static Store.DecreeDecidedWrite toWire(Write.DecreeDecidedWrite decision) {
        return Store.DecreeDecidedWrite.newBuilder()
                .setName(decision.name().name())
                .setValue(ModelMapping.toWire(decision.value()))
                .build();
    }

    static Write fromWire(Store.DecreeDecidedWrite decision) {
        return new Write.DecreeDecidedWrite(
                new DecreeName(decision.getName()), ModelMapping.fromWire(decision.getValue()));
    }

    private static GroupId group(String name, int generation) {
        return new GroupId(name, generation);
    }

    /** What could not be read again must not be written: it would cost the node its whole store. */
    private static long writable(long slot) {
        if (slot < 0) {
            throw new IllegalArgumentException("a slot must not be negative, but " + slot + " was to be written");
        }
        return slot;
    }
}
