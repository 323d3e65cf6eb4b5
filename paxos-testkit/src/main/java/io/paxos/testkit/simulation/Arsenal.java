// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import io.paxos.testkit.faults.FaultKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the kinds of faults that one may choose from are made of. */
final class Arsenal {

    private Arsenal() {}

    /** The faults that strike now and then. */
    static List<Fault> of(Set<FaultKind> kinds) {
        List<Fault> faults = new ArrayList<>();
        for (FaultKind kind : kinds) {
            switch (kind) {
                case CLOGGED_LINKS -> faults.add(new Clogs());
                case PARTITIONS -> faults.add(new Partitions());
                case PARTIAL_PARTITIONS -> faults.add(new PartialPartitions());
                case CRASHES -> faults.add(new Crashes(false));
                case ABSENCES -> faults.add(new Absences());
                case PAUSES -> faults.add(new Pauses());
                case CLOCK_STEPS -> faults.add(new ClockSteps());
                case CLOCK_DRIFT -> {
                    faults.add(new ClockDrifts());
                    faults.add(new ClockStops());
                }
                case CLOSINGS -> faults.add(new Closings());
                case SLOW_EXECUTION -> faults.add(new SlowApply());
                case DISK_TROUBLES -> faults.add(new StoreTroubles());
                case FULL_DISKS -> faults.add(new FullDisks());
                case LOST_DISKS -> {
                    faults.add(new Crashes(true));
                    faults.add(new DamagedStores());
                }
                case OLD_COPIES -> faults.add(new OldCopies());
                case SNAPSHOT_TROUBLES -> faults.add(new SnapshotTroubles());
                case WRONG_HINTS -> faults.add(new PeerHints());
                case MESSAGE_LOSS, DUPLICATES, DELAYS -> {
                    // these do not strike: they are how the links behave
                }
            }
        }
        return faults;
    }

    /** How links behave that were drawn to be like this, if only so much may go wrong. */
    static Links links(Set<FaultKind> kinds, Links drawn) {
        boolean delays = kinds.contains(FaultKind.DELAYS);
        return new Links(
                kinds.contains(FaultKind.MESSAGE_LOSS) ? drawn.loss() : 0,
                kinds.contains(FaultKind.DUPLICATES) ? drawn.duplicate() : 0,
                delays ? drawn.leastDelay() : Links.CALM.leastDelay(),
                delays ? drawn.meanDelay() : Links.CALM.meanDelay(),
                delays ? drawn.straggle() : 0,
                !delays || drawn.inOrder());
    }
}
