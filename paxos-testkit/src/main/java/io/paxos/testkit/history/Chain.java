// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.history;

/** Numbers from 0 on, of which some are taken out and put back, the last taken out first. */
final class Chain {

    private final int size;
    private final int[] next;
    private final int[] previous;

    Chain(int size) {
        this.size = size;
        this.next = new int[size + 1];
        this.previous = new int[size + 1];
        for (int i = 0; i <= size; i++) {
            next[i] = i == size ? 0 : i + 1;
            previous[i] = i == 0 ? size : i - 1;
        }
    }

    /** The first number that is in it, or the size if none is. */
    int first() {
        return next[size];
    }

    /** The one after this, or the size if it is the last. */
    int after(int number) {
        return next[number];
    }

    void takeOut(int number) {
        next[previous[number]] = next[number];
        previous[next[number]] = previous[number];
    }

    void putBack(int number) {
        next[previous[number]] = number;
        previous[next[number]] = number;
    }
}
