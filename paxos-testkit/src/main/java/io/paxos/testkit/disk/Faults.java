// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what is asked of a disk, and lets it fail where that was ordered. */
final class Faults {

    private static final String BROKEN = "Input/output error";
    private static final String FULL = "No space left on device";

    private final Map<DiskCount, Long> counts = new EnumMap<>(DiskCount.class);
    private @Nullable LiveFault fault;
    private boolean met;

    void arm(@Nullable LiveFault next) {
        fault = next;
        met = false;
    }

    /** Whether the fault that was ordered has come to pass. */
    boolean met() {
        return met;
    }

    long count(DiskCount what) {
        return counts.getOrDefault(what, 0L);
    }

    private boolean strikes(DiskCount what, LiveFault.Kind kind) {
        boolean now = fault != null && fault.kind() == kind && count(what) == fault.at();
        met |= now;
        return now;
    }

    private void add(DiskCount what, long more) {
        counts.merge(what, more, Long::sum);
    }

    void read() throws IOException {
        add(DiskCount.READS, 1);
        if (strikes(DiskCount.READS, LiveFault.Kind.READ_ERROR)) {
            throw new IOException(BROKEN);
        }
    }

    void entry() throws IOException {
        add(DiskCount.ENTRIES, 1);
        if (strikes(DiskCount.ENTRIES, LiveFault.Kind.ENTRY_ERROR)) {
            throw new IOException(BROKEN);
        }
    }

    /** Whether a force is to fail. */
    boolean force() {
        add(DiskCount.FORCES, 1);
        return strikes(DiskCount.FORCES, LiveFault.Kind.FORCE_ERROR);
    }

    /** What becomes of a write of some bytes: how many are written, and with which exception it then ends. */
    record Fate(int written, @Nullable String failure) {}

    Fate write(int bytes) {
        add(DiskCount.WRITES, 1);
        Fate fate = fate(bytes);
        add(DiskCount.BYTES, fate.written);
        return fate;
    }

    private Fate fate(int bytes) {
        if (strikes(DiskCount.WRITES, LiveFault.Kind.WRITE_ERROR)) {
            return new Fate(bytes / 2, BROKEN);
        }
        if (strikes(DiskCount.WRITES, LiveFault.Kind.SHORT_WRITE)) {
            return new Fate(bytes / 2, null);
        }
        if (strikes(DiskCount.WRITES, LiveFault.Kind.FULL_ONCE)) {
            return new Fate(0, FULL);
        }
        if (fault != null && fault.kind() == LiveFault.Kind.FULL_AFTER) {
            long room = fault.at() - count(DiskCount.BYTES);
            if (room < bytes) {
                met = true;
                // As a kernel does: what fits is written, and only the next write is told that there is no room.
                return room > 0 ? new Fate((int) room, null) : new Fate(0, FULL);
            }
        }
        return new Fate(bytes, null);
    }
}
