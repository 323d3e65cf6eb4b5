// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RendezvousTest {

    private static final List<NodeId> NODES =
            List.of(NodeId.of("n1"), NodeId.of("n2"), NodeId.of("n3"), NodeId.of("n4"), NodeId.of("n5"));

    private static NodeId preferred(GroupId group, List<NodeId> nodes) {
        return nodes.stream()
                .max(Comparator.comparing(node -> Rendezvous.weight(group, node)))
                .orElseThrow();
    }

    private static List<GroupId> groups(String prefix) {
        List<GroupId> groups = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            groups.add(GroupId.of(prefix + i));
        }
        return groups;
    }

    @Test
    void eachNodeIsPreferredByAboutAsManyLogsAsAnyOther() {
        for (String prefix : List.of("g", "orders-", "log.of.customer.", "")) {
            Map<NodeId, Integer> counts = new HashMap<>();
            groups("x" + prefix).forEach(group -> counts.merge(preferred(group, NODES), 1, Integer::sum));
            assertThat(counts).hasSize(5);
            assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(880, 1120));
        }
    }

    @Test
    void whenANodeGoesOnlyTheLogsThatPreferredItPreferOthersAndTheseAreSpread() {
        List<NodeId> left = NODES.subList(1, 5);
        Map<NodeId, Integer> heirs = new HashMap<>();
        for (GroupId group : groups("g")) {
            NodeId before = preferred(group, NODES);
            if (before.equals(NODES.get(0))) {
                heirs.merge(preferred(group, left), 1, Integer::sum);
            } else {
                assertThat(preferred(group, left)).isEqualTo(before);
            }
        }
        assertThat(heirs).hasSize(4);
        assertThat(heirs.values()).allSatisfy(count -> assertThat(count).isBetween(190, 310));
    }

    /** Nodes of two releases must come to the same order. */
    @Test
    void weightsAreWhatTheyWere() {
        assertThat(Rendezvous.weight(GroupId.of("log"), NodeId.of("n1"))).isEqualTo(764_501_263);
        assertThat(Rendezvous.weight(GroupId.of("log"), NodeId.of("n2"))).isEqualTo(1_547_908_462);
        assertThat(Rendezvous.weight(new GroupId("log", 1), NodeId.of("n1"))).isEqualTo(1_989_759_405);
        assertThat(Rendezvous.weight(GroupId.of("logn"), NodeId.of("1"))).isEqualTo(612_139_928);
    }

    @Test
    void aWeightIsNeverNegative() {
        groups("g")
                .forEach(group -> NODES.forEach(
                        node -> assertThat(Rendezvous.weight(group, node)).isNotNegative()));
    }
}
