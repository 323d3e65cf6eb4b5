// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk in use: what is on it, all that was ever asked of it, and the faults it was told to have. Safe for any thread;
 * operations of several threads come one after the other.
 */
final class Disk {

    private final Moment start;
    private final Image seen;
    private final List<DiskOperation> history = new ArrayList<>();
    private final Faults faults = new Faults();
    private final Locks locks = new Locks();
    private int lastNumber;

    /** Where the last look back ended: the next one is usually at the same moment or a little later. */
    private Moment lookedBack;

    private int lookedBackAt;

    Disk(Moment start, int lastNumber) {
        this.start = start.copy();
        this.seen = start.seen().copy();
        this.lookedBack = start.copy();
        this.lastNumber = lastNumber;
    }

    Faults faults() {
        return faults;
    }

    Locks locks() {
        return locks;
    }

    synchronized int operations() {
        return history.size();
    }

    private void perform(DiskOperation operation) {
        history.add(operation);
        // What is not durable is found by looking back; here only what programs see must be up to date.
        seen.apply(operation);
    }

    /** The disk as it was after so many operations. */
    private Moment at(int operation) {
        if (operation < 0 || operation > history.size()) {
            throw new IllegalArgumentException(
                    "there were " + history.size() + " operations, none has the number " + operation);
        }
        if (operation < lookedBackAt) {
            lookedBack = start.copy();
            lookedBackAt = 0;
        }
        while (lookedBackAt < operation) {
            lookedBack.advance(history.get(lookedBackAt++));
        }
        return lookedBack;
    }

    synchronized long variants(int operation, CrashKind kind) {
        return new Outage(at(operation)).variants(kind);
    }

    synchronized Disk crashed(CrashChoice choice) {
        return new Disk(new Outage(at(choice.operation())).after(choice.kind(), choice.variant()), lastNumber);
    }

    /** A copy at rest of what programs see, with one file damaged. */
    synchronized Disk damaged(Damage damage, int directory, String name) {
        Image image = seen.copy();
        Integer file = image.entries(directory).get(name);
        if (file == null || image.isDirectory(file)) {
            throw new IllegalArgumentException("there is no file " + damage.file());
        }
        if (damage.kind() == Damage.Kind.MISSING) {
            image.apply(new DiskOperation.Unlink(directory, name));
        } else {
            image.put(file, damage.applyTo(image.content(file)));
        }
        return new Disk(Moment.atRest(image), lastNumber);
    }

    /** The number of a file or directory, or -1 if there is none of this path. */
    synchronized int find(List<String> names) {
        int number = Image.ROOT;
        for (String name : names) {
            Integer next = seen.entries(number).get(name);
            if (next == null) {
                return -1;
            }
            number = next;
        }
        return number;
    }

    synchronized boolean isDirectory(int number) {
        return seen.isDirectory(number);
    }

    synchronized Map<String, Integer> entries(int directory) {
        return new TreeMap<>(seen.entries(directory));
    }

    synchronized long size(int file) {
        return seen.content(file).size();
    }

    synchronized int read(int file, long offset, ByteBuffer into) throws IOException {
        faults.read();
        return seen.content(file).read(offset, into);
    }

    synchronized int write(int file, long offset, byte[] bytes) throws IOException {
        Faults.Fate fate = faults.write(bytes.length);
        if (fate.written() > 0) {
            byte[] written = fate.written() == bytes.length ? bytes : Arrays.copyOf(bytes, fate.written());
            perform(new DiskOperation.Write(file, offset, written));
        }
        if (fate.failure() != null) {
            throw new IOException(fate.failure());
        }
        return fate.written();
    }

    synchronized void truncate(int file, long size) throws IOException {
        if (size < size(file)) {
            Faults.Fate fate = faults.write(0);
            if (fate.failure() != null) {
                throw new IOException(fate.failure());
            }
            perform(new DiskOperation.Resize(file, size));
        }
    }

    synchronized void force(int number) throws IOException {
        boolean failed = faults.force();
        perform(new DiskOperation.Force(number, failed));
        if (failed) {
            throw new IOException("Input/output error");
        }
    }

    synchronized int create(int directory, String name, boolean isDirectory) throws IOException {
        faults.entry();
        int number = ++lastNumber;
        perform(new DiskOperation.Link(directory, name, number, isDirectory));
        return number;
    }

    synchronized void delete(int directory, String name) throws IOException {
        faults.entry();
        perform(new DiskOperation.Unlink(directory, name));
    }

    synchronized void rename(int from, String oldName, int to, String newName, int number) throws IOException {
        faults.entry();
        perform(new DiskOperation.Rename(from, oldName, to, newName, number));
    }
}
