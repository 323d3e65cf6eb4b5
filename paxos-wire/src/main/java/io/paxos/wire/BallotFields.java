// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.wire.FieldReader.Unusual;
import io.paxos.wire.proto.Wire;

/**
 * Writes ballots, and reads them: nearly always it is the one that was read before, which is then shared. Not safe for use
 * by several threads.
 */
final class BallotFields {

    private static final int NUMBER = FieldWriter.NUMBER;
    private static final int FIXED = FieldWriter.EIGHT_BYTES;
    private static final int LENGTH = FieldWriter.LENGTH;

    private final FieldReader in;
    private final KnownName<NodeId> proposerName = new KnownName<>(NodeId::new);
    private Ballot last = Ballot.ZERO;

    BallotFields(FieldReader in) {
        this.in = in;
    }

    /** The size of a field that holds a ballot, with its tag and its length. */
    static int sizeOf(int field, Ballot ballot) {
        return FieldWriter.sizeOfField(field, sizeOf(ballot));
    }

    private static int sizeOf(Ballot ballot) {
        return FieldWriter.sizeOfNumber(Wire.Ballot.ROUND_FIELD_NUMBER, ballot.round())
                + FieldWriter.sizeOfField(
                        Wire.Ballot.PROPOSER_FIELD_NUMBER,
                        ballot.proposer().name().length())
                + FieldWriter.sizeOfFixed(Wire.Ballot.START_FIELD_NUMBER, ballot.start());
    }

    static void write(int field, Ballot ballot, FieldWriter out) {
        out.begin(field, sizeOf(ballot));
        out.number(Wire.Ballot.ROUND_FIELD_NUMBER, ballot.round());
        out.name(Wire.Ballot.PROPOSER_FIELD_NUMBER, ballot.proposer().name());
        out.fixed(Wire.Ballot.START_FIELD_NUMBER, ballot.start());
    }

    /** Reads the ballot that is the next field. */
    Ballot read() throws Unusual {
        int outer = in.enter();
        long round = 0;
        NodeId proposer = null;
        long start = 0;
        while (!in.isAtEnd()) {
            switch (in.small()) {
                case Wire.Ballot.ROUND_FIELD_NUMBER << 3 | NUMBER -> round = in.number();
                case Wire.Ballot.PROPOSER_FIELD_NUMBER << 3 | LENGTH -> proposer = proposerName.read(in);
                case Wire.Ballot.START_FIELD_NUMBER << 3 | FIXED -> start = in.fixed();
                default -> throw Unusual.FORM;
            }
        }
        in.leave(outer);
        if (proposer == null) {
            throw Unusual.FORM;
        }
        Ballot ballot = last;
        if (ballot.round() != round
                || ballot.start() != start
                || !ballot.proposer().equals(proposer)) {
            ballot = new Ballot(round, proposer, start);
            last = ballot;
        }
        return ballot;
    }
}
