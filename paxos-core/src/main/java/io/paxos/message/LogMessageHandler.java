// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

/**
 * One method for each message of the log, without defaults: a new message does not compile until everyone has said
 * what to do with it.
 *
 * @param <R> what the methods return
 */
public interface LogMessageHandler<R> {

    /**
     * A {@link LogMessage.Prepare} arrived.
     *
     * @param prepare the message
     * @return the outcome
     */
    R onPrepare(LogMessage.Prepare prepare);

    /**
     * A {@link LogMessage.Promise} arrived.
     *
     * @param promise the message
     * @return the outcome
     */
    R onPromise(LogMessage.Promise promise);

    /**
     * A {@link LogMessage.Accept} arrived.
     *
     * @param accept the message
     * @return the outcome
     */
    R onAccept(LogMessage.Accept accept);

    /**
     * A {@link LogMessage.Accepted} arrived.
     *
     * @param accepted the message
     * @return the outcome
     */
    R onAccepted(LogMessage.Accepted accepted);

    /**
     * A {@link LogMessage.Nack} arrived.
     *
     * @param nack the message
     * @return the outcome
     */
    R onNack(LogMessage.Nack nack);

    /**
     * A {@link LogMessage.Decide} arrived.
     *
     * @param decide the message
     * @return the outcome
     */
    R onDecide(LogMessage.Decide decide);

    /**
     * A {@link LogMessage.Heartbeat} arrived.
     *
     * @param heartbeat the message
     * @return the outcome
     */
    R onHeartbeat(LogMessage.Heartbeat heartbeat);

    /**
     * A {@link LogMessage.HeartbeatAck} arrived.
     *
     * @param heartbeatAck the message
     * @return the outcome
     */
    R onHeartbeatAck(LogMessage.HeartbeatAck heartbeatAck);

    /**
     * A {@link LogMessage.Resign} arrived.
     *
     * @param resign the message
     * @return the outcome
     */
    R onResign(LogMessage.Resign resign);

    /**
     * A {@link LogMessage.TakeOver} arrived.
     *
     * @param takeOver the message
     * @return the outcome
     */
    R onTakeOver(LogMessage.TakeOver takeOver);

    /**
     * A {@link LogMessage.LeaseRequest} arrived.
     *
     * @param leaseRequest the message
     * @return the outcome
     */
    R onLeaseRequest(LogMessage.LeaseRequest leaseRequest);

    /**
     * A {@link LogMessage.LeaseGrant} arrived.
     *
     * @param leaseGrant the message
     * @return the outcome
     */
    R onLeaseGrant(LogMessage.LeaseGrant leaseGrant);

    /**
     * A {@link LogMessage.LeaseEnd} arrived.
     *
     * @param leaseEnd the message
     * @return the outcome
     */
    R onLeaseEnd(LogMessage.LeaseEnd leaseEnd);

    /**
     * A {@link LogMessage.Canvass} arrived.
     *
     * @param canvass the message
     * @return the outcome
     */
    R onCanvass(LogMessage.Canvass canvass);

    /**
     * A {@link LogMessage.CanvassReply} arrived.
     *
     * @param canvassReply the message
     * @return the outcome
     */
    R onCanvassReply(LogMessage.CanvassReply canvassReply);

    /**
     * A {@link LogMessage.CatchUpRequest} arrived.
     *
     * @param catchUpRequest the message
     * @return the outcome
     */
    R onCatchUpRequest(LogMessage.CatchUpRequest catchUpRequest);

    /**
     * A {@link LogMessage.CatchUpReply} arrived.
     *
     * @param catchUpReply the message
     * @return the outcome
     */
    R onCatchUpReply(LogMessage.CatchUpReply catchUpReply);

    /**
     * A {@link LogMessage.SnapshotRequest} arrived.
     *
     * @param snapshotRequest the message
     * @return the outcome
     */
    R onSnapshotRequest(LogMessage.SnapshotRequest snapshotRequest);

    /**
     * A {@link LogMessage.SnapshotChunk} arrived.
     *
     * @param snapshotChunk the message
     * @return the outcome
     */
    R onSnapshotChunk(LogMessage.SnapshotChunk snapshotChunk);

    /**
     * A {@link LogMessage.Forward} arrived.
     *
     * @param forward the message
     * @return the outcome
     */
    R onForward(LogMessage.Forward forward);

    /**
     * A {@link LogMessage.ReadQuery} arrived.
     *
     * @param readQuery the message
     * @return the outcome
     */
    R onReadQuery(LogMessage.ReadQuery readQuery);

    /**
     * A {@link LogMessage.ReadReply} arrived.
     *
     * @param readReply the message
     * @return the outcome
     */
    R onReadReply(LogMessage.ReadReply readReply);

    /**
     * A {@link LogMessage.CloseSlots} arrived.
     *
     * @param closeSlots the message
     * @return the outcome
     */
    R onCloseSlots(LogMessage.CloseSlots closeSlots);

    /**
     * A {@link LogMessage.Compare} arrived.
     *
     * @param compare the message
     * @return the outcome
     */
    R onCompare(LogMessage.Compare compare);
}
