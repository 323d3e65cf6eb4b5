// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static io.paxos.replica.Parts.B;
import static io.paxos.replica.Parts.C;
import static io.paxos.replica.Parts.ME;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class VouchedLevelsTest {

    private static final FeatureLevel FIRST = FeatureLevel.CHANGES_AND_FENCES;
    private static final FeatureLevel SECOND = new FeatureLevel(FIRST.number() + 1);

    private record Log(FeatureLevel level, Endpoint... voters) {}

    private final List<Log> logs = new ArrayList<>();
    private int looks;
    private final VouchedLevels vouched = new VouchedLevels(this::look);

    private void look(BiConsumer<FeatureLevel, Collection<Endpoint>> each) {
        looks++;
        logs.forEach(log -> each.accept(log.level, List.of(log.voters)));
    }

    @Test
    void rule9_theHighestLevelOfTheLogsInWhichAStoreVotesCounts() {
        logs.add(new Log(SECOND, ME, B));
        logs.add(new Log(FIRST, ME, B, C));
        logs.add(new Log(FeatureLevel.BASE, ME, Parts.D));
        assertThat(vouched.of(B)).isEqualTo(SECOND);
        assertThat(vouched.of(C)).isEqualTo(FIRST);
        assertThat(vouched.of(Parts.D)).isNull();
    }

    /** Else each of a crowd of leaders would look at all logs, in each step, as long as a voter is gone. */
    @Test
    void theLogsAreLookedAtOnceAfterEachChangeHoweverManyAsk() {
        logs.add(new Log(FIRST, ME, B));
        vouched.changed();
        assertThat(looks).as("nobody has asked").isZero();
        for (int i = 0; i < 100; i++) {
            assertThat(vouched.of(B)).isEqualTo(FIRST);
            assertThat(vouched.of(C)).isNull();
        }
        assertThat(looks).isEqualTo(1);
        logs.add(new Log(FIRST, ME, C));
        vouched.changed();
        assertThat(vouched.of(C)).isEqualTo(FIRST);
        assertThat(looks).isEqualTo(2);
    }
}
