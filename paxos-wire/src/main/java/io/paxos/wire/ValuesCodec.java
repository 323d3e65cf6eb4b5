// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.paxos.model.CommandId;
import io.paxos.model.LogTime;
import io.paxos.model.Payload;
import io.paxos.model.Value;
import io.paxos.wire.proto.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many values at once, as the bytes of a {@code ValueList} of {@code wire.proto}. Commands are nearly all that goes over
 * the wire and into the journal, so they are written and read directly; whatever else there is goes by the generated
 * classes.
 */
final class ValuesCodec {

    private static final int LIST_VALUES = Wire.ValueList.VALUES_FIELD_NUMBER;
    private static final int VALUE_COMMAND = Wire.Value.COMMAND_FIELD_NUMBER;

    private static final int TAG_LIST_VALUES = bytesTag(LIST_VALUES);
    private static final int TAG_VALUE_COMMAND = bytesTag(VALUE_COMMAND);
    private static final int TAG_SESSION = numberTag(Wire.Command.SESSION_FIELD_NUMBER);
    private static final int TAG_SEQUENCE = numberTag(Wire.Command.SEQUENCE_FIELD_NUMBER);
    private static final int TAG_FLOOR = numberTag(Wire.Command.FLOOR_FIELD_NUMBER);
    private static final int TAG_TIME = numberTag(Wire.Command.TIME_MILLIS_FIELD_NUMBER);
    private static final int TAG_PAYLOAD = bytesTag(Wire.Command.PAYLOAD_FIELD_NUMBER);

    private ValuesCodec() {}

    private static int numberTag(int field) {
        return field << 3;
    }

    private static int bytesTag(int field) {
        return field << 3 | 2;
    }

    static ByteString encode(List<Value> values) {
        byte[] bytes = new byte[size(values)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (Value value : values) {
                out.writeUInt32NoTag(TAG_LIST_VALUES);
                write(value, out);
            }
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("the size of values was computed wrongly", e);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static int size(List<Value> values) {
        long size = 0;
        for (Value value : values) {
            size += lengthPrefixed(LIST_VALUES, size(value));
        }
        return Math.toIntExact(size);
    }

    private static int lengthPrefixed(int field, int body) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(body) + body;
    }

    private static int size(Value value) {
        return value instanceof Value.Command command
                ? lengthPrefixed(VALUE_COMMAND, size(command))
                : ModelMapping.toWire(value).getSerializedSize();
    }

    private static int size(Value.Command command) {
        int size = 0;
        size += sizeUnlessZero(Wire.Command.SESSION_FIELD_NUMBER, command.id().session());
        size += sizeUnlessZero(Wire.Command.SEQUENCE_FIELD_NUMBER, command.id().sequence());
        size += sizeUnlessZero(Wire.Command.FLOOR_FIELD_NUMBER, command.floor());
        long time = command.time().millis();
        size += time == 0 ? 0 : CodedOutputStream.computeSInt64Size(Wire.Command.TIME_MILLIS_FIELD_NUMBER, time);
        int payload = command.payload().size();
        return size + (payload == 0 ? 0 : lengthPrefixed(Wire.Command.PAYLOAD_FIELD_NUMBER, payload));
    }

    private static int sizeUnlessZero(int field, long number) {
        return number == 0 ? 0 : CodedOutputStream.computeInt64Size(field, number);
    }

    private static void write(Value value, CodedOutputStream out) throws IOException {
        if (!(value instanceof Value.Command command)) {
            out.writeMessageNoTag(ModelMapping.toWire(value));
            return;
        }
        int size = size(command);
        out.writeUInt32NoTag(lengthPrefixed(VALUE_COMMAND, size));
        out.writeUInt32NoTag(TAG_VALUE_COMMAND);
        out.writeUInt32NoTag(size);
        writeUnlessZero(Wire.Command.SESSION_FIELD_NUMBER, command.id().session(), out);
        writeUnlessZero(Wire.Command.SEQUENCE_FIELD_NUMBER, command.id().sequence(), out);
        writeUnlessZero(Wire.Command.FLOOR_FIELD_NUMBER, command.floor(), out);
        long time = command.time().millis();
        if (time != 0) {
            out.writeSInt64(Wire.Command.TIME_MILLIS_FIELD_NUMBER, time);
        }
        if (command.payload().size() != 0) {
            out.writeByteArray(
                    Wire.Command.PAYLOAD_FIELD_NUMBER, command.payload().unwrap());
        }
    }

    private static void writeUnlessZero(int field, long number, CodedOutputStream out) throws IOException {
        if (number != 0) {
            out.writeInt64(field, number);
        }
    }

    /**
     * Reads what {@link #encode} wrote, or what a later version did.
     *
     * @throws WireFormatException if the bytes are no values
     */
    static List<Value> decode(ByteString bytes) {
        List<Value> values = new ArrayList<>();
        LogTime time = LogTime.ZERO;
        try {
            CodedInputStream in = bytes.newCodedInput();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag != TAG_LIST_VALUES) {
                    requireSkipped(in, tag);
                    continue;
                }
                int length = in.readRawVarint32();
                int start = in.getTotalBytesRead();
                Value value = command(in, length, time);
                if (value == null) {
                    value = ModelMapping.fromWire(Wire.Value.parseFrom(bytes.substring(start, start + length)));
                }
                in.skipRawBytes(start + length - in.getTotalBytesRead());
                time = value instanceof Value.Command command ? command.time() : time;
                values.add(value);
            }
        } catch (IOException e) {
            throw new WireFormatException("not a list of values: " + e.getMessage(), e);
        }
        return values;
    }

    /**
     * Reads what this release wrote.
     *
     * @throws WireFormatException if the bytes are no values, or if there is more in them than this release understands
     */
    static List<Value> decodeAll(ByteString bytes) {
        List<Value> values = decode(bytes);
        if (size(values) != bytes.size()) {
            throw new WireFormatException("of values of " + bytes.size() + " bytes this release understands "
                    + size(values) + "; open the store with the release that wrote it");
        }
        return values;
    }

    /**
     * Reads a value that is a command and nothing else.
     *
     * @param before when the value before it was proposed: most have the time in common, and then share it
     * @return the command, or null if the value is anything else; the input then stands somewhere within it
     */
    private static Value.@Nullable Command command(CodedInputStream in, int length, LogTime before) throws IOException {
        int outer = in.pushLimit(length);
        Value.Command command = null;
        if (in.readTag() == TAG_VALUE_COMMAND) {
            int inner = in.pushLimit(in.readRawVarint32());
            command = commandBody(in, before);
            in.popLimit(inner);
        }
        boolean whole = in.isAtEnd();
        in.popLimit(outer);
        return whole ? command : null;
    }

    private static Value.Command commandBody(CodedInputStream in, LogTime before) throws IOException {
        long session = 0;
        long sequence = 0;
        long floor = 0;
        long millis = 0;
        Payload payload = Payload.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == TAG_SESSION) {
                session = in.readInt64();
            } else if (tag == TAG_SEQUENCE) {
                sequence = in.readInt64();
            } else if (tag == TAG_FLOOR) {
                floor = in.readInt64();
            } else if (tag == TAG_TIME) {
                millis = in.readSInt64();
            } else if (tag == TAG_PAYLOAD) {
                payload = Payload.wrap(in.readByteArray());
            } else {
                requireSkipped(in, tag);
            }
        }
        LogTime time = millis == before.millis() ? before : new LogTime(millis);
        return new Value.Command(new CommandId(session, sequence), floor, time, payload);
    }

    private static void requireSkipped(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new WireFormatException("a group ends where none began");
        }
    }
}
