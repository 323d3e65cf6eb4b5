// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.GroupMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.wire.proto.Wire;

/** Writes bundles, and what they are made of, into one array. Not safe for use by several threads. */
final class PlainPartWriter {

    private static final int OTHER = PlainBodyWriter.OTHER;

    private final PlainBodyWriter body;
    private final PlainStepWriter steps = new PlainStepWriter();
    private final FieldWriter message = new FieldWriter();

    PlainPartWriter(PlainBodyWriter body) {
        this.body = body;
    }

    /**
     * Writes what stands within the field of a message in an envelope.
     *
     * @return that field, or {@link PlainBodyWriter#OTHER} if some of it is left to the generated classes; what has been
     *     written then is of no use
     */
    int write(Message written, FieldWriter out) {
        if (written instanceof Bundle bundle) {
            return write(bundle, out) ? Wire.Envelope.BUNDLE_FIELD_NUMBER : OTHER;
        } else if (written instanceof DecreeMessage decree) {
            return steps.write(decree, out) ? Wire.Envelope.DECREE_FIELD_NUMBER : OTHER;
        } else if (written instanceof RegisterMessage register) {
            return steps.write(register, out) ? Wire.Envelope.REGISTER_FIELD_NUMBER : OTHER;
        }
        return OTHER;
    }

    private boolean write(Bundle bundle, FieldWriter out) {
        boolean isMixed = EnvelopeMapping.isMixed(bundle);
        for (Bundle.Part part : bundle.parts()) {
            message.clear();
            int about = part(part);
            if (about == OTHER) {
                return false;
            }
            if (isMixed) {
                out.begin(Wire.Bundle.MIXED_FIELD_NUMBER, FieldWriter.sizeOfField(about, message.size()));
                out.begin(about, message.size());
            } else {
                out.begin(Wire.Bundle.PARTS_FIELD_NUMBER, message.size());
            }
            out.append(message);
        }
        return true;
    }

    private int part(Bundle.Part part) {
        if (part instanceof GroupMessage group) {
            int field = group.body().dispatch(body.clear());
            if (field == OTHER) {
                return OTHER;
            }
            message.name(Wire.GroupMessage.GROUP_FIELD_NUMBER, group.group().name());
            message.number(
                    Wire.GroupMessage.GENERATION_FIELD_NUMBER, group.group().generation());
            message.begin(field, body.size());
            body.appendTo(message);
            return Wire.Part.GROUP_FIELD_NUMBER;
        } else if (part instanceof DecreeMessage decree) {
            return steps.write(decree, message) ? Wire.Part.DECREE_FIELD_NUMBER : OTHER;
        } else if (part instanceof RegisterMessage register) {
            return steps.write(register, message) ? Wire.Part.REGISTER_FIELD_NUMBER : OTHER;
        }
        return OTHER;
    }
}
