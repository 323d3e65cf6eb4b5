// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.message.LogMessage;
import io.paxos.model.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fetches decided values that this replica lacks, one question at a time, from whichever peer has them: first from the
 * one that said so, then, where no answer comes, from the others in turn. Who said last that there is something to fetch
 * is asked in turn with them, though this replica may not know yet that it votes: all who voted before may be gone. Not
 * safe for use by several threads.
 */
public final class CatchUp {

    private final int resendTicks;
    private final int maxBytes;
    private long target;
    private @Nullable Endpoint preferred;
    private @Nullable Endpoint informant;
    private @Nullable Endpoint asked;
    private long askedAt;
    private int turn;

    /**
     * Nothing to fetch yet.
     *
     * @param resendTicks how long an answer may take, in ticks
     * @param maxBytes about how much one answer should carry
     */
    public CatchUp(int resendTicks, int maxBytes) {
        this.resendTicks = resendTicks;
        this.maxBytes = maxBytes;
    }

    /**
     * A peer has said how far it has decided.
     *
     * @param peer which one
     * @param decided every slot up to here is decided there, or known there to be
     */
    public void hint(Endpoint peer, long decided) {
        if (decided > target) {
            target = decided;
            preferred = peer;
        }
        if (decided >= target) {
            informant = peer;
        }
    }

    /**
     * How far some peer has decided, as far as it was heard.
     *
     * @return the slot, 0 if no peer was heard
     */
    public long target() {
        return target;
    }

    /**
     * A peer has answered. If that helped, the next question need not wait; if not, it waits as if there had been no
     * answer, lest peers that know no more be asked as fast as the network carries it.
     *
     * @param peer which one
     * @param useful whether the answer brought something new
     */
    public void answered(Endpoint peer, boolean useful) {
        if (useful && peer.equals(asked)) {
            asked = null;
            preferred = peer;
        }
    }

    /**
     * The question to ask now, if any.
     *
     * @param decided how far this replica has decided
     * @param now the tick
     * @param peers whom to ask, never this node itself
     * @return whom to ask what, or null if nothing is missing or an answer is awaited
     */
    public @Nullable Question next(long decided, long now, List<Endpoint> peers) {
        if (decided >= target || (peers.isEmpty() && informant == null)) {
            asked = null;
            return null;
        }
        if (asked != null && now - askedAt < resendTicks) {
            return null;
        }
        boolean unanswered = asked != null;
        asked = preferred != null && !unanswered ? preferred : inTurn(peers);
        askedAt = now;
        return new Question(asked, new LogMessage.CatchUpRequest(decided + 1, maxBytes));
    }

    private Endpoint inTurn(List<Endpoint> peers) {
        Endpoint other = informant != null && !peers.contains(informant) ? informant : null;
        int place = Math.floorMod(turn++, peers.size() + (other == null ? 0 : 1));
        return other != null && place == peers.size() ? other : peers.get(place);
    }

    /**
     * A question and whom to ask it.
     *
     * @param peer whom
     * @param request what
     */
    public record Question(Endpoint peer, LogMessage.CatchUpRequest request) {}
}
