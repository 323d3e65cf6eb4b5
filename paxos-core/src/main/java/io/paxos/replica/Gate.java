// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.event.Self;
import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Endpoint;
import io.paxos.model.Fingerprint;
import io.paxos.model.StartId;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Whom a node of a formed cluster listens to. Only those who count by the same rule over the same vector; and of a store
 * that is counted, only its latest start. Which start that is, {@link PeerStarts} remembers.
 *
 * <p>An earlier start is not merely left out of the count: it is not answered either, for it counts its own votes, and
 * an answer could complete a quorum with them. Once it has been told, it names no start any more; then it is heard as an
 * observer is.
 */
final class Gate {

    /** What is to be done about an envelope. */
    enum Verdict {
        /** Let in. */
        LET_IN,
        /** Let in, and note the start, which is a later one than known. */
        NOTE_START,
        /** Turn away, and say why. */
        TELL,
        /** Turn away. */
        TURN_AWAY
    }

    private final Self self;
    private final Predicate<Endpoint> counted;
    private final Fingerprint fingerprint;
    private final PeerStarts starts;
    private final BooleanSupplier votesForDecrees;
    private final BooleanSupplier mayVote;

    /**
     * The gate of a formed cluster.
     *
     * @param counted whether a store is a voter, in the vector with which the cluster formed or in some log
     * @param votesForDecrees whether this node is counted by the vector with which the cluster formed, as decrees and
     *     registers count
     * @param mayVote false once another start of this node's store is counted
     */
    Gate(
            Self self,
            Predicate<Endpoint> counted,
            Fingerprint fingerprint,
            PeerStarts starts,
            BooleanSupplier votesForDecrees,
            BooleanSupplier mayVote) {
        this.self = self;
        this.counted = counted;
        this.fingerprint = fingerprint;
        this.starts = starts;
        this.votesForDecrees = votesForDecrees;
        this.mayVote = mayVote;
    }

    /** Judges an envelope that is addressed to this very node and holds no Hello. */
    Verdict judge(Envelope envelope) {
        Endpoint from = envelope.from();
        if (!envelope.fingerprint().equals(fingerprint)) {
            return Verdict.TELL;
        }
        if (from.equals(self.endpoint())) {
            return judgeOwn(envelope);
        }
        if (!counted.test(from)) {
            return Verdict.LET_IN;
        }
        if (envelope.start().equals(StartId.NONE)) {
            return ifOpen(envelope);
        }
        if (starts.isOutdated(from, envelope.start())) {
            return Verdict.TELL;
        }
        return envelope.start().equals(starts.latest(from)) ? Verdict.LET_IN : Verdict.NOTE_START;
    }

    /** A vote that this node gave itself before it was told that it is a stranger must not be counted afterwards. */
    private Verdict judgeOwn(Envelope envelope) {
        boolean isLeaderless =
                envelope.message() instanceof DecreeMessage || envelope.message() instanceof RegisterMessage;
        if (!(isLeaderless ? votesForDecrees : mayVote).getAsBoolean()) {
            return ifOpen(envelope);
        }
        return envelope.start().bits() == self.start() ? Verdict.LET_IN : Verdict.TURN_AWAY;
    }

    private static Verdict ifOpen(Envelope envelope) {
        return envelope.message().isOpen() ? Verdict.LET_IN : Verdict.TURN_AWAY;
    }
}
