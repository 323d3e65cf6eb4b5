// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.DecreeMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import io.paxos.single.SingleMessage;
import io.paxos.wire.FieldReader.Unusual;
import io.paxos.wire.proto.Wire;
import org.jspecify.annotations.Nullable;

/** Reads the messages that {@link PlainStepWriter} writes. Not safe for use by several threads. */
final class PlainStepReader {

    private static final int LENGTH = FieldWriter.LENGTH;

    private final FieldReader in;
    private final BallotFields ballots;

    PlainStepReader(FieldReader in, BallotFields ballots) {
        this.in = in;
        this.ballots = ballots;
    }

    /** Reads the message about a decree, which is the next field. */
    DecreeMessage decree() throws Unusual {
        int outer = in.enter();
        String name = null;
        SingleMessage step = null;
        boolean learned = false;
        while (!in.isAtEnd()) {
            int tag = in.small();
            if (tag == (Wire.DecreeMessage.NAME_FIELD_NUMBER << 3 | LENGTH)) {
                name = in.plainText();
            } else if (step != null || learned) {
                throw Unusual.FORM;
            } else if (tag == (Wire.DecreeMessage.LEARNED_FIELD_NUMBER << 3 | LENGTH)) {
                in.leave(in.enter());
                learned = true;
            } else {
                step = step(tag);
            }
        }
        in.leave(outer);
        if (name == null || (step == null && !learned)) {
            throw Unusual.FORM;
        }
        DecreeName decree = new DecreeName(name);
        return step == null ? new DecreeMessage.Learned(decree) : new DecreeMessage.Step(decree, step);
    }

    /** Reads the message about a register, which is the next field. */
    RegisterMessage register() throws Unusual {
        int outer = in.enter();
        String name = null;
        SingleMessage step = null;
        while (!in.isAtEnd()) {
            int tag = in.small();
            if (tag == (Wire.RegisterMessage.NAME_FIELD_NUMBER << 3 | LENGTH)) {
                name = in.plainText();
            } else {
                EnvelopeReader.requireFirst(step);
                // Beyond the steps that both have, the fields have other meanings here.
                if (tag >> 3 > Wire.RegisterMessage.ACCEPTED_FIELD_NUMBER) {
                    throw Unusual.FORM;
                }
                step = step(tag);
            }
        }
        in.leave(outer);
        if (name == null || step == null) {
            throw Unusual.FORM;
        }
        return new RegisterMessage.Step(new RegisterName(name), step);
    }

    private SingleMessage step(int tag) throws Unusual {
        return switch (tag) {
            case Wire.DecreeMessage.PREPARE_FIELD_NUMBER << 3 | LENGTH ->
                new SingleMessage.Prepare(proposal(false).ballot());
            case Wire.DecreeMessage.PROMISE_FIELD_NUMBER << 3 | LENGTH -> promise();
            case Wire.DecreeMessage.ACCEPT_FIELD_NUMBER << 3 | LENGTH -> {
                Proposal<Payload> accept = proposal(true);
                yield new SingleMessage.Accept(accept.ballot(), accept.value());
            }
            case Wire.DecreeMessage.ACCEPTED_FIELD_NUMBER << 3 | LENGTH ->
                new SingleMessage.Accepted(proposal(false).ballot());
            case Wire.DecreeMessage.DECIDE_FIELD_NUMBER << 3 | LENGTH -> new SingleMessage.Decide(decided());
            default -> throw Unusual.FORM;
        };
    }

    /** A ballot, and a value if there may be one: steps and what was accepted are written alike. */
    private Proposal<Payload> proposal(boolean hasValue) throws Unusual {
        int outer = in.enter();
        Ballot ballot = null;
        Payload value = Payload.EMPTY;
        while (!in.isAtEnd()) {
            int tag = in.small();
            if (tag == (Wire.DecreeProposal.BALLOT_FIELD_NUMBER << 3 | LENGTH)) {
                EnvelopeReader.requireFirst(ballot);
                ballot = ballots.read();
            } else if (hasValue && tag == (Wire.DecreeProposal.VALUE_FIELD_NUMBER << 3 | LENGTH)) {
                value = Payload.wrap(in.bytes());
            } else {
                throw Unusual.FORM;
            }
        }
        in.leave(outer);
        return new Proposal<>(present(ballot), value);
    }

    private SingleMessage promise() throws Unusual {
        int outer = in.enter();
        Ballot ballot = null;
        Proposal<Payload> accepted = null;
        while (!in.isAtEnd()) {
            int tag = in.small();
            if (tag == (Wire.DecreePromise.BALLOT_FIELD_NUMBER << 3 | LENGTH)) {
                EnvelopeReader.requireFirst(ballot);
                ballot = ballots.read();
            } else if (tag == (Wire.DecreePromise.ACCEPTED_FIELD_NUMBER << 3 | LENGTH)) {
                EnvelopeReader.requireFirst(accepted);
                accepted = proposal(true);
            } else {
                throw Unusual.FORM;
            }
        }
        in.leave(outer);
        return new SingleMessage.Promise(present(ballot), accepted);
    }

    private Payload decided() throws Unusual {
        int outer = in.enter();
        Payload value = Payload.EMPTY;
        while (!in.isAtEnd()) {
            if (in.small() != (Wire.DecreeDecide.VALUE_FIELD_NUMBER << 3 | LENGTH)) {
                throw Unusual.FORM;
            }
            value = Payload.wrap(in.bytes());
        }
        in.leave(outer);
        return value;
    }

    private static Ballot present(@Nullable Ballot ballot) throws Unusual {
        if (ballot == null) {
            throw Unusual.FORM;
        }
        return ballot;
    }
}
