// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a file, immutable: a change gives a new content that shares all pages it did not touch, so that thousands
 * of states of one disk cost little more than one. Places never written hold zeros and take no memory.
 */
final class Content {

    /** An empty file. */
    static final Content EMPTY = new Content(new byte[0][], 0);

    private static final int PAGE = 4096;
    private static final byte[] ZEROS = new byte[PAGE];

    private final byte[][] pages;
    private final long size;

    private Content(byte[][] pages, long size) {
        this.pages = pages;
        this.size = size;
    }

    long size() {
        return size;
    }

    private static int pagesFor(long size) {
        return Math.toIntExact((size + PAGE - 1) / PAGE);
    }

    private byte[][] pages(int count) {
        byte[][] copy = Arrays.copyOf(pages, count);
        if (count > pages.length) {
            Arrays.fill(copy, pages.length, count, ZEROS);
        }
        return copy;
    }

    Content write(long offset, byte[] bytes) {
        return write(offset, bytes, 0, bytes.length);
    }

    Content write(long offset, byte[] bytes, int from, int to) {
        if (from == to) {
            return this;
        }
        long newSize = Math.max(size, offset + to - from);
        byte[][] changed = pages(pagesFor(newSize));
        long at = offset;
        int next = from;
        while (next < to) {
            int page = (int) (at / PAGE);
            int within = (int) (at % PAGE);
            int length = Math.min(PAGE - within, to - next);
            byte[] copy = changed[page].clone();
            System.arraycopy(bytes, next, copy, within, length);
            changed[page] = copy;
            at += length;
            next += length;
        }
        return new Content(changed, newSize);
    }

    /** Cuts it, or appends zeros. */
    Content resize(long newSize) {
        if (newSize == size) {
            return this;
        }
        byte[][] changed = pages(pagesFor(newSize));
        int within = (int) (newSize % PAGE);
        if (newSize < size && within != 0) {
            byte[] last = changed[changed.length - 1].clone();
            Arrays.fill(last, within, PAGE, (byte) 0);
            changed[changed.length - 1] = last;
        }
        return new Content(changed, newSize);
    }

    /** Reads what fits, and says how much that was, -1 at the end. */
    int read(long offset, ByteBuffer into) {
        if (offset >= size) {
            return into.hasRemaining() ? -1 : 0;
        }
        int length = (int) Math.min(into.remaining(), size - offset);
        long at = offset;
        int left = length;
        while (left > 0) {
            int within = (int) (at % PAGE);
            int piece = Math.min(PAGE - within, left);
            into.put(pages[(int) (at / PAGE)], within, piece);
            at += piece;
            left -= piece;
        }
        return length;
    }

    byte at(long offset) {
        return pages[(int) (offset / PAGE)][(int) (offset % PAGE)];
    }

    /** The bytes of a range; behind the end there are zeros. */
    byte[] range(long offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int unused = read(offset, bytes);
        return bytes.array();
    }
}
