// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a log as they were when the store was opened, in a few bytes each: a proposal is made when it is asked
 * for. Immutable.
 */
@SuppressWarnings("JdkObsolete") // The state that is handed out asks for a SortedMap, and no more is needed.
final class FrozenSlots extends AbstractMap<Long, Proposal<Value>> implements SortedMap<Long, Proposal<Value>> {

    private final NavigableMap<Long, SlotPage> pages;
    private final long from;
    private final long to;

    FrozenSlots(NavigableMap<Long, SlotPage> pages) {
        this(pages, 0, Long.MAX_VALUE);
    }

    /** The slots from one, inclusive, to another, exclusive. */
    private FrozenSlots(NavigableMap<Long, SlotPage> pages, long from, long to) {
        this.pages = pages;
        this.from = from;
        this.to = to;
    }

    @Override
    public @Nullable Proposal<Value> get(Object key) {
        if (!(key instanceof Long slot) || slot < from || slot >= to) {
            return null;
        }
        SlotPage page = pages.get(SlotPage.numberOf(slot));
        return page == null ? null : page.at(slot);
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable Comparator<? super Long> comparator() {
        return null;
    }

    @Override
    public SortedMap<Long, Proposal<Value>> subMap(Long first, Long end) {
        return new FrozenSlots(pages, Math.max(from, first), Math.min(to, end));
    }

    @Override
    public SortedMap<Long, Proposal<Value>> headMap(Long end) {
        return subMap(from, end);
    }

    @Override
    public SortedMap<Long, Proposal<Value>> tailMap(Long first) {
        return subMap(first, to);
    }

    @Override
    public Long firstKey() {
        return entrySet().iterator().next().getKey();
    }

    @Override
    public Long lastKey() {
        for (Map.Entry<Long, SlotPage> entry : pages.descendingMap().entrySet()) {
            long first = SlotPage.firstOf(entry.getKey());
            for (long slot = Math.min(to - 1, first + SlotPage.SLOTS - 1); slot >= Math.max(from, first); slot--) {
                if (entry.getValue().segment(slot) != 0) {
                    return slot;
                }
            }
        }
        throw new NoSuchElementException("no slot holds anything");
    }

    @Override
    public Set<Map.Entry<Long, Proposal<Value>>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<Long, Proposal<Value>>> {

        @Override
        public Iterator<Map.Entry<Long, Proposal<Value>>> iterator() {
            return new Walk();
        }

        @Override
        public int size() {
            if (from == 0 && to == Long.MAX_VALUE) {
                return pages.values().stream().mapToInt(SlotPage::held).sum();
            }
            int count = 0;
            for (Map.Entry<Long, Proposal<Value>> unused : this) {
                count++;
            }
            return count;
        }
    }

    private final class Walk implements Iterator<Map.Entry<Long, Proposal<Value>>> {

        private final Iterator<Map.Entry<Long, SlotPage>> rest =
                pages.tailMap(SlotPage.numberOf(from), true).entrySet().iterator();
        private long slot;
        private long end;
        private @Nullable SlotPage page;

        Walk() {
            advance(from);
        }

        private void advance(long next) {
            slot = next;
            while (true) {
                SlotPage current = page;
                if (current != null) {
                    while (slot < end && slot < to && current.segment(slot) == 0) {
                        slot++;
                    }
                    if (slot < end) {
                        return;
                    }
                }
                if (!rest.hasNext()) {
                    page = null;
                    return;
                }
                Map.Entry<Long, SlotPage> entry = rest.next();
                page = entry.getValue();
                slot = Math.max(slot, SlotPage.firstOf(entry.getKey()));
                end = SlotPage.firstOf(entry.getKey()) + SlotPage.SLOTS;
            }
        }

        @Override
        public boolean hasNext() {
            return page != null && slot < to;
        }

        @Override
        public Map.Entry<Long, Proposal<Value>> next() {
            SlotPage current = page;
            Proposal<Value> proposal = current == null || slot >= to ? null : current.at(slot);
            if (proposal == null) {
                throw new NoSuchElementException("no more slots");
            }
            Map.Entry<Long, Proposal<Value>> entry = Map.entry(slot, proposal);
            advance(slot + 1);
            return entry;
        }
    }
}
