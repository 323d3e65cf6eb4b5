// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.Bundle;
import io.paxos.message.DecreeMessage;
import io.paxos.message.GroupMessage;
import io.paxos.message.RegisterMessage;
import io.paxos.wire.FieldReader.Unusual;
import io.paxos.wire.proto.Wire;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages that {@link PlainPartWriter} writes. Not safe for use by several threads. */
final class PlainPartReader {

    private static final int LENGTH = FieldWriter.LENGTH;

    private final FieldReader in;
    private final PlainBodyReader body;
    private final PlainStepReader steps;

    PlainPartReader(FieldReader in) {
        this.in = in;
        BallotFields ballots = new BallotFields(in);
        body = new PlainBodyReader(in, ballots);
        steps = new PlainStepReader(in, ballots);
    }

    GroupMessage group() throws Unusual {
        return body.read();
    }

    DecreeMessage decree() throws Unusual {
        return steps.decree();
    }

    RegisterMessage register() throws Unusual {
        return steps.register();
    }

    /** Reads the bundle that is the next field: either of logs, or mixed. */
    Bundle bundle() throws Unusual {
        int outer = in.enter();
        List<Bundle.Part> parts = new ArrayList<>();
        int kind = 0;
        while (!in.isAtEnd()) {
            int tag = in.small();
            if (kind != 0 && tag != kind) {
                throw Unusual.FORM;
            }
            kind = tag;
            switch (tag) {
                case Wire.Bundle.PARTS_FIELD_NUMBER << 3 | LENGTH -> parts.add(body.read());
                case Wire.Bundle.MIXED_FIELD_NUMBER << 3 | LENGTH -> parts.add(part());
                default -> throw Unusual.FORM;
            }
        }
        in.leave(outer);
        return new Bundle(parts);
    }

    private Bundle.Part part() throws Unusual {
        int outer = in.enter();
        Bundle.Part part =
                switch (in.small()) {
                    case Wire.Part.GROUP_FIELD_NUMBER << 3 | LENGTH -> body.read();
                    case Wire.Part.DECREE_FIELD_NUMBER << 3 | LENGTH -> steps.decree();
                    case Wire.Part.REGISTER_FIELD_NUMBER << 3 | LENGTH -> steps.register();
                    default -> throw Unusual.FORM;
                };
        in.leave(outer);
        return part;
    }
}
