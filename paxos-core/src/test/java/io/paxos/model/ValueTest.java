// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ValueTest {

    private static Value.Command command(int bytes) {
        return new Value.Command(new CommandId(1, 2), 0, LogTime.ZERO, Payload.utf8("x".repeat(bytes)));
    }

    /** Limits in bytes are no limits if something weighs nothing. */
    @Test
    void everyValueWeighsSomethingAndACommandAsMuchMoreAsItIsLonger() {
        assertThat(Value.NO_OP.weight()).isPositive();
        assertThat(new Value.OpenSession(NodeId.of("a"), 1, LogTime.ZERO).weight())
                .isPositive();
        assertThat(command(0).weight()).isPositive();
        assertThat(command(1000).weight()).isEqualTo(command(0).weight() + 1000);
    }

    @Test
    void timesCompareAsTheirMilliseconds() {
        assertThat(new LogTime(-1)).isLessThan(LogTime.ZERO);
        assertThat(new LogTime(5)).isGreaterThan(new LogTime(4)).isEqualByComparingTo(new LogTime(5));
    }

    @Test
    void equalBytesMakeEqualPayloadsOfEqualHash() {
        Payload one = Payload.utf8("one");
        assertThat(Payload.utf8("one")).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(Payload.utf8("two").hashCode()).isNotEqualTo(one.hashCode());
    }

    @Test
    void aChangeOfMembershipWeighsMoreTheMoreNodesItNames() {
        int one = change(1, 0).weight();
        assertThat(one).isPositive();
        assertThat(change(5, 0).weight()).isEqualTo(one + 4 * 64);
        assertThat(change(1, 3).weight()).isEqualTo(one + 3 * 48);
    }

    private static Value.Reconfigure change(int voters, int observers) {
        Map<NodeId, Incarnation> vote = new TreeMap<>();
        for (int i = 0; i < voters; i++) {
            vote.put(NodeId.of("v" + i), new Incarnation(1));
        }
        SortedSet<NodeId> observe = new TreeSet<>();
        for (int i = 0; i < observers; i++) {
            observe.add(NodeId.of("o" + i));
        }
        return new Value.Reconfigure(new Configuration(1, Membership.of(vote), observe));
    }
}
