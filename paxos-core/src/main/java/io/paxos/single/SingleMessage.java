// SPDX-License-Identifier: Apache-2.0
package io.paxos.single;

import io.paxos.model.Ballot;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import org.jspecify.annotations.Nullable;

/**
 * The messages by which one decree is agreed. They carry no addresses: an envelope or a caller says who sent them.
 * Each names the ballot it belongs to, so that an answer that comes late counts for no other ballot (rule 2).
 */
public sealed interface SingleMessage {

    /**
     * Phase 1a, proposer to acceptors: promise to take part in nothing below this ballot, and say what you accepted.
     *
     * @param ballot the proposer's ballot
     */
    record Prepare(Ballot ballot) implements SingleMessage {}

    /**
     * Phase 1b, acceptor to proposer: the promise. A vote: it may leave only when it is durable.
     *
     * @param ballot the ballot promised
     * @param accepted the highest-ballot proposal the acceptor has accepted, or null
     */
    record Promise(Ballot ballot, @Nullable Proposal<Payload> accepted) implements SingleMessage {}

    /**
     * Phase 2a, proposer to acceptors: accept this proposal.
     *
     * @param ballot the proposer's ballot
     * @param value the value that P2c lets it propose
     */
    record Accept(Ballot ballot, Payload value) implements SingleMessage {}

    /**
     * Phase 2b, acceptor to proposer: accepted. A vote: it may leave only when it is durable.
     *
     * @param ballot the ballot accepted; it stands for one value
     */
    record Accepted(Ballot ballot) implements SingleMessage {}

    /**
     * Acceptor to proposer: refused, for a higher ballot has been promised. Not a vote; nothing is counted from it.
     *
     * @param ballot the ballot refused
     * @param promised the higher ballot that stands in its way
     */
    record Nack(Ballot ballot, Ballot promised) implements SingleMessage {}

    /**
     * To learners, and in answer to whoever asks about a decided decree: this is the value chosen.
     *
     * @param value the chosen value
     */
    record Decide(Payload value) implements SingleMessage {}
}
