// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.SlotProposal;
import io.paxos.model.GroupId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.StateDigest;
import io.paxos.model.Value;
import io.paxos.wire.proto.Wire;
import java.util.ArrayList;
import java.util.List;

/** The messages of a replicated log: {@link LogMessageWriter} writes them, this class reads them. */
final class LogMapping {

    private LogMapping() {}

    static Wire.GroupMessage toWire(GroupMessage message) {
        Wire.GroupMessage.Builder builder = Wire.GroupMessage.newBuilder()
                .setGroup(message.group().name())
                .setGeneration(message.group().generation());
        return message.body().dispatch(new LogMessageWriter(builder)).build();
    }

    static GroupMessage fromWire(Wire.GroupMessage message) {
        return new GroupMessage(new GroupId(message.getGroup(), message.getGeneration()), body(message));
    }

    private static LogMessage body(Wire.GroupMessage message) {
        return switch (message.getBodyCase()) {
            case PREPARE -> prepare(message.getPrepare());
            case PROMISE -> promise(message.getPromise());
            case ACCEPT -> accept(message.getAccept());
            case ACCEPTED -> accepted(message.getAccepted());
            case NACK -> nack(message.getNack());
            case DECIDE -> decide(message.getDecide());
            case HEARTBEAT -> heartbeat(message.getHeartbeat());
            case HEARTBEAT_ACK -> heartbeatAck(message.getHeartbeatAck());
            case RESIGN ->
                new LogMessage.Resign(ModelMapping.fromWire(message.getResign().getBallot()));
            case TAKE_OVER ->
                new LogMessage.TakeOver(
                        ModelMapping.fromWire(message.getTakeOver().getBallot()),
                        message.getTakeOver().getUpTo());
            case LEASE_REQUEST ->
                new LogMessage.LeaseRequest(
                        ModelMapping.fromWire(message.getLeaseRequest().getBallot()),
                        message.getLeaseRequest().getCount());
            case LEASE_GRANT ->
                new LogMessage.LeaseGrant(
                        ModelMapping.fromWire(message.getLeaseGrant().getBallot()),
                        message.getLeaseGrant().getCount());
            case LEASE_END ->
                new LogMessage.LeaseEnd(
                        ModelMapping.fromWire(message.getLeaseEnd().getBallot()),
                        message.getLeaseEnd().getCount());
            case CANVASS -> canvass(message.getCanvass());
            case CANVASS_REPLY -> canvassReply(message.getCanvassReply());
            case CATCH_UP_REQUEST -> catchUpRequest(message.getCatchUpRequest());
            case CATCH_UP_REPLY -> catchUpReply(message.getCatchUpReply());
            case FORWARD -> forward(message.getForward());
            case SNAPSHOT_REQUEST -> snapshotRequest(message.getSnapshotRequest());
            case SNAPSHOT_CHUNK -> snapshotChunk(message.getSnapshotChunk());
            case READ_QUERY -> readQuery(message.getReadQuery());
            case READ_REPLY -> readReply(message.getReadReply());
            case CLOSE_SLOTS -> closeSlots(message.getCloseSlots());
            case COMPARE -> compare(message.getCompare());
            case BODY_NOT_SET ->
                throw new WireFormatException("a log message of a kind that this version does not know");
        };
    }

    private static LogMessage prepare(Wire.Prepare prepare) {
        return new LogMessage.Prepare(ModelMapping.fromWire(prepare.getBallot()), ModelMapping.slot(prepare.getFrom()));
    }

    private static LogMessage promise(Wire.Promise promise) {
        List<SlotProposal> accepted = new ArrayList<>(promise.getAcceptedCount());
        for (Wire.SlotProposal proposal : promise.getAcceptedList()) {
            accepted.add(new SlotProposal(
                    ModelMapping.slot(proposal.getSlot()),
                    new Proposal<>(
                            ModelMapping.fromWire(proposal.getBallot()), ModelMapping.fromWire(proposal.getValue()))));
        }
        return new LogMessage.Promise(
                ModelMapping.fromWire(promise.getBallot()),
                new SlotRange(promise.getFirst(), promise.getEnd()),
                promise.getLast(),
                promise.getCompacted(),
                promise.getDecided(),
                accepted);
    }

    private static LogMessage accept(Wire.Accept accept) {
        List<Value> values = ValuesCodec.decode(accept.getValues());
        return new LogMessage.Accept(
                ModelMapping.fromWire(accept.getBallot()),
                firstOf(accept.getFirst(), values.size()),
                values,
                accept.getDecided());
    }

    private static LogMessage accepted(Wire.Accepted accepted) {
        return new LogMessage.Accepted(
                ModelMapping.fromWire(accepted.getBallot()), new SlotRange(accepted.getFirst(), accepted.getEnd()));
    }

    private static LogMessage nack(Wire.Nack nack) {
        return new LogMessage.Nack(ModelMapping.fromWire(nack.getBallot()), ModelMapping.fromWire(nack.getPromised()));
    }

    private static LogMessage decide(Wire.Decide decide) {
        return new LogMessage.Decide(ModelMapping.fromWire(decide.getBallot()), decide.getDecided());
    }

    private static LogMessage heartbeat(Wire.Heartbeat heartbeat) {
        return new LogMessage.Heartbeat(ModelMapping.fromWire(heartbeat.getBallot()), heartbeat.getDecided());
    }

    private static LogMessage heartbeatAck(Wire.HeartbeatAck ack) {
        return new LogMessage.HeartbeatAck(ModelMapping.fromWire(ack.getBallot()), ack.getDecided());
    }

    private static LogMessage canvass(Wire.Canvass canvass) {
        ModelMapping.require(canvass.hasProbe(), "probe");
        return new LogMessage.Canvass(
                ModelMapping.fromWire(canvass.getProbe()), canvass.getDecided(), canvass.getPriority());
    }

    private static LogMessage canvassReply(Wire.CanvassReply reply) {
        ModelMapping.require(reply.hasProbe(), "probe");
        return new LogMessage.CanvassReply(
                ModelMapping.fromWire(reply.getProbe()),
                reply.getSupports(),
                reply.hasLeader() ? new NodeId(reply.getLeader()) : null,
                ModelMapping.fromWire(reply.getHighest()),
                reply.getDecided());
    }

    private static LogMessage catchUpRequest(Wire.CatchUpRequest request) {
        return new LogMessage.CatchUpRequest(ModelMapping.slot(request.getFrom()), request.getMaxBytes());
    }

    private static LogMessage catchUpReply(Wire.CatchUpReply reply) {
        List<Value> values = ValuesCodec.decode(reply.getValues());
        return new LogMessage.CatchUpReply(
                firstOf(reply.getFirst(), values.size()), values, reply.getDecided(), reply.getCompacted());
    }

    private static LogMessage forward(Wire.Forward forward) {
        return new LogMessage.Forward(ValuesCodec.decode(forward.getValues()), forward.getHops());
    }

    private static LogMessage snapshotRequest(Wire.SnapshotRequest request) {
        return new LogMessage.SnapshotRequest(
                request.hasSnapshot() ? ModelMapping.fromWire(request.getSnapshot()) : null,
                request.getOffset(),
                request.getMaxBytes());
    }

    private static LogMessage snapshotChunk(Wire.SnapshotChunk chunk) {
        ModelMapping.require(chunk.hasSnapshot(), "snapshot");
        return new LogMessage.SnapshotChunk(
                ModelMapping.fromWire(chunk.getSnapshot()),
                chunk.getOffset(),
                Integer.toUnsignedLong(chunk.getChecksum()),
                ModelMapping.fromWire(chunk.getBytes()));
    }

    private static LogMessage readQuery(Wire.ReadQuery query) {
        ModelMapping.require(query.hasProbe(), "probe");
        return new LogMessage.ReadQuery(ModelMapping.fromWire(query.getProbe()), query.getHops());
    }

    private static LogMessage readReply(Wire.ReadReply reply) {
        ModelMapping.require(reply.hasProbe(), "probe");
        return new LogMessage.ReadReply(
                ModelMapping.fromWire(reply.getProbe()), reply.getHighest(), reply.getDecided(), reply.getQuorum());
    }

    private static LogMessage closeSlots(Wire.CloseSlots close) {
        return new LogMessage.CloseSlots(ModelMapping.slot(close.getUpTo()), close.getHops());
    }

    private static LogMessage compare(Wire.Compare compare) {
        return new LogMessage.Compare(
                new StateDigest(ModelMapping.slot(compare.getSlot()), compare.getLength(), compare.getChecksum()));
    }

    /** The first of several slots, of which none may lie beyond the greatest number. */
    private static long firstOf(long first, int count) {
        return new SlotRange(first, first + count).first();
    }
}
