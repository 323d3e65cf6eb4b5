// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.model.Ballot;

/**
 * Hears when this node leads a log and when it does no more. Called on the node's callback executor, one call at a time;
 * {@link #leads} and {@link #ends} take turns, beginning with {@code leads}. A listener that comes later is told at once
 * what holds then. What a method throws is logged and harms nothing.
 *
 * <p>The news takes its time: when {@code leads} is called another node may lead already, and until {@code ends} is
 * called this one may have been superseded for long. So whatever is done outside the log in the name of a leadership
 * should carry its token, and whoever does it should refuse a token lower than the highest it has seen.
 */
public interface LeadershipListener {

    /**
     * This node leads and has executed everything that was acknowledged to anyone before it asked for its office.
     *
     * @param token its ballot: no other leadership has the same, and whichever begins later has a higher one
     */
    void leads(Ballot token);

    /**
     * The leadership is over: another node leads or will, or this one is closed.
     *
     * @param token as it was told to {@link #leads}
     */
    void ends(Ballot token);
}
