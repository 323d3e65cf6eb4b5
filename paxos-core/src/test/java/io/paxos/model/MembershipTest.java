// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final Incarnation ONE = new Incarnation(1);
    private static final Incarnation TWO = new Incarnation(2);

    @Test
    void countsExactlyItsVotersInExactlyTheirIncarnation() {
        Membership membership = Membership.of(Map.of(A, ONE, B, TWO));

        assertThat(membership.counts(new Endpoint(A, ONE))).isTrue();
        assertThat(membership.counts(new Endpoint(B, TWO))).isTrue();
        assertThat(membership.counts(new Endpoint(A, TWO)))
                .as("came back with another store")
                .isFalse();
        assertThat(membership.counts(Endpoint.any(A))).as("incarnation unknown").isFalse();
        assertThat(membership.counts(new Endpoint(NodeId.of("c"), ONE))).isFalse();
    }

    @Test
    void isEqualOnlyToTheSameVector() {
        assertThat(Membership.of(Map.of(A, ONE, B, TWO)))
                .isEqualTo(Membership.of(new TreeMap<>(Map.of(B, TWO, A, ONE))))
                .isNotEqualTo(Membership.of(Map.of(A, ONE, B, ONE)))
                .isNotEqualTo(Membership.of(Map.of(A, ONE)));
    }

    @Test
    void listsItsVotersByNameInWhateverOrderTheyWereGiven() {
        SortedMap<NodeId, Incarnation> backwards = new TreeMap<>(Comparator.reverseOrder());
        backwards.put(A, ONE);
        backwards.put(B, TWO);

        assertThat(new Membership(backwards).endpoints()).containsExactly(new Endpoint(A, ONE), new Endpoint(B, TWO));
        assertThat(new Membership(backwards)).hasToString("{a=1, b=2}");
    }

    @Test
    void keepsItsVotersWhateverBecomesOfTheMapGiven() {
        Map<NodeId, Incarnation> given = new HashMap<>(Map.of(A, ONE));
        Membership membership = Membership.of(given);
        given.put(B, TWO);

        assertThat(membership.voters()).containsExactly(Map.entry(A, ONE));
        assertThatThrownBy(() -> membership.voters().put(B, TWO)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesToBeEmptyAndToBeVague() {
        assertThatThrownBy(() -> Membership.of(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a membership needs at least one voter");
        assertThatThrownBy(() -> Membership.of(Map.of(A, ONE, B, Incarnation.ANY)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every voter needs a definite incarnation: {a=1, b=any}");
    }
}
