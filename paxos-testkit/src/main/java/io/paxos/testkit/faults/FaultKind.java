// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.faults;

/** Something that goes wrong in a simulation, now and then and in some of the runs. */
public enum FaultKind {
    /** Messages are lost. */
    MESSAGE_LOSS,
    /** Messages are delivered twice. */
    DUPLICATES,
    /** Messages take very different times, and now and then one takes very long; later ones overtake earlier ones. */
    DELAYS,
    /** A link holds its messages back for a while and then delivers all of them. */
    CLOGGED_LINKS,
    /** The nodes fall into two halves that do not hear each other, or of which one does not hear the other. */
    PARTITIONS,
    /** Links are cut so that nodes disagree on who can be reached. */
    PARTIAL_PARTITIONS,
    /** A node crashes amid whatever it does, and is started again from its store: its snapshot, then its log. */
    CRASHES,
    /** A node is closed in order, so that it hands over its office, and is started again. */
    CLOSINGS,
    /** A node is gone for so long that the others may have forgotten what it lacks; it has to fetch a snapshot. */
    ABSENCES,
    /** A node stands still, as in a long garbage collection. */
    PAUSES,
    /** The clock of a node is set, forward or back. */
    CLOCK_STEPS,
    /** The clocks of a node go too fast or too slowly for a while, or stand still. */
    CLOCK_DRIFT,
    /** A node executes commands slowly for a while. */
    SLOW_EXECUTION,
    /** Writes to the store are slow for a while, or fail, after which the node has to be started again. */
    DISK_TROUBLES,
    /** A disk is full for a while. */
    FULL_DISKS,
    /** A node crashes and loses its store, or its store is found damaged. */
    LOST_DISKS,
    /** A node is started with an old copy of its store. */
    OLD_COPIES,
    /** A snapshot cannot be written, or a durable one cannot be read any more. */
    SNAPSHOT_TROUBLES,
    /** A node is told by its transport that a peer came or went, which may be wrong. */
    WRONG_HINTS
}
