// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.testkit.coverage.Coverage;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NetworkTest {

    private static final int MESSAGES = 10_000;

    private final Coverage coverage = new Coverage();

    private Network network(Links links) {
        return new Network(3, links, new SplittableRandom(1), coverage);
    }

    private static List<Long> sendMany(Network network, int from, int to) {
        List<Long> arrivals = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            network.send(i * 100L, from, to, arrivals::add);
        }
        return arrivals;
    }

    @Test
    void losesAndDuplicatesAboutAsOftenAsItShould() {
        List<Long> arrivals = sendMany(network(new Links(0.2, 0.1, 0, 1_000, 0, false)), 0, 1);
        assertThat(coverage.of(Mark.LOST)).isBetween(1_800L, 2_200L);
        assertThat(coverage.of(Mark.DUPLICATED)).isBetween(700L, 900L);
        assertThat((long) arrivals.size()).isEqualTo(MESSAGES - coverage.of(Mark.LOST) + coverage.of(Mark.DUPLICATED));
    }

    @Test
    void reordersUnlessLinksKeepTheOrder() {
        List<Long> arrivals = sendMany(network(new Links(0, 0, 10, 5_000, 0.01, false)), 0, 1);
        assertThat(arrivals).isNotEqualTo(arrivals.stream().sorted().toList());
        long reordered = coverage.of(Mark.REORDERED);
        assertThat(reordered).isPositive();
        assertThat(sendMany(network(new Links(0, 0, 10, 5_000, 0.01, true)), 0, 1))
                .isSorted();
        assertThat(coverage.of(Mark.REORDERED)).isEqualTo(reordered);
    }

    @Test
    void everyMessageTakesItsTime() {
        List<Long> arrivals = sendMany(network(new Links(0, 0, 500, 1_000, 0, true)), 2, 0);
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(arrivals.get(i)).isGreaterThanOrEqualTo(i * 100L + 500);
        }
    }

    @Test
    void aCutIsOneWayUnlessItIsBothWaysAndCutsAddUp() {
        Network network = network(Links.CALM);
        Network.Cut oneWay = network.newCut().oneWay(0, 1);
        Network.Cut bothWays = network.newCut().bothWays(0, 1).bothWays(1, 2);
        network.cut(oneWay);
        assertThat(network.isCut(0, 1)).isTrue();
        assertThat(network.isCut(1, 0)).isFalse();
        network.cut(bothWays);
        network.heal(oneWay);
        assertThat(network.isCut(0, 1)).isTrue();
        assertThat(network.isCut(1, 0)).isTrue();
        assertThat(network.isCut(0, 2)).isFalse();
        assertThat(sendMany(network, 2, 1)).isEmpty();
        network.heal(bothWays);
        assertThat(network.isCut(0, 1)).isFalse();
        assertThat(sendMany(network, 2, 1)).hasSize(MESSAGES);
    }

    @Test
    void aCloggedLinkDeliversAfterwards() {
        Network network = network(Links.CALM);
        network.clog(0, 1, 2_000_000);
        assertThat(sendMany(network, 0, 1)).hasSize(MESSAGES).allMatch(time -> time >= 2_000_000);
        assertThat(sendMany(network, 1, 0)).anyMatch(time -> time < 2_000_000);
    }

    @Test
    void calmEndsEverything() {
        Network network = network(new Links(1, 1, 0, 0, 0, false));
        network.cut(network.newCut().bothWays(0, 1));
        network.clog(0, 1, Long.MAX_VALUE / 2);
        network.calm();
        assertThat(sendMany(network, 0, 1)).hasSize(MESSAGES).allMatch(time -> time < 10_000_000);
    }
}
