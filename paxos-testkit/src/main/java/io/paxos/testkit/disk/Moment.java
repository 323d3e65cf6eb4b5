// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.disk;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A disk between two operations: what programs see, what is durable, and what lies between the two because it was asked
 * for and not forced.
 */
final class Moment {

    private final Image seen;
    private final Image durable;
    private final List<DiskOperation> pending;
    private boolean deceptive;

    private Moment(Image seen, Image durable, List<DiskOperation> pending, boolean deceptive) {
        this.seen = seen;
        this.durable = durable;
        this.pending = pending;
        this.deceptive = deceptive;
    }

    /** A disk at rest. */
    static Moment atRest(Image image) {
        return new Moment(image.copy(), image.copy(), new ArrayList<>(), false);
    }

    Moment copy() {
        return new Moment(seen.copy(), durable.copy(), new ArrayList<>(pending), deceptive);
    }

    /** Whether programs may see something else than what is durable. */
    boolean isUncertain() {
        return deceptive || !pending.isEmpty();
    }

    Image seen() {
        return seen;
    }

    Image durable() {
        return durable;
    }

    List<DiskOperation> pending() {
        return pending;
    }

    void advance(DiskOperation operation) {
        if (operation instanceof DiskOperation.Force force) {
            settle(force);
        } else {
            pending.add(operation);
            seen.apply(operation);
        }
    }

    private void settle(DiskOperation.Force force) {
        List<DiskOperation> grown = new ArrayList<>();
        for (Iterator<DiskOperation> each = pending.iterator(); each.hasNext(); ) {
            DiskOperation operation = each.next();
            if (!operation.touches(force.number())) {
                continue;
            }
            if (!force.failed()) {
                durable.apply(operation);
                each.remove();
            } else if (operation instanceof DiskOperation.Write write) {
                // The data are dropped, while the size, which is metadata, may still find its way to the disk.
                deceptive = true;
                grown.add(new DiskOperation.Grow(write.file(), write.end()));
                each.remove();
            }
        }
        pending.addAll(grown);
    }
}
