// SPDX-License-Identifier: Apache-2.0
package io.paxos.decree;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The decided decrees, of which none is ever forgotten (rule 15), in little more memory than their names and values
 * take: those lie one behind the other in pages of bytes, found by hash tables of one {@code long} for each. The tables
 * are many and small, so that none takes long to grow.
 */
final class DecidedDecrees {

    private static final int TABLES = 256;
    private static final int FIRST_PAGE_BYTES = 1 << 12;
    private static final int PAGE_BITS = 18;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int TAG_SHIFT = 48;
    private static final long PLACE_MASK = (1L << TAG_SHIFT) - 1;
    private static final int HEAD_BYTES = Short.BYTES + Integer.BYTES;

    private final long seed;
    private final Table[] tables = new Table[TABLES];
    private final List<byte[]> pages = new ArrayList<>();
    private long pageBytes;
    private int openPage = -1;
    private int openFrom;
    private long count;

    /**
     * Nothing decided yet.
     *
     * @param seed stirs the hashes, so that nobody can choose names that collide
     */
    DecidedDecrees(long seed) {
        this.seed = seed;
        Arrays.setAll(tables, i -> new Table());
    }

    /** The value decided for this name, or null. */
    @Nullable
    Payload get(DecreeName name) {
        byte[] key = name.name().getBytes(StandardCharsets.UTF_8);
        long hash = hash(key, 0, key.length);
        Table table = tables[tableOf(hash)];
        int at = table.find(hash, key);
        return table.slots[at] == 0 ? null : value(table.slots[at]);
    }

    /**
     * Adds a decree.
     *
     * @throws IllegalStateException if the name has been decided before
     */
    void put(DecreeName name, Payload value) {
        byte[] key = name.name().getBytes(StandardCharsets.UTF_8);
        long hash = hash(key, 0, key.length);
        Table table = tables[tableOf(hash)];
        if (table.slots[table.find(hash, key)] != 0) {
            throw new IllegalStateException("decree " + name + " has been decided before");
        }
        table.add(hash, (hash & ~PLACE_MASK) | write(key, value));
        count++;
    }

    /**
     * Reads some of them, in the order in which they lie here; what is added meanwhile is read or not.
     *
     * @param from where to begin: 0, or what was returned before
     * @param reader is told each, until it takes one no more
     * @return where that one lies, to go on there, or -1 if that is all
     */
    long read(long from, BiPredicate<DecreeName, Payload> reader) {
        // Whoever asks names the place. So the way there is gone entry by entry, lest a wrong one lead into the midst
        // of one.
        long skipped = from & PAGE_BYTES - 1;
        for (long number = from >>> PAGE_BITS; number < pages.size(); number++) {
            byte[] page = pages.get((int) number);
            int offset = 0;
            // No name is empty, and what nothing was written to is zero.
            while (offset + HEAD_BYTES < page.length && keyLength(page, offset) > 0) {
                if (offset >= skipped && !reader.test(nameAt(page, offset), valueAt(page, offset))) {
                    return number << PAGE_BITS | offset;
                }
                offset += HEAD_BYTES + keyLength(page, offset) + valueLength(page, offset);
            }
            skipped = 0;
        }
        return -1;
    }

    /** How many are decided. */
    long size() {
        return count;
    }

    /** How many bytes of memory all this takes, but for a few that do not grow. */
    long memoryBytes() {
        long sum = pageBytes;
        for (Table table : tables) {
            sum += (long) Long.BYTES * table.slots.length;
        }
        return sum;
    }

    /** The longest way from where a name is looked for first to where it is found. */
    int longestWay() {
        int longest = 0;
        for (Table table : tables) {
            longest = Math.max(longest, table.longestWay());
        }
        return longest;
    }

    private long write(byte[] key, Payload value) {
        int length = HEAD_BYTES + key.length + value.size();
        int page;
        int offset;
        if (length > PAGE_BYTES / 8) {
            page = newPage(length);
            offset = 0;
        } else {
            if (openPage < 0 || pages.get(openPage).length - openFrom < length) {
                int bytes = (int) Math.min(PAGE_BYTES, (long) FIRST_PAGE_BYTES << Math.min(30, pages.size()));
                openPage = newPage(Math.max(bytes, length));
                openFrom = 0;
            }
            page = openPage;
            offset = openFrom;
            openFrom += length;
        }
        byte[] bytes = pages.get(page);
        int at = offset;
        bytes[at++] = (byte) (key.length >>> 8);
        bytes[at++] = (byte) key.length;
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[at++] = (byte) (value.size() >>> shift);
        }
        System.arraycopy(key, 0, bytes, at, key.length);
        value.asByteBuffer().get(bytes, at + key.length, value.size());
        return ((long) (page + 1) << PAGE_BITS) | offset;
    }

    private int newPage(int bytes) {
        pages.add(new byte[bytes]);
        pageBytes += bytes;
        return pages.size() - 1;
    }

    private byte[] page(long slot) {
        return pages.get((int) ((slot & PLACE_MASK) >>> PAGE_BITS) - 1);
    }

    private static int offset(long slot) {
        return (int) (slot & (PAGE_BYTES - 1));
    }

    private static int keyLength(byte[] page, int offset) {
        return (page[offset] & 0xff) << 8 | (page[offset + 1] & 0xff);
    }

    private Payload value(long slot) {
        return valueAt(page(slot), offset(slot));
    }

    private static int valueLength(byte[] page, int offset) {
        int length = 0;
        for (int i = Short.BYTES; i < HEAD_BYTES; i++) {
            length = length << 8 | (page[offset + i] & 0xff);
        }
        return length;
    }

    private static DecreeName nameAt(byte[] page, int offset) {
        return new DecreeName(new String(page, offset + HEAD_BYTES, keyLength(page, offset), StandardCharsets.UTF_8));
    }

    private static Payload valueAt(byte[] page, int offset) {
        int from = offset + HEAD_BYTES + keyLength(page, offset);
        return Payload.wrap(Arrays.copyOfRange(page, from, from + valueLength(page, offset)));
    }

    private boolean holds(long slot, byte[] key) {
        byte[] page = page(slot);
        int from = offset(slot) + HEAD_BYTES;
        return keyLength(page, offset(slot)) == key.length
                && Arrays.equals(page, from, from + key.length, key, 0, key.length);
    }

    private long hashAt(long slot) {
        byte[] page = page(slot);
        int from = offset(slot) + HEAD_BYTES;
        return hash(page, from, from + keyLength(page, offset(slot)));
    }

    private long hash(byte[] bytes, int from, int to) {
        long h = seed;
        for (int i = from; i < to; i++) {
            h = (h ^ bytes[i]) * 0x100000001b3L;
            h ^= h >>> 29;
        }
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }

    private static int tableOf(long hash) {
        return (int) hash & (TABLES - 1);
    }

    /** Open addressing: a name lies in the first free slot from where its hash points. */
    private final class Table {
        private long[] slots = new long[4];
        private int used;

        int find(long hash, byte[] key) {
            int at = home(hash);
            while (slots[at] != 0 && ((slots[at] ^ hash) >>> TAG_SHIFT != 0 || !holds(slots[at], key))) {
                at = at + 1 & slots.length - 1;
            }
            return at;
        }

        void add(long hash, long slot) {
            if ((used + 1) * 4L > slots.length * 3L) {
                grow();
            }
            place(hash, slot);
            used++;
        }

        int longestWay() {
            int longest = 0;
            for (int at = 0; at < slots.length; at++) {
                if (slots[at] != 0) {
                    longest = Math.max(longest, at - home(hashAt(slots[at])) & slots.length - 1);
                }
            }
            return longest;
        }

        private void grow() {
            long[] old = slots;
            slots = new long[old.length * 2];
            for (long slot : old) {
                if (slot != 0) {
                    place(hashAt(slot), slot);
                }
            }
        }

        private void place(long hash, long slot) {
            int at = home(hash);
            while (slots[at] != 0) {
                at = at + 1 & slots.length - 1;
            }
            slots[at] = slot;
        }

        private int home(long hash) {
            return (int) (hash >>> 8) & slots.length - 1;
        }
    }
}
