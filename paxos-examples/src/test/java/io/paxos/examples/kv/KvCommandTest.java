// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.Payload;
import io.paxos.spi.Codec;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KvCommandTest {

    static Stream<KvCommand> commands() {
        return Stream.of(
                new KvCommand("key", Payload.utf8("value"), new KvCommand.Always()),
                new KvCommand("schlüssel/1", Payload.EMPTY, new KvCommand.Absent()),
                new KvCommand("k", Payload.utf8("new"), new KvCommand.Expect(Payload.utf8("old"))),
                new KvCommand("k", Payload.utf8("new"), new KvCommand.Expect(Payload.EMPTY)),
                new KvCommand("k", null, new KvCommand.Always()));
    }

    static Stream<KvStore.Result> results() {
        return Stream.of(
                new KvStore.Result(true, null),
                new KvStore.Result(false, null),
                new KvStore.Result(true, new KvStore.Entry(Payload.utf8("value"), 7)),
                new KvStore.Result(false, new KvStore.Entry(Payload.EMPTY, 1)));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commandsTravelAsBytes(KvCommand command) {
        assertThat(KvCommand.CODEC.decode(KvCommand.CODEC.encode(command))).isEqualTo(command);
        refusesEveryPartAndMore(KvCommand.CODEC, KvCommand.CODEC.encode(command));
    }

    @ParameterizedTest
    @MethodSource("results")
    void resultsTravelAsBytes(KvStore.Result result) {
        assertThat(KvStore.Result.CODEC.decode(KvStore.Result.CODEC.encode(result)))
                .isEqualTo(result);
        refusesEveryPartAndMore(KvStore.Result.CODEC, KvStore.Result.CODEC.encode(result));
    }

    private static void refusesEveryPartAndMore(Codec<?> codec, Payload whole) {
        byte[] bytes = whole.toByteArray();
        for (int size = 0; size < bytes.length; size++) {
            Payload part = Payload.wrap(Arrays.copyOf(bytes, size));
            assertThatThrownBy(() -> codec.decode(part))
                    .as("%d bytes", size)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Payload more = Payload.wrap(Arrays.copyOf(bytes, bytes.length + 1));
        assertThatThrownBy(() -> codec.decode(more)).isInstanceOf(IllegalArgumentException.class);
    }
}
