// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.event.Outcome;

/** The call is certainly without effect, now and later: it may be repeated without a second thought. */
public final class RefusedException extends PaxosException {

    private static final long serialVersionUID = 1L;

    private final Outcome.Reason reason;

    /**
     * Names the reason.
     *
     * @param reason the kind of refusal
     * @param detail what exactly was refused, and what to do
     */
    public RefusedException(Outcome.Reason reason, String detail) {
        super(reason + ": " + detail);
        this.reason = reason;
    }

    /**
     * The kind of refusal.
     *
     * @return {@code OVERLOADED} or {@code TIMEOUT}: try again later; {@code STOPPED}: ask another node;
     *     {@code TOO_LARGE}: send less; {@code FENCED}: submit it anew if it is still wanted; {@code STALE}: ask for less, or
     *     later; {@code NOT_LEADER}: ask the leader; {@code UNKNOWN_NODE}, {@code NOT_A_VOTER}: name another node, one that
     *     votes; {@code CHANGE_UNDER_WAY}: try again when the other change governs; {@code VERSION_OUTDATED}: look at the
     *     membership and decide anew; {@code NO_QUORUM}: name voters for whom there are quorums;
     *     {@code FEATURE_LEVEL}: upgrade the nodes that are named, then ask again
     */
    public Outcome.Reason reason() {
        return reason;
    }
}
