// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.LogMessage;
import io.paxos.message.LogMessageHandler;
import io.paxos.model.Value;
import io.paxos.wire.proto.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the bodies of the messages of which a busy log consists. Each method returns the field in which the body stands,
 * or {@link #OTHER} for a message that is left to the generated classes. Not safe for use by several threads.
 */
final class PlainBodyWriter implements LogMessageHandler<Integer> {

    /** Not written here. */
    static final int OTHER = 0;

    /** Values that weigh more are left to the generated classes, for arrays of their size would not be kept. */
    private static final int MOST_WEIGHT = 1 << 19;

    private final FieldWriter before = new FieldWriter();
    private final FieldWriter values = new FieldWriter();
    private final FieldWriter after = new FieldWriter();
    private @Nullable List<Value> encoded;
    private boolean hasValues;

    /** Begins a body. */
    PlainBodyWriter clear() {
        before.clear();
        after.clear();
        hasValues = false;
        return this;
    }

    int size() {
        return before.size() + (hasValues ? values.size() : 0) + after.size();
    }

    void copyTo(ByteBuffer target) {
        before.copyTo(target);
        if (hasValues) {
            values.copyTo(target);
        }
        after.copyTo(target);
    }

    void appendTo(FieldWriter out) {
        out.append(before);
        if (hasValues) {
            out.append(values);
        }
        out.append(after);
    }

    @Override
    public Integer onAccept(LogMessage.Accept accept) {
        if (accept.weight() > MOST_WEIGHT) {
            return OTHER;
        }
        BallotFields.write(Wire.Accept.BALLOT_FIELD_NUMBER, accept.ballot(), before);
        before.number(Wire.Accept.FIRST_FIELD_NUMBER, accept.first());
        values(Wire.Accept.VALUES_FIELD_NUMBER, accept.values());
        after.signed(Wire.Accept.DECIDED_FIELD_NUMBER, accept.decided());
        return Wire.GroupMessage.ACCEPT_FIELD_NUMBER;
    }

    @Override
    public Integer onForward(LogMessage.Forward forward) {
        if (forward.weight() > MOST_WEIGHT) {
            return OTHER;
        }
        values(Wire.Forward.VALUES_FIELD_NUMBER, forward.values());
        after.number(Wire.Forward.HOPS_FIELD_NUMBER, forward.hops());
        return Wire.GroupMessage.FORWARD_FIELD_NUMBER;
    }

    @Override
    public Integer onAccepted(LogMessage.Accepted accepted) {
        BallotFields.write(Wire.Accepted.BALLOT_FIELD_NUMBER, accepted.ballot(), before);
        before.number(Wire.Accepted.FIRST_FIELD_NUMBER, accepted.slots().first());
        before.number(Wire.Accepted.END_FIELD_NUMBER, accepted.slots().end());
        return Wire.GroupMessage.ACCEPTED_FIELD_NUMBER;
    }

    @Override
    public Integer onDecide(LogMessage.Decide decide) {
        BallotFields.write(Wire.Decide.BALLOT_FIELD_NUMBER, decide.ballot(), before);
        before.signed(Wire.Decide.DECIDED_FIELD_NUMBER, decide.decided());
        return Wire.GroupMessage.DECIDE_FIELD_NUMBER;
    }

    @Override
    public Integer onHeartbeat(LogMessage.Heartbeat heartbeat) {
        BallotFields.write(Wire.Heartbeat.BALLOT_FIELD_NUMBER, heartbeat.ballot(), before);
        before.signed(Wire.Heartbeat.DECIDED_FIELD_NUMBER, heartbeat.decided());
        return Wire.GroupMessage.HEARTBEAT_FIELD_NUMBER;
    }

    @Override
    public Integer onHeartbeatAck(LogMessage.HeartbeatAck ack) {
        BallotFields.write(Wire.HeartbeatAck.BALLOT_FIELD_NUMBER, ack.ballot(), before);
        before.signed(Wire.HeartbeatAck.DECIDED_FIELD_NUMBER, ack.decided());
        return Wire.GroupMessage.HEARTBEAT_ACK_FIELD_NUMBER;
    }

    /** A leader sends the same values to every peer; the list is then the same object, and never changes. */
    private void values(int field, List<Value> list) {
        if (encoded != list) {
            encoded = null;
            PlainValues.write(list, values.clear());
            encoded = list;
        }
        if (values.size() != 0) {
            hasValues = true;
            before.begin(field, values.size());
        }
    }

    @Override
    public Integer onPrepare(LogMessage.Prepare prepare) {
        return OTHER;
    }

    @Override
    public Integer onPromise(LogMessage.Promise promise) {
        return OTHER;
    }

    @Override
    public Integer onNack(LogMessage.Nack nack) {
        return OTHER;
    }

    @Override
    public Integer onResign(LogMessage.Resign resign) {
        return OTHER;
    }

    @Override
    public Integer onTakeOver(LogMessage.TakeOver takeOver) {
        return OTHER;
    }

    @Override
    public Integer onLeaseRequest(LogMessage.LeaseRequest request) {
        return OTHER;
    }

    @Override
    public Integer onLeaseGrant(LogMessage.LeaseGrant grant) {
        return OTHER;
    }

    @Override
    public Integer onLeaseEnd(LogMessage.LeaseEnd end) {
        return OTHER;
    }

    @Override
    public Integer onCanvass(LogMessage.Canvass canvass) {
        return OTHER;
    }

    @Override
    public Integer onCanvassReply(LogMessage.CanvassReply reply) {
        return OTHER;
    }

    @Override
    public Integer onCatchUpRequest(LogMessage.CatchUpRequest request) {
        return OTHER;
    }

    @Override
    public Integer onCatchUpReply(LogMessage.CatchUpReply reply) {
        return OTHER;
    }

    @Override
    public Integer onSnapshotRequest(LogMessage.SnapshotRequest request) {
        return OTHER;
    }

    @Override
    public Integer onSnapshotChunk(LogMessage.SnapshotChunk chunk) {
        return OTHER;
    }

    @Override
    public Integer onReadQuery(LogMessage.ReadQuery query) {
        return OTHER;
    }

    @Override
    public Integer onReadReply(LogMessage.ReadReply reply) {
        return OTHER;
    }

    @Override
    public Integer onCloseSlots(LogMessage.CloseSlots close) {
        return OTHER;
    }

    @Override
    public Integer onCompare(LogMessage.Compare compare) {
        return OTHER;
    }
}
