// SPDX-License-Identifier: Apache-2.0
package io.paxos.log;

import io.paxos.message.LogMessage;
import io.paxos.message.LogMessage.SnapshotChunk;
import io.paxos.model.Endpoint;
import io.paxos.model.Payload;
import io.paxos.model.SnapshotInfo;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a snapshot, because what this replica lacks has been forgotten by its peers (rule 9). One part is asked for at
 * a time, and no more than a few wait to be stored, so that memory stays bounded however large the state is. Where no
 * answer comes, the same part is asked of the next peer: snapshots with equal descriptions hold equal bytes, so a
 * transfer goes on where it was, whoever sends it. Not safe for use by several threads.
 */
public final class SnapshotTransfer {

    /** How many parts may wait to be stored before the next one is asked for. */
    private static final int PARTS_AHEAD = 2;

    private final int resendTicks;
    private final int chunkBytes;
    private final long bytesPerTick;
    private @Nullable Endpoint source;
    private @Nullable Endpoint informant;
    private @Nullable SnapshotInfo target;
    private long needed;
    private long received;
    private long stored;

    /** What was given up while parts of it waited to be stored, which still take room; null once they are. */
    private @Nullable SnapshotInfo orphan;

    private long orphanUpTo;
    private boolean awaiting;
    private boolean unanswered;
    private long askedAt;
    private int refusals;
    private int turn;
    private long credit;
    private long creditAt;

    /**
     * Nothing to fetch yet.
     *
     * @param resendTicks how long an answer may take, in ticks
     * @param chunkBytes about how much one part should carry, at least 1
     * @param bytesPerTick about how much to fetch in one tick, so that a transfer leaves room for everything else
     */
    public SnapshotTransfer(int resendTicks, int chunkBytes, long bytesPerTick) {
        this.resendTicks = resendTicks;
        this.chunkBytes = chunkBytes;
        this.bytesPerTick = bytesPerTick;
        this.credit = bytesPerTick;
    }

    /**
     * A peer has forgotten what this replica lacks; unless a transfer is under way, one begins. Under way or not, this peer
     * is one to ask, though this replica may not know yet that it votes: all who voted before may be gone.
     *
     * @param peer which one
     * @param slot the first slot that is lacking
     */
    public void begin(Endpoint peer, long slot) {
        informant = peer;
        if (source == null) {
            source = peer;
            needed = slot;
            awaiting = false;
            unanswered = false;
        }
    }

    /**
     * Whether a snapshot is being fetched.
     *
     * @return true from {@link #begin} to {@link #end}
     */
    public boolean isActive() {
        return source != null;
    }

    /**
     * Whether parts come in, so that nothing else need be tried.
     *
     * @return false where the last question has met with no answer; another peer may still have what is lacking one by
     *     one
     */
    public boolean isFlowing() {
        return isActive() && !unanswered;
    }

    /**
     * Whether what is being fetched, or would be, has been learned another way.
     *
     * @param missing the first slot that is lacking now
     * @return true if the transfer is of no use any more
     */
    public boolean isOutrun(long missing) {
        return isActive() && (target == null ? missing > needed : missing > target.slot());
    }

    /**
     * Gives up the transfer, whether it is complete, in vain or no longer needed.
     *
     * @return true if parts have been handed over to be stored that are of no use now
     */
    public boolean end() {
        boolean begun = target != null;
        source = null;
        restart();
        return begun;
    }

    private void restart() {
        if (target != null && received > stored) {
            orphan = target;
            orphanUpTo = received;
        }
        target = null;
        received = 0;
        stored = 0;
        refusals = 0;
        awaiting = false;
    }

    /**
     * The question to ask now, if any.
     *
     * @param now the tick
     * @param peers whom to ask where the first one does not answer
     * @return whom to ask what, or null if an answer is awaited, parts wait to be stored, of this snapshot or of one that
     *     was given up, or all has been received
     */
    public @Nullable Question next(long now, List<Endpoint> peers) {
        Endpoint peer = source;
        if (peer == null || orphan != null || isComplete() || received - stored >= (long) PARTS_AHEAD * chunkBytes) {
            return null;
        }
        if (awaiting) {
            if (now - askedAt < resendTicks) {
                return null;
            }
            unanswered = true;
            peer = inTurn(peer, peers);
            source = peer;
        } else if (!hasCredit(now)) {
            return null;
        }
        awaiting = true;
        askedAt = now;
        return new Question(peer, new LogMessage.SnapshotRequest(target, received, chunkBytes));
    }

    private Endpoint inTurn(Endpoint last, List<Endpoint> peers) {
        Endpoint other = informant != null && !peers.contains(informant) ? informant : null;
        int count = peers.size() + (other == null ? 0 : 1);
        int place = count == 0 ? 0 : Math.floorMod(turn++, count);
        return place < peers.size() ? peers.get(place) : other == null ? last : other;
    }

    private boolean hasCredit(long now) {
        if (now > creditAt) {
            credit = Math.min(bytesPerTick, credit + (now - creditAt) * bytesPerTick);
            creditAt = now;
        }
        return credit > 0;
    }

    private boolean isComplete() {
        return target != null && received == target.bytes();
    }

    /**
     * Takes in a part.
     *
     * @param peer who sent it
     * @param chunk the part
     * @param peers how many peers there are to ask; a snapshot that none of them has any more is given up for another
     * @return true if the part is to be stored behind those before it; false if nothing is to be done with it
     */
    public boolean onChunk(Endpoint peer, SnapshotChunk chunk, int peers) {
        if (!awaiting || !peer.equals(source) || !isSound(chunk)) {
            return false;
        }
        SnapshotInfo wanted = target;
        if (wanted == null || !wanted.equals(chunk.snapshot())) {
            if (wanted != null && refusals < peers) {
                // This peer has another one. Somebody else may still have the one begun; the next question finds out.
                refusals++;
                askedAt -= resendTicks;
                return false;
            }
            if (chunk.snapshot().slot() < needed || chunk.offset() != 0) {
                return false;
            }
            restart();
            target = chunk.snapshot();
        } else if (chunk.offset() != received) {
            return false;
        }
        refusals = 0;
        awaiting = false;
        unanswered = false;
        received = chunk.end();
        credit -= chunk.bytes().size();
        return true;
    }

    private static boolean isSound(SnapshotChunk chunk) {
        long size = chunk.bytes().size();
        return size > 0
                && chunk.offset() >= 0
                && chunk.offset() <= chunk.snapshot().bytes() - size
                && checksum(chunk.bytes()) == chunk.checksum();
    }

    /**
     * The checksum that goes with a part.
     *
     * @param bytes the part
     * @return its CRC32C
     */
    public static long checksum(Payload bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        return crc.getValue();
    }

    /**
     * Parts have been stored.
     *
     * @param snapshot of which snapshot
     * @param upTo the offset behind the last one
     */
    public void stored(SnapshotInfo snapshot, long upTo) {
        if (snapshot.equals(target)) {
            stored = Math.max(stored, upTo);
        }
        if (snapshot.equals(orphan) && upTo >= orphanUpTo) {
            orphan = null;
        }
    }

    /** Parts could not be stored; what else waited of a snapshot that was given up will not take room for long. */
    public void failed() {
        orphan = null;
    }

    /**
     * What is being fetched.
     *
     * @return the snapshot, or null if none is, or none has been offered yet
     */
    public @Nullable SnapshotInfo target() {
        return target;
    }

    /**
     * A question and whom to ask it.
     *
     * @param peer whom
     * @param request what
     */
    public record Question(Endpoint peer, LogMessage.SnapshotRequest request) {}
}
