// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.wire.FieldReader.Unusual;
import io.paxos.wire.proto.Wire;
import java.util.List;

/**
 * Many values at once, as {@link ValuesCodec} has them, for the messages that carry nearly all commands: written into an
 * array that is used again, and read without a step between the bytes and the commands.
 */
final class PlainValues {

    private static final int LIST_VALUES = Wire.ValueList.VALUES_FIELD_NUMBER;
    private static final int VALUE_COMMAND = Wire.Value.COMMAND_FIELD_NUMBER;
    private static final int SESSION = Wire.Command.SESSION_FIELD_NUMBER;
    private static final int SEQUENCE = Wire.Command.SEQUENCE_FIELD_NUMBER;
    private static final int FLOOR = Wire.Command.FLOOR_FIELD_NUMBER;
    private static final int TIME = Wire.Command.TIME_MILLIS_FIELD_NUMBER;
    private static final int PAYLOAD = Wire.Command.PAYLOAD_FIELD_NUMBER;

    private PlainValues() {}

    static void write(List<Value> values, FieldWriter out) {
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            if (value instanceof Value.Command command) {
                write(command, out);
            } else {
                out.bytes(LIST_VALUES, ModelMapping.toWire(value).toByteArray());
            }
        }
    }

    private static void write(Value.Command command, FieldWriter out) {
        byte[] payload = command.payload().unwrap();
        long session = command.id().session();
        long sequence = command.id().sequence();
        long time = command.time().millis();
        int size = FieldWriter.sizeOfNumber(SESSION, session)
                + FieldWriter.sizeOfNumber(SEQUENCE, sequence)
                + FieldWriter.sizeOfNumber(FLOOR, command.floor())
                + FieldWriter.sizeOfSigned(TIME, time)
                + (payload.length == 0 ? 0 : FieldWriter.sizeOfField(PAYLOAD, payload.length));
        out.begin(LIST_VALUES, FieldWriter.sizeOfField(VALUE_COMMAND, size));
        out.begin(VALUE_COMMAND, size);
        out.number(SESSION, session);
        out.number(SEQUENCE, sequence);
        out.number(FLOOR, command.floor());
        out.signed(TIME, time);
        out.bytes(PAYLOAD, payload);
    }

    /** Reads values up to the end of the field that the reader is in. */
    static List<Value> read(FieldReader in) throws Unusual {
        Value[] values = new Value[count(in)];
        LogTime time = LogTime.ZERO;
        for (int i = 0; i < values.length; i++) {
            in.small();
            int mark = in.mark();
            int outer = in.enter();
            if (!in.isAtEnd() && in.small() == FieldWriter.tag(VALUE_COMMAND, FieldWriter.LENGTH)) {
                Value.Command command = command(in, time);
                time = command.time();
                values[i] = command;
                in.leave(outer);
            } else {
                in.leaveEarly(outer);
                in.backTo(mark);
                values[i] = other(in.bytes());
            }
        }
        return List.of(values);
    }

    /** How many values there are, so that each is put where it stays. */
    private static int count(FieldReader in) throws Unusual {
        int begin = in.mark();
        int count = 0;
        while (!in.isAtEnd()) {
            if (in.small() != FieldWriter.tag(LIST_VALUES, FieldWriter.LENGTH)) {
                throw Unusual.FORM;
            }
            in.skip(in.small());
            count++;
        }
        in.backTo(begin);
        return count;
    }

    private static Value.Command command(FieldReader in, LogTime before) throws Unusual {
        int outer = in.enter();
        long session = 0;
        long sequence = 0;
        long floor = 0;
        long millis = 0;
        Payload payload = Payload.EMPTY;
        while (!in.isAtEnd()) {
            switch (in.small()) {
                case SESSION << 3 -> session = in.number();
                case SEQUENCE << 3 -> sequence = in.number();
                case FLOOR << 3 -> floor = in.number();
                case TIME << 3 -> millis = in.signed();
                case PAYLOAD << 3 | FieldWriter.LENGTH -> payload = Payload.wrap(in.bytes());
                default -> throw Unusual.FORM;
            }
        }
        in.leave(outer);
        // Most have the time in common with the one before, and then share it.
        LogTime time = millis == before.millis() ? before : new LogTime(millis);
        return new Value.Command(new CommandId(session, sequence), floor, time, payload);
    }

    private static Value other(byte[] bytes) throws Unusual {
        try {
            return ModelMapping.fromWire(Wire.Value.parseFrom(bytes));
        } catch (InvalidProtocolBufferException | WireFormatException e) {
            throw Unusual.FORM;
        }
    }
}
