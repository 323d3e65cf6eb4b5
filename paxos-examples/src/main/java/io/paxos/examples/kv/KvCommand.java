// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to one key: to write or delete it, if what is there is as expected.
 *
 * @param key which key
 * @param value what to write, or null to delete
 * @param condition what must be there, else nothing is done
 */
record KvCommand(String key, @Nullable Payload value, Condition condition) {

    /** As bytes. */
    static final Codec<KvCommand> CODEC = Codec.of(KvCommand::encode, KvCommand::decode);

    /** What must be there. */
    sealed interface Condition {

        /** Whether a command may go on, given what is there, which is null if nothing is. */
        boolean holds(@Nullable Payload current);
    }

    /** Anything or nothing. */
    record Always() implements Condition {
        @Override
        public boolean holds(@Nullable Payload current) {
            return true;
        }
    }

    /** Nothing. */
    record Absent() implements Condition {
        @Override
        public boolean holds(@Nullable Payload current) {
            return current == null;
        }
    }

    /** Exactly this value. */
    record Expect(Payload value) implements Condition {
        @Override
        public boolean holds(@Nullable Payload current) {
            return current != null && value.equals(current);
        }
    }

    private static byte[] encode(KvCommand command) {
        return Fields.write(out -> {
            out.writeUTF(command.key);
            Fields.writePayload(out, command.value);
            writeCondition(out, command.condition);
        });
    }

    private static void writeCondition(DataOutput out, Condition condition) throws IOException {
        out.writeBoolean(condition instanceof Absent);
        Fields.writePayload(out, condition instanceof Expect expect ? expect.value() : null);
    }

    private static KvCommand decode(byte[] bytes) {
        return Fields.read(bytes, in -> new KvCommand(in.readUTF(), Fields.readPayload(in), readCondition(in)));
    }

    private static Condition readCondition(DataInputStream in) throws IOException {
        boolean absent = in.readBoolean();
        Payload expected = Fields.readPayload(in);
        if (absent) {
            return new Absent();
        }
        return expected == null ? new Always() : new Expect(expected);
    }
}
