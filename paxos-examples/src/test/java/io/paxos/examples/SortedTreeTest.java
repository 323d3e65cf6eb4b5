// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedTreeTest {

    @Test
    void itHoldsWhatATreeMapHolds() {
        SplittableRandom random = new SplittableRandom(1);
        SortedTree<String, Integer> tree = SortedTree.empty(Comparator.naturalOrder());
        TreeMap<String, Integer> expected = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            String key = "k" + random.nextInt(300);
            if (random.nextInt(3) == 0) {
                tree = tree.without(key);
                expected.remove(key);
            } else {
                tree = tree.with(key, i);
                expected.put(key, i);
            }
            assertThat(tree.size()).isEqualTo(expected.size());
            assertThat(tree.get(key)).isEqualTo(expected.get(key));
            if (i % 100 == 0) {
                assertThat(entries(tree)).containsExactlyEntriesOf(expected);
            }
        }
    }

    @Test
    void anOlderOneStaysAsItWas() {
        SortedTree<String, Integer> before = SortedTree.empty(Comparator.naturalOrder());
        for (int i = 0; i < 100; i++) {
            before = before.with("k" + i, i);
        }
        Map<String, Integer> entries = entries(before);

        SortedTree<String, Integer> after = before;
        for (int i = 0; i < 100; i++) {
            after = i % 2 == 0 ? after.with("k" + i, -i) : after.without("k" + i);
        }

        assertThat(after.size()).isEqualTo(50);
        assertThat(entries(before)).isEqualTo(entries).hasSize(100);
    }

    @Test
    void itStaysLowThoughTheKeysComeInOrder() {
        SortedTree<String, Integer> tree = SortedTree.empty(Comparator.naturalOrder());
        for (int i = 0; i < 1 << 16; i++) {
            tree = tree.with(String.format("%05d", i), i);
        }
        assertThat(tree.height()).isBetween(16, 24);
        for (int i = 0; i < (1 << 16) - 255; i++) {
            tree = tree.without(String.format("%05d", i));
        }
        assertThat(tree.height()).isBetween(8, 12);
    }

    /** In the order in which they are visited. */
    private static <V> Map<String, V> entries(SortedTree<String, V> tree) {
        Map<String, V> entries = new LinkedHashMap<>();
        tree.forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        return entries;
    }
}
