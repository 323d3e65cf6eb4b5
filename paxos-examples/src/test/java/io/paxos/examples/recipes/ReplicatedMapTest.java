// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.recipes;

import static io.paxos.examples.recipes.ThreeNodes.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.node.Consistency;
import io.paxos.node.Reading;
import io.paxos.spi.Codec;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplicatedMapTest {

    private record Price(String currency, long cents) {
        static final Codec<Price> CODEC = Codec.record(
                (price, fields) -> fields.put(Codec.utf8(), price.currency).put(Codec.int64(), price.cents),
                fields -> new Price(fields.take(Codec.utf8()), fields.take(Codec.int64())));
    }

    private static final Price CHEAP = new Price("EUR", 1);
    private static final Price DEAR = new Price("EUR", 1_000_000);

    @Test
    void whatIsChangedOnOneNodeIsReadOnAnother() throws Exception {
        try (var maps = new ThreeNodes<>(node -> ReplicatedMap.on(node, "prices", Codec.utf8(), Price.CODEC))) {
            assertThat(got(maps.on(0).put("pear", CHEAP))).isEmpty();
            assertThat(got(maps.on(1).get("pear"))).contains(CHEAP);
            assertThat(got(maps.on(2).putIfAbsent("pear", DEAR))).contains(CHEAP);
            assertThat(got(maps.on(2).putIfAbsent("apple", DEAR))).isEmpty();
            assertThat(got(maps.on(0).put("pear", DEAR))).contains(CHEAP);
            assertThat(got(maps.on(1).replace("pear", CHEAP, CHEAP))).isFalse();
            assertThat(got(maps.on(1).replace("pear", DEAR, CHEAP))).isTrue();
            assertThat(got(maps.on(1).replace("plum", DEAR, CHEAP)))
                    .as("a key without a value")
                    .isFalse();
            assertThat(got(maps.on(2).remove("pear", DEAR))).isFalse();
            assertThat(got(maps.on(2).remove("pear", CHEAP))).isTrue();
            assertThat(got(maps.on(2).remove("pear"))).isEmpty();
            assertThat(got(maps.on(0).remove("apple"))).contains(DEAR);
            assertThat(got(maps.on(1).size(Consistency.linearizable())).value()).isZero();
        }
    }

    @Test
    void everythingIsReadInTheOrderOfTheEncodedKeysOnAnyNode() throws Exception {
        try (var maps = new ThreeNodes<>(node -> ReplicatedMap.on(node, "m", Codec.int64(), Codec.utf8()))) {
            for (long key : new long[] {300, -1, 2, 0, -300, 256}) {
                got(maps.on(Math.floorMod(key, 3)).put(key, "v" + key));
            }
            for (int node = 0; node < 3; node++) {
                Map<Long, String> all =
                        got(maps.on(node).entries(Consistency.linearizable())).value();
                assertThat(all.keySet()).containsExactly(0L, 2L, 256L, 300L, -300L, -1L);
                assertThat(all).containsEntry(-300L, "v-300").hasSize(6);
                assertThatThrownBy(() -> all.put(1L, "x")).isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }

    /** The node that answered a change has executed it, so a read of what is there sees it, and says how far it is. */
    @Test
    void aLocalReadSeesWhatItsNodeHasExecuted() throws Exception {
        try (var maps = new ThreeNodes<>(node -> ReplicatedMap.on(node, "m", Codec.utf8(), Codec.int64()))) {
            got(maps.on(0).put("a", 1L));
            Reading<Optional<Long>> there = got(maps.on(0).get("a", Consistency.local()));
            assertThat(there.value()).contains(1L);
            assertThat(got(maps.on(1).get("a", Consistency.atLeast(there.token())))
                            .value())
                    .contains(1L);
        }
    }

    /** Another type on another node: who asks hears it, and no replica stops. */
    @Test
    void aCodecThatFailsStopsNobody() throws Exception {
        try (var nodes = new ThreeNodes<>(node -> node)) {
            var texts = ReplicatedMap.on(nodes.on(0), "m", Codec.utf8(), Codec.utf8());
            var numbers = ReplicatedMap.on(nodes.on(1), "m", Codec.utf8(), Codec.int64());
            got(texts.put("a", "no number"));
            assertThatThrownBy(() -> got(numbers.get("a")))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> texts.put("a", "\ud83d")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> got(numbers.put("a", 7L)))
                    .as("the answer holds the text that was there")
                    .hasCauseInstanceOf(IllegalArgumentException.class);
            assertThat(got(numbers.get("a"))).as("and was put all the same").contains(7L);
            assertThat(got(numbers.put("a", 8L))).contains(7L);
        }
    }
}
