// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecidedDecreesTest {

    @Test
    void findsEveryValueOfWhateverSizeAgain() {
        DecidedDecrees decided = new DecidedDecrees(7);
        Map<DecreeName, Payload> expected = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            DecreeName name = new DecreeName((i % 3 == 0 ? "größer/" : "x") + i);
            byte[] bytes = new byte[i % 2000 == 0 ? 300_000 : random.nextInt(i % 500 == 0 ? 40_000 : 60)];
            random.nextBytes(bytes);
            assertThat(decided.get(name)).isNull();
            decided.put(name, Payload.wrap(bytes));
            expected.put(name, Payload.wrap(bytes));
        }
        assertThat(decided.size()).isEqualTo(20_000);
        expected.forEach((name, value) -> assertThat(decided.get(name)).isEqualTo(value));
        assertThat(decided.get(new DecreeName("y"))).isNull();
    }

    @Test
    void holdsTheLongestNameAndTheEmptyValue() {
        DecidedDecrees decided = new DecidedDecrees(7);
        DecreeName longest = new DecreeName("x".repeat(DecreeName.MAX_BYTES));
        decided.put(longest, Payload.EMPTY);

        assertThat(decided.get(longest)).isEqualTo(Payload.EMPTY);
    }

    @Test
    void aNameIsDecidedOnce() {
        DecidedDecrees decided = new DecidedDecrees(7);
        DecreeName name = new DecreeName("x");
        decided.put(name, Payload.EMPTY);

        assertThatThrownBy(() -> decided.put(name, Payload.EMPTY)).isInstanceOf(IllegalStateException.class);
    }
}
