// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Situations of a search from which no order goes on. What leads nowhere with some open calls used up leads nowhere with
 * more of them used up either, so of the sets of used calls only the smallest are kept.
 */
final class DeadEnds {

    /**
     * What matters besides the open calls that are used up.
     *
     * @param due which answer is due
     * @param ahead which calls have a place before their answers are due
     * @param state the state
     */
    record Situation(int due, BitSet ahead, Object state) {}

    private final Map<Situation, List<BitSet>> usedUp = new HashMap<>();
    private int size;

    /** How many are remembered. */
    int size() {
        return size;
    }

    void add(Situation situation, BitSet used) {
        List<BitSet> all = usedUp.computeIfAbsent(situation, s -> new ArrayList<>(1));
        size -= all.size();
        all.removeIf(known -> isWithin(used, known));
        all.add((BitSet) used.clone());
        size += all.size();
    }

    boolean contains(Situation situation, BitSet used) {
        List<BitSet> all = usedUp.get(situation);
        if (all != null) {
            for (BitSet known : all) {
                if (isWithin(known, used)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isWithin(BitSet small, BitSet large) {
        for (int i = small.nextSetBit(0); i >= 0; i = small.nextSetBit(i + 1)) {
            if (!large.get(i)) {
                return false;
            }
        }
        return true;
    }
}
