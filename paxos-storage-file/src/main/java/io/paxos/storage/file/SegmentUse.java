// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import java.util.Arrays;

/**
 * How much in each segment is still needed: how many records hold the newest word on something, and how many decided
 * decrees lie there. Segments are counted from 1; 0 stands for nowhere.
 */
final class SegmentUse {

    private int base = 1;
    private int[] live = new int[16];
    private int[] decided = new int[16];
    private long liveBytes;

    /** Something has its newest record there. */
    void add(int segment, long bytes) {
        if (segment > 0) {
            int at = index(segment);
            live[at]++;
            liveBytes += bytes;
        }
    }

    /** It has it there no longer. */
    void remove(int segment, long bytes) {
        if (segment > 0) {
            int at = index(segment);
            live[at]--;
            liveBytes -= bytes;
        }
    }

    void decided(int segment) {
        int at = index(segment);
        decided[at]++;
    }

    /** How many records there are needed, but for decided decrees. */
    int live(long segment) {
        int at = (int) segment - base;
        return at < live.length ? live[at] : 0;
    }

    boolean hasDecided(long segment) {
        int at = (int) segment - base;
        return at < decided.length && decided[at] > 0;
    }

    /** About how many bytes all that is needed would take, but for decided decrees. */
    long liveBytes() {
        return liveBytes;
    }

    /** The segments before this one are gone. */
    void forgetBefore(long segment) {
        int gone = (int) segment - base;
        if (gone > 0) {
            int kept = Math.max(0, live.length - gone);
            live = Arrays.copyOf(Arrays.copyOfRange(live, live.length - kept, live.length), Math.max(16, kept));
            decided = Arrays.copyOf(
                    Arrays.copyOfRange(decided, decided.length - kept, decided.length), Math.max(16, kept));
            base = (int) segment;
        }
    }

    /** Where a segment is counted. The arrays may be other ones afterwards. */
    private int index(int segment) {
        int at = segment - base;
        if (at < 0) {
            throw new IllegalStateException("segment " + segment + " is gone, the first is " + base);
        }
        if (at >= live.length) {
            int length = Math.max(at + 1, 2 * live.length);
            live = Arrays.copyOf(live, length);
            decided = Arrays.copyOf(decided, length);
        }
        return at;
    }
}
