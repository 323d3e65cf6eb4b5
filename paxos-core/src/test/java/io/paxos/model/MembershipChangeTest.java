// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MembershipChangeTest {

    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");

    private static SortedSet<NodeId> nodes(NodeId... nodes) {
        return new TreeSet<>(Set.of(nodes));
    }

    private static void assertRefused(SortedSet<NodeId> vote, SortedSet<NodeId> observe, SortedSet<NodeId> remove) {
        assertThatThrownBy(() -> new MembershipChange(vote, observe, remove, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a node can only vote, observe or leave");
    }

    @Test
    void aNodeIsNamedOnce() {
        assertThat(new MembershipChange(nodes(A), nodes(B), nodes(C), 0).amends())
                .isZero();
        assertRefused(nodes(A), nodes(A), nodes());
        assertRefused(nodes(A), nodes(), nodes(A, B));
        assertRefused(nodes(), nodes(B, C), nodes(C));
    }

    @Test
    void aChangeThatNamesNobodyIsRefused() {
        assertThatThrownBy(() -> new MembershipChange(nodes(), nodes(), nodes(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one node");
    }

    @Test
    void versionsAreNumberedFromZeroAndTheLatestNeedNotBeKnown() {
        assertThat(MembershipChange.add(A).amends()).isEqualTo(MembershipChange.LATEST);
        assertThat(MembershipChange.add(A).amending(7).amends()).isEqualTo(7);
        assertThatThrownBy(() -> MembershipChange.add(A).amending(-2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not -2");
    }

    @Test
    void eachKindOfChangeNamesItsNodesInItsPart() {
        assertThat(MembershipChange.add(A, B)).isEqualTo(new MembershipChange(nodes(A, B), nodes(), nodes(), -1));
        assertThat(MembershipChange.observe(A)).isEqualTo(new MembershipChange(nodes(), nodes(A), nodes(), -1));
        assertThat(MembershipChange.remove(A)).isEqualTo(new MembershipChange(nodes(), nodes(), nodes(A), -1));
        assertThat(MembershipChange.replace(A, B)).isEqualTo(new MembershipChange(nodes(B), nodes(), nodes(A), -1));
        assertThat(MembershipChange.replace(A, A))
                .as("the store it has now in the place of the one it lost")
                .isEqualTo(MembershipChange.add(A));
    }
}
