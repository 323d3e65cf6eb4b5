// SPDX-License-Identifier: Apache-2.0
package io.paxos.storage.file;

import io.paxos.model.DecreeName;
import io.paxos.model.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The decided decrees as they are read back, in little more memory than their names and values take: those lie one behind
 * the other in pages, found by one table of hashes. The first value of a name stays. Read-only once it is handed out.
 */
final class DecidedNames extends AbstractMap<DecreeName, Payload> {

    private static final int FIRST_PAGE_BYTES = 1 << 12;
    private static final int PAGE_BITS = 18;
    private static final int PAGE_BYTES = 1 << PAGE_BITS;
    private static final int HEAD_BYTES = Short.BYTES + Integer.BYTES;

    private final List<byte[]> pages = new ArrayList<>();
    private int used;
    private long[] places = new long[64];
    private int count;

    /** Adds a decision, unless the name is there already. */
    void add(DecreeName name, Payload value) {
        byte[] key = name.name().getBytes(StandardCharsets.UTF_8);
        int at = find(key);
        if (places[at] != 0) {
            return;
        }
        places[at] = store(key, value);
        count++;
        if (count * 2L > places.length) {
            grow();
        }
    }

    boolean contains(DecreeName name) {
        return places[find(name.name().getBytes(StandardCharsets.UTF_8))] != 0;
    }

    @Override
    public int size() {
        return count;
    }

    @Override
    public boolean containsKey(Object key) {
        return key instanceof DecreeName name && contains(name);
    }

    @Override
    public @Nullable Payload get(Object key) {
        if (!(key instanceof DecreeName name)) {
            return null;
        }
        long place = places[find(name.name().getBytes(StandardCharsets.UTF_8))];
        return place == 0 ? null : value(place);
    }

    @Override
    public Set<Map.Entry<DecreeName, Payload>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<DecreeName, Payload>> iterator() {
                return new Walk();
            }

            @Override
            public int size() {
                return count;
            }
        };
    }

    private long store(byte[] key, Payload value) {
        int length = HEAD_BYTES + key.length + value.size();
        if (pages.isEmpty() || pages.get(pages.size() - 1).length - used < length) {
            int bytes = (int) Math.min(PAGE_BYTES, (long) FIRST_PAGE_BYTES << Math.min(30, pages.size()));
            pages.add(new byte[Math.max(bytes, length)]);
            used = 0;
        }
        // The offset always fits: what is longer than a page has one to itself, and begins there.
        long place = (long) pages.size() << PAGE_BITS | used;
        ByteBuffer.wrap(pages.get(pages.size() - 1), used, length)
                .putShort((short) key.length)
                .putInt(value.size())
                .put(key)
                .put(value.asByteBuffer());
        used += length;
        return place;
    }

    private byte[] page(long place) {
        return pages.get((int) (place >>> PAGE_BITS) - 1);
    }

    private static int offset(long place) {
        return (int) (place & (PAGE_BYTES - 1));
    }

    private static int keyLength(byte[] page, int at) {
        return (page[at] & 0xff) << 8 | (page[at + 1] & 0xff);
    }

    private DecreeName name(long place) {
        byte[] page = page(place);
        int at = offset(place);
        return new DecreeName(new String(page, at + HEAD_BYTES, keyLength(page, at), StandardCharsets.UTF_8));
    }

    private Payload value(long place) {
        byte[] page = page(place);
        int at = offset(place);
        int from = at + HEAD_BYTES + keyLength(page, at);
        int length = ByteBuffer.wrap(page).getInt(at + Short.BYTES);
        return Payload.wrap(Arrays.copyOfRange(page, from, from + length));
    }

    private boolean isAt(long place, byte[] key) {
        byte[] page = page(place);
        int at = offset(place);
        int from = at + HEAD_BYTES;
        return keyLength(page, at) == key.length && Arrays.equals(page, from, from + key.length, key, 0, key.length);
    }

    private int find(byte[] key) {
        int at = home(hash(key, 0, key.length));
        while (places[at] != 0 && !isAt(places[at], key)) {
            at = at + 1 & places.length - 1;
        }
        return at;
    }

    private int home(int hash) {
        return hash & places.length - 1;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int h = 0;
        for (int i = from; i < to; i++) {
            h = (h ^ bytes[i]) * 0x01000193;
            h ^= h >>> 15;
        }
        h = (h ^ h >>> 16) * 0x85ebca6b;
        return h ^ h >>> 13;
    }

    private void grow() {
        long[] old = places;
        places = new long[old.length * 2];
        for (long place : old) {
            if (place != 0) {
                byte[] page = page(place);
                int from = offset(place) + HEAD_BYTES;
                int at = home(hash(page, from, from + keyLength(page, offset(place))));
                while (places[at] != 0) {
                    at = at + 1 & places.length - 1;
                }
                places[at] = place;
            }
        }
    }

    private final class Walk implements Iterator<Map.Entry<DecreeName, Payload>> {
        private int at = -1;

        Walk() {
            advance();
        }

        private void advance() {
            do {
                at++;
            } while (at < places.length && places[at] == 0);
        }

        @Override
        public boolean hasNext() {
            return at < places.length;
        }

        @Override
        public Map.Entry<DecreeName, Payload> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no more decrees");
            }
            long place = places[at];
            advance();
            return Map.entry(name(place), value(place));
        }
    }
}
