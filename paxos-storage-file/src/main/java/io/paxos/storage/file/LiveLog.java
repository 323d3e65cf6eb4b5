// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Ballot;
import io.paxos.model.GroupId;
import io.paxos.model.Value;
import io.paxos.spi.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one log's writes add up to, and which segment holds the newest record of each part. */
final class LiveLog {

    /** About what a slot takes besides its value. */
    private static final int SLOT_BYTES = 16;

    private static final int SCALAR_BYTES = 64;

    private final GroupId group;
    private final SegmentUse use;
    private final TreeMap<Long, SlotPage> pages = new TreeMap<>();
    private Ballot promised = Ballot.ZERO;
    private int promisedIn;
    private long decided;
    private int decidedIn;
    private long compacted;
    private int compactedIn;

    LiveLog(GroupId group, SegmentUse use) {
        this.group = group;
        this.use = use;
    }

    Ballot promised() {
        return promised;
    }

    long decided() {
        return decided;
    }

    long compacted() {
        return compacted;
    }

    void promise(Ballot ballot, int segment) {
        // An equal ballot is as good a proof of the promise, and a newer one.
        if (ballot.compareTo(promised) >= 0) {
            promised = ballot;
            promisedIn = move(promisedIn, segment);
        }
    }

    void decide(long upTo, int segment) {
        if (upTo >= decided) {
            decided = upTo;
            // Being compacted implies being decided: then the mark of that is record enough.
            decidedIn = move(decidedIn, upTo > compacted ? segment : 0);
        }
    }

    void put(long first, Ballot ballot, List<Value> values, int segment) {
        long slot = first;
        for (Value value : values) {
            if (slot > compacted) {
                put(slot, ballot, value, segment);
            }
            slot++;
        }
    }

    private void put(long slot, Ballot ballot, Value value, int segment) {
        SlotPage page = writable(SlotPage.numberOf(slot));
        release(page, slot);
        page.put(slot, ballot, value, segment);
        use.add(segment, bytes(value));
    }

    void trim(long upTo, int segment) {
        if (upTo < compacted) {
            return;
        }
        compactedIn = move(compactedIn, segment);
        long from = compacted + 1;
        compacted = upTo;
        if (decided <= upTo) {
            decided = upTo;
            decidedIn = move(decidedIn, 0);
        }
        clear(from, upTo);
    }

    /** The slots beyond the decided ones hold nothing any more. */
    void forgetUndecided() {
        clear(decided + 1, Long.MAX_VALUE);
    }

    private void clear(long from, long upTo) {
        if (from > upTo) {
            return;
        }
        List<Long> numbers = new ArrayList<>(pages.subMap(SlotPage.numberOf(from), true, SlotPage.numberOf(upTo), true)
                .keySet());
        for (long number : numbers) {
            SlotPage page = writable(number);
            long first = Math.max(from, SlotPage.firstOf(number));
            long last = Math.min(upTo, SlotPage.firstOf(number) + SlotPage.SLOTS - 1);
            for (long slot = first; slot <= last && slot >= first; slot++) {
                release(page, slot);
                page.clear(slot);
            }
            if (page.isEmpty()) {
                pages.remove(number);
            }
        }
    }

    private void release(SlotPage page, long slot) {
        int segment = page.segment(slot);
        if (segment != 0) {
            use.remove(segment, bytes(page.value(slot)));
        }
    }

    private SlotPage writable(long number) {
        SlotPage page = pages.get(number);
        if (page == null) {
            page = new SlotPage();
            pages.put(number, page);
        } else if (page.isShared()) {
            page = page.copy();
            pages.put(number, page);
        }
        return page;
    }

    private int move(int from, int to) {
        use.remove(from, SCALAR_BYTES);
        use.add(to, SCALAR_BYTES);
        return to;
    }

    private static long bytes(Value value) {
        return (long) SLOT_BYTES + value.weight();
    }

    /** What the slots hold, which does not change any more. */
    FrozenSlots freeze() {
        pages.values().forEach(SlotPage::share);
        return new FrozenSlots(new TreeMap<>(pages));
    }

    /**
     * The writes that tell again what has its newest record in a segment, a part at a time.
     *
     * @param maxBytes about how much to tell, at least one write if there is any
     * @return the writes, none if nothing is left there
     */
    List<Write> tellAgain(int segment, long maxBytes) {
        List<Write> writes = new ArrayList<>();
        if (promisedIn == segment) {
            writes.add(new Write.PromiseWrite(group, promised));
        }
        if (compactedIn == segment) {
            writes.add(new Write.TrimWrite(group, compacted));
        }
        if (decidedIn == segment) {
            writes.add(new Write.DecidedWrite(group, decided));
        }
        long bytes = (long) SCALAR_BYTES * writes.size();
        for (Map.Entry<Long, SlotPage> entry : pages.entrySet()) {
            if (bytes >= maxBytes && !writes.isEmpty()) {
                break;
            }
            bytes += tellAgain(entry.getKey(), entry.getValue(), segment, maxBytes - bytes, writes);
        }
        return writes;
    }

    private long tellAgain(long number, SlotPage page, int segment, long maxBytes, List<Write> writes) {
        long bytes = 0;
        long end = SlotPage.firstOf(number) + SlotPage.SLOTS;
        for (long slot = SlotPage.firstOf(number); slot < end && (bytes < maxBytes || bytes == 0); slot++) {
            if (page.segment(slot) != segment) {
                continue;
            }
            long first = slot;
            Ballot ballot = page.ballot(slot);
            List<Value> values = new ArrayList<>();
            do {
                values.add(page.value(slot));
                bytes += bytes(page.value(slot));
                slot++;
            } while (slot < end
                    && bytes < maxBytes
                    && page.segment(slot) == segment
                    && page.ballot(slot).equals(ballot));
            slot--;
            writes.add(
                    ballot.isZero()
                            ? new Write.LearnWrite(group, first, values)
                            : new Write.AcceptWrite(group, ballot, first, values));
        }
        return bytes;
    }
}
