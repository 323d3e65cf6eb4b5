// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.wire.FieldReader.Unusual;
import io.paxos.wire.proto.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the messages that {@link PlainBodyWriter} writes. Not safe for use by several threads. */
final class PlainBodyReader {

    private static final int NUMBER = FieldWriter.NUMBER;
    private static final int LENGTH = FieldWriter.LENGTH;

    private final FieldReader in;
    private final KnownName<GroupId> groupName = new KnownName<>(GroupId::of);
    private final BallotFields ballots;
    private @Nullable GroupId lastGroup;

    PlainBodyReader(FieldReader in, BallotFields ballots) {
        this.in = in;
        this.ballots = ballots;
    }

    /** Reads the message of a group, which is the next field. */
    GroupMessage read() throws Unusual {
        int outer = in.enter();
        GroupId first = null;
        int generation = 0;
        LogMessage body = null;
        while (!in.isAtEnd()) {
            int tag = in.small();
            switch (tag) {
                case Wire.GroupMessage.GROUP_FIELD_NUMBER << 3 | LENGTH -> first = groupName.read(in);
                case Wire.GroupMessage.GENERATION_FIELD_NUMBER << 3 | NUMBER -> generation = in.small();
                default -> {
                    EnvelopeReader.requireFirst(body);
                    body = body(tag);
                }
            }
        }
        in.leave(outer);
        if (first == null || body == null) {
            throw Unusual.FORM;
        }
        return new GroupMessage(group(first, generation), body);
    }

    private GroupId group(GroupId first, int generation) {
        if (generation == 0) {
            return first;
        }
        GroupId last = lastGroup;
        if (last == null || last.generation() != generation || !last.name().equals(first.name())) {
            last = new GroupId(first.name(), generation);
            lastGroup = last;
        }
        return last;
    }

    private LogMessage body(int tag) throws Unusual {
        int outer = in.enter();
        LogMessage body =
                switch (tag) {
                    case Wire.GroupMessage.ACCEPT_FIELD_NUMBER << 3 | LENGTH -> accept();
                    case Wire.GroupMessage.ACCEPTED_FIELD_NUMBER << 3 | LENGTH -> accepted();
                    case Wire.GroupMessage.FORWARD_FIELD_NUMBER << 3 | LENGTH -> forward();
                    case Wire.GroupMessage.DECIDE_FIELD_NUMBER << 3 | LENGTH -> {
                        Mark mark = mark();
                        yield new LogMessage.Decide(mark.ballot, mark.decided);
                    }
                    case Wire.GroupMessage.HEARTBEAT_FIELD_NUMBER << 3 | LENGTH -> {
                        Mark mark = mark();
                        yield new LogMessage.Heartbeat(mark.ballot, mark.decided);
                    }
                    case Wire.GroupMessage.HEARTBEAT_ACK_FIELD_NUMBER << 3 | LENGTH -> {
                        Mark mark = mark();
                        yield new LogMessage.HeartbeatAck(mark.ballot, mark.decided);
                    }
                    default -> throw Unusual.FORM;
                };
        in.leave(outer);
        return body;
    }

    private LogMessage accept() throws Unusual {
        Ballot ballot = null;
        long first = 0;
        List<Value> values = null;
        long decided = 0;
        while (!in.isAtEnd()) {
            switch (in.small()) {
                case Wire.Accept.BALLOT_FIELD_NUMBER << 3 | LENGTH -> {
                    EnvelopeReader.requireFirst(ballot);
                    ballot = ballots.read();
                }
                case Wire.Accept.FIRST_FIELD_NUMBER << 3 | NUMBER -> first = in.number();
                case Wire.Accept.VALUES_FIELD_NUMBER << 3 | LENGTH -> {
                    EnvelopeReader.requireFirst(values);
                    values = values();
                }
                case Wire.Accept.DECIDED_FIELD_NUMBER << 3 | NUMBER -> decided = in.signed();
                default -> throw Unusual.FORM;
            }
        }
        if (ballot == null || values == null) {
            throw Unusual.FORM;
        }
        // None of the slots may lie beyond the greatest number.
        SlotRange slots = new SlotRange(first, first + values.size());
        return new LogMessage.Accept(ballot, slots.first(), values, decided);
    }

    private LogMessage accepted() throws Unusual {
        Ballot ballot = null;
        long first = 0;
        long end = 0;
        while (!in.isAtEnd()) {
            switch (in.small()) {
                case Wire.Accepted.BALLOT_FIELD_NUMBER << 3 | LENGTH -> {
                    EnvelopeReader.requireFirst(ballot);
                    ballot = ballots.read();
                }
                case Wire.Accepted.FIRST_FIELD_NUMBER << 3 | NUMBER -> first = in.number();
                case Wire.Accepted.END_FIELD_NUMBER << 3 | NUMBER -> end = in.number();
                default -> throw Unusual.FORM;
            }
        }
        if (ballot == null) {
            throw Unusual.FORM;
        }
        return new LogMessage.Accepted(ballot, new SlotRange(first, end));
    }

    private LogMessage forward() throws Unusual {
        List<Value> values = null;
        int hops = 0;
        while (!in.isAtEnd()) {
            switch (in.small()) {
                case Wire.Forward.VALUES_FIELD_NUMBER << 3 | LENGTH -> {
                    EnvelopeReader.requireFirst(values);
                    values = values();
                }
                case Wire.Forward.HOPS_FIELD_NUMBER << 3 | NUMBER -> hops = in.small();
                default -> throw Unusual.FORM;
            }
        }
        if (values == null) {
            throw Unusual.FORM;
        }
        return new LogMessage.Forward(values, hops);
    }

    /** What a leader says of its ballot, and what is said back: they are written alike. */
    private record Mark(Ballot ballot, long decided) {}

    private Mark mark() throws Unusual {
        Ballot ballot = null;
        long decided = 0;
        while (!in.isAtEnd()) {
            switch (in.small()) {
                case Wire.Decide.BALLOT_FIELD_NUMBER << 3 | LENGTH -> {
                    EnvelopeReader.requireFirst(ballot);
                    ballot = ballots.read();
                }
                case Wire.Decide.DECIDED_FIELD_NUMBER << 3 | NUMBER -> decided = in.signed();
                default -> throw Unusual.FORM;
            }
        }
        if (ballot == null) {
            throw Unusual.FORM;
        }
        return new Mark(ballot, decided);
    }

    private List<Value> values() throws Unusual {
        int outer = in.enter();
        List<Value> values = PlainValues.read(in);
        in.leave(outer);
        return values;
    }
}
