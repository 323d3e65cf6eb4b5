// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.LogMessage;
import io.paxos.message.LogMessageHandler;
import io.paxos.message.SlotProposal;
import io.paxos.model.StateDigest;
import io.paxos.wire.proto.Wire;

/** Writes the body of a group's message, one method for each, so that none can be forgotten. */
final class LogMessageWriter implements LogMessageHandler<Wire.GroupMessage.Builder> {

    private final Wire.GroupMessage.Builder target;

    LogMessageWriter(Wire.GroupMessage.Builder target) {
        this.target = target;
    }

    @Override
    public Wire.GroupMessage.Builder onPrepare(LogMessage.Prepare prepare) {
        return target.setPrepare(Wire.Prepare.newBuilder()
                .setBallot(ModelMapping.toWire(prepare.ballot()))
                .setFrom(prepare.from()));
    }

    @Override
    public Wire.GroupMessage.Builder onPromise(LogMessage.Promise promise) {
        Wire.Promise.Builder body = Wire.Promise.newBuilder()
                .setBallot(ModelMapping.toWire(promise.ballot()))
                .setFirst(promise.slots().first())
                .setEnd(promise.slots().end())
                .setLast(promise.last())
                .setCompacted(promise.compacted())
                .setDecided(promise.decided());
        for (SlotProposal accepted : promise.accepted()) {
            body.addAccepted(Wire.SlotProposal.newBuilder()
                    .setSlot(accepted.slot())
                    .setBallot(ModelMapping.toWire(accepted.proposal().ballot()))
                    .setValue(ModelMapping.toWire(accepted.proposal().value())));
        }
        return target.setPromise(body);
    }

    @Override
    public Wire.GroupMessage.Builder onAccept(LogMessage.Accept accept) {
        return target.setAccept(Wire.Accept.newBuilder()
                .setBallot(ModelMapping.toWire(accept.ballot()))
                .setFirst(accept.first())
                .setValues(ValuesCodec.encode(accept.values()))
                .setDecided(accept.decided()));
    }

    @Override
    public Wire.GroupMessage.Builder onAccepted(LogMessage.Accepted accepted) {
        return target.setAccepted(Wire.Accepted.newBuilder()
                .setBallot(ModelMapping.toWire(accepted.ballot()))
                .setFirst(accepted.slots().first())
                .setEnd(accepted.slots().end()));
    }

    @Override
    public Wire.GroupMessage.Builder onNack(LogMessage.Nack nack) {
        return target.setNack(Wire.Nack.newBuilder()
                .setBallot(ModelMapping.toWire(nack.ballot()))
                .setPromised(ModelMapping.toWire(nack.promised())));
    }

    @Override
    public Wire.GroupMessage.Builder onDecide(LogMessage.Decide decide) {
        return target.setDecide(Wire.Decide.newBuilder()
                .setBallot(ModelMapping.toWire(decide.ballot()))
                .setDecided(decide.decided()));
    }

    @Override
    public Wire.GroupMessage.Builder onHeartbeat(LogMessage.Heartbeat heartbeat) {
        return target.setHeartbeat(Wire.Heartbeat.newBuilder()
                .setBallot(ModelMapping.toWire(heartbeat.ballot()))
                .setDecided(heartbeat.decided()));
    }

    @Override
    public Wire.GroupMessage.Builder onHeartbeatAck(LogMessage.HeartbeatAck heartbeatAck) {
        return target.setHeartbeatAck(Wire.HeartbeatAck.newBuilder()
                .setBallot(ModelMapping.toWire(heartbeatAck.ballot()))
                .setDecided(heartbeatAck.decided()));
    }

    @Override
    public Wire.GroupMessage.Builder onResign(LogMessage.Resign resign) {
        return target.setResign(Wire.Resign.newBuilder().setBallot(ModelMapping.toWire(resign.ballot())));
    }

    @Override
    public Wire.GroupMessage.Builder onTakeOver(LogMessage.TakeOver takeOver) {
        return target.setTakeOver(Wire.TakeOver.newBuilder()
                .setBallot(ModelMapping.toWire(takeOver.ballot()))
                .setUpTo(takeOver.upTo()));
    }

    @Override
    public Wire.GroupMessage.Builder onLeaseRequest(LogMessage.LeaseRequest request) {
        return target.setLeaseRequest(Wire.LeaseRequest.newBuilder()
                .setBallot(ModelMapping.toWire(request.ballot()))
                .setCount(request.count()));
    }

    @Override
    public Wire.GroupMessage.Builder onLeaseGrant(LogMessage.LeaseGrant grant) {
        return target.setLeaseGrant(Wire.LeaseGrant.newBuilder()
                .setBallot(ModelMapping.toWire(grant.ballot()))
                .setCount(grant.count()));
    }

    @Override
    public Wire.GroupMessage.Builder onLeaseEnd(LogMessage.LeaseEnd end) {
        return target.setLeaseEnd(Wire.LeaseEnd.newBuilder()
                .setBallot(ModelMapping.toWire(end.ballot()))
                .setCount(end.count()));
    }

    @Override
    public Wire.GroupMessage.Builder onCanvass(LogMessage.Canvass canvass) {
        return target.setCanvass(Wire.Canvass.newBuilder()
                .setProbe(ModelMapping.toWire(canvass.probe()))
                .setDecided(canvass.decided())
                .setPriority(canvass.priority()));
    }

    @Override
    public Wire.GroupMessage.Builder onCanvassReply(LogMessage.CanvassReply canvassReply) {
        Wire.CanvassReply.Builder body = Wire.CanvassReply.newBuilder()
                .setProbe(ModelMapping.toWire(canvassReply.probe()))
                .setSupports(canvassReply.supports())
                .setHighest(ModelMapping.toWire(canvassReply.highest()))
                .setDecided(canvassReply.decided());
        if (canvassReply.leader() != null) {
            body.setLeader(canvassReply.leader().name());
        }
        return target.setCanvassReply(body);
    }

    @Override
    public Wire.GroupMessage.Builder onCatchUpRequest(LogMessage.CatchUpRequest catchUpRequest) {
        return target.setCatchUpRequest(
                Wire.CatchUpRequest.newBuilder().setFrom(catchUpRequest.from()).setMaxBytes(catchUpRequest.maxBytes()));
    }

    @Override
    public Wire.GroupMessage.Builder onCatchUpReply(LogMessage.CatchUpReply catchUpReply) {
        return target.setCatchUpReply(Wire.CatchUpReply.newBuilder()
                .setFirst(catchUpReply.first())
                .setValues(ValuesCodec.encode(catchUpReply.values()))
                .setDecided(catchUpReply.decided())
                .setCompacted(catchUpReply.compacted()));
    }

    @Override
    public Wire.GroupMessage.Builder onForward(LogMessage.Forward forward) {
        return target.setForward(Wire.Forward.newBuilder()
                .setValues(ValuesCodec.encode(forward.values()))
                .setHops(forward.hops()));
    }

    @Override
    public Wire.GroupMessage.Builder onSnapshotRequest(LogMessage.SnapshotRequest snapshotRequest) {
        Wire.SnapshotRequest.Builder body = Wire.SnapshotRequest.newBuilder()
                .setOffset(snapshotRequest.offset())
                .setMaxBytes(snapshotRequest.maxBytes());
        if (snapshotRequest.snapshot() != null) {
            body.setSnapshot(ModelMapping.toWire(snapshotRequest.snapshot()));
        }
        return target.setSnapshotRequest(body);
    }

    @Override
    public Wire.GroupMessage.Builder onSnapshotChunk(LogMessage.SnapshotChunk snapshotChunk) {
        return target.setSnapshotChunk(Wire.SnapshotChunk.newBuilder()
                .setSnapshot(ModelMapping.toWire(snapshotChunk.snapshot()))
                .setOffset(snapshotChunk.offset())
                .setChecksum((int) snapshotChunk.checksum())
                .setBytes(ModelMapping.toWire(snapshotChunk.bytes())));
    }

    @Override
    public Wire.GroupMessage.Builder onReadQuery(LogMessage.ReadQuery readQuery) {
        return target.setReadQuery(Wire.ReadQuery.newBuilder()
                .setProbe(ModelMapping.toWire(readQuery.probe()))
                .setHops(readQuery.hops()));
    }

    @Override
    public Wire.GroupMessage.Builder onReadReply(LogMessage.ReadReply readReply) {
        return target.setReadReply(Wire.ReadReply.newBuilder()
                .setProbe(ModelMapping.toWire(readReply.probe()))
                .setHighest(readReply.highest())
                .setDecided(readReply.decided())
                .setQuorum(readReply.quorum()));
    }

    @Override
    public Wire.GroupMessage.Builder onCloseSlots(LogMessage.CloseSlots closeSlots) {
        return target.setCloseSlots(
                Wire.CloseSlots.newBuilder().setUpTo(closeSlots.upTo()).setHops(closeSlots.hops()));
    }

    @Override
    public Wire.GroupMessage.Builder onCompare(LogMessage.Compare compare) {
        StateDigest digest = compare.digest();
        return target.setCompare(Wire.Compare.newBuilder()
                .setSlot(digest.slot())
                .setLength(digest.length())
                .setChecksum(digest.checksum()));
    }
}
