// SPDX-License-Identifier: Apache-2.0
package io.paxos.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.message.DecreeMessage;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.message.Message;
import io.paxos.message.RegisterMessage;
import io.paxos.model.Value;
import io.paxos.single.SingleMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A new kind of message or value fails here until it is among the samples, and with them in every test of the codec. */
class EveryMessageTest {

    @Test
    void everyKindOfMessageAndValueIsDecodedFromItsBytes() {
        Set<String> permitted = new TreeSet<>();
        for (Class<?> family : List.of(Message.class, SingleMessage.class, LogMessage.class, Value.class)) {
            collectRecords(family, permitted);
        }
        Set<String> decoded = new TreeSet<>();
        for (Envelope envelope : Envelopes.byName().values()) {
            parts(WireCodec.decode(ByteBuffer.wrap(WireCodec.encode(envelope))).message())
                    .forEach(part -> decoded.add(part.getClass().getName()));
        }

        assertThat(permitted).contains(LogMessage.Promise.class.getName(), Value.NoOp.class.getName());
        assertThat(decoded).isEqualTo(permitted);
    }

    private static void collectRecords(Class<?> type, Set<String> records) {
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                collectRecords(permitted, records);
            }
        } else {
            assertThat(type.isRecord()).as("%s is a record", type).isTrue();
            records.add(type.getName());
        }
    }

    private static List<Object> parts(Message message) {
        List<Object> parts = new ArrayList<>();
        parts.add(message);
        if (message instanceof DecreeMessage.Step step) {
            parts.add(step.body());
        } else if (message instanceof RegisterMessage.Step step) {
            parts.add(step.body());
        } else if (message instanceof GroupMessage group) {
            parts.add(group.body());
            values(group.body()).forEach(parts::add);
        }
        return parts;
    }

    private static Stream<Value> values(LogMessage message) {
        return message instanceof LogMessage.Accept accept ? accept.values().stream() : Stream.of();
    }
}
