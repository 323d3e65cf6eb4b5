// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.DecreeMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.single.SingleMessage;
import io.paxos.wire.proto.Wire;

/**
 * Writes the messages of which an agreement on one name consists, where nobody contends for it and the name is plain. The
 * steps of decrees and of registers are written alike. Not safe for use by several threads.
 */
final class PlainStepWriter {

    /** Values that weigh more are left to the generated classes, for arrays of their size would not be kept. */
    private static final int MOST_WEIGHT = 1 << 19;

    private static final int OTHER = PlainBodyWriter.OTHER;

    private final FieldWriter body = new FieldWriter();

    /** Writes what stands within the field of a message about a decree; false if that is left to the generated classes. */
    boolean write(DecreeMessage message, FieldWriter out) {
        int field = OTHER;
        body.clear();
        if (message.weight() > MOST_WEIGHT) {
            return false;
        } else if (message instanceof DecreeMessage.Step step) {
            field = step(step.body());
        } else if (message instanceof DecreeMessage.Learned) {
            field = Wire.DecreeMessage.LEARNED_FIELD_NUMBER;
        }
        return write(Wire.DecreeMessage.NAME_FIELD_NUMBER, message.name().name(), field, out);
    }

    /** Writes what stands within the field of a message about a register; false if that is left to the generated classes. */
    boolean write(RegisterMessage message, FieldWriter out) {
        body.clear();
        if (message.weight() > MOST_WEIGHT || !(message instanceof RegisterMessage.Step step)) {
            return false;
        }
        return write(Wire.RegisterMessage.NAME_FIELD_NUMBER, step.name().name(), step(step.body()), out);
    }

    private boolean write(int nameField, String name, int field, FieldWriter out) {
        if (field == OTHER || !isPlain(name)) {
            return false;
        }
        out.name(nameField, name);
        out.begin(field, body.size());
        out.append(body);
        return true;
    }

    /** Whether each character takes one byte. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private int step(SingleMessage step) {
        if (step instanceof SingleMessage.Prepare prepare) {
            BallotFields.write(Wire.DecreePrepare.BALLOT_FIELD_NUMBER, prepare.ballot(), body);
            return Wire.DecreeMessage.PREPARE_FIELD_NUMBER;
        } else if (step instanceof SingleMessage.Promise promise) {
            BallotFields.write(Wire.DecreePromise.BALLOT_FIELD_NUMBER, promise.ballot(), body);
            if (promise.accepted() != null) {
                proposal(Wire.DecreePromise.ACCEPTED_FIELD_NUMBER, promise.accepted());
            }
            return Wire.DecreeMessage.PROMISE_FIELD_NUMBER;
        } else if (step instanceof SingleMessage.Accept accept) {
            BallotFields.write(Wire.DecreeAccept.BALLOT_FIELD_NUMBER, accept.ballot(), body);
            body.bytes(Wire.DecreeAccept.VALUE_FIELD_NUMBER, accept.value().unwrap());
            return Wire.DecreeMessage.ACCEPT_FIELD_NUMBER;
        } else if (step instanceof SingleMessage.Accepted accepted) {
            BallotFields.write(Wire.DecreeAccepted.BALLOT_FIELD_NUMBER, accepted.ballot(), body);
            return Wire.DecreeMessage.ACCEPTED_FIELD_NUMBER;
        } else if (step instanceof SingleMessage.Decide decide) {
            body.bytes(Wire.DecreeDecide.VALUE_FIELD_NUMBER, decide.value().unwrap());
            return Wire.DecreeMessage.DECIDE_FIELD_NUMBER;
        }
        return OTHER;
    }

    private void proposal(int field, Proposal<Payload> proposal) {
        byte[] value = proposal.value().unwrap();
        int size = BallotFields.sizeOf(Wire.DecreeProposal.BALLOT_FIELD_NUMBER, proposal.ballot())
                + (value.length == 0
                        ? 0
                        : FieldWriter.sizeOfField(Wire.DecreeProposal.VALUE_FIELD_NUMBER, value.length));
        body.begin(field, size);
        BallotFields.write(Wire.DecreeProposal.BALLOT_FIELD_NUMBER, proposal.ballot(), body);
        body.bytes(Wire.DecreeProposal.VALUE_FIELD_NUMBER, value);
    }
}
