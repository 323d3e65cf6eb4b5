// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.toy;

/** Ways in which a storage goes wrong; {@link ToyFileStorage} has each of them on demand. */
public enum ToyFault {
    /** Confirms what was written and not forced. */
    NO_FORCE,
    /** Forces first and writes then. */
    FORCE_BEFORE_WRITE,
    /** Does not force a directory after creating or renaming in it. */
    NO_DIRECTORY_FORCE,
    /** Renames a snapshot into place that was not forced. */
    SNAPSHOT_NOT_FORCED,
    /** Believes every frame that begins like one. */
    NO_CHECKSUM,
    /** Has a checksum that leaves the length out, and takes a frame that leads too far for the end. */
    LENGTH_NOT_CHECKED,
    /** Takes over the beginning of a batch whose end is missing. */
    BATCH_NOT_ATOMIC,
    /** Forces again after a failed force, and believes the success. */
    RETRIES_FORCE,
    /** Does not look how much a write has written. */
    IGNORES_SHORT_WRITE,
    /** Takes every damage for the torn end of the journal. */
    CUTS_DAMAGE,
    /** Hands out a start that is written nowhere. */
    START_NOT_WRITTEN,
    /** Renames a snapshot into place before all of it is there. */
    SNAPSHOT_RENAMED_EARLY,
    /** Deletes the old snapshot before the new one is durable. */
    OLD_SNAPSHOT_DELETED_FIRST,
    /** Forgets with the slots the promise that was made before. */
    TRIM_LOWERS_PROMISE,
    /** Goes on in front of what a torn batch has left behind, which may then count again. */
    STALE_BYTES_REPLAYED,
    /** Lets a late vote take the place of a decision. */
    DECREE_RESURRECTED,
    /** Lets two open it at once. */
    NO_LOCK,
    /** Goes on after a failed write as if nothing had happened. */
    GOES_ON_AFTER_FAILURE,
    /** Serves any node. */
    SERVES_ANYBODY,
    /** Hands out what was renamed and is not durable yet. */
    RENAMED_NOT_MADE_SURE,
    /** Hands out what can be read after a failed force, but is not on the disk and never will be. */
    BELIEVES_THE_CACHE,
    /** Begins anew when its journal is gone. */
    MISSING_JOURNAL_IS_FRESH,
    /** Lets an older snapshot replace a newer one. */
    OLDER_SNAPSHOT_REPLACES,
    /** Draws another identity whenever it is opened. */
    IDENTITY_DRAWN_AGAIN,
    /** Throws something else than an IOException when it finds damage. */
    THROWS_ANYTHING,
    /** Says that something is wrong, and neither where nor what to do. */
    SAYS_NOTHING,
    /** Keeps what was written of a snapshot that was given up. */
    ABORTED_SNAPSHOT_COUNTS,
    /** Loses the log of every group but the first hundred. */
    FORGETS_GROUPS,
    /** Waits for ever when it finds damage. */
    HANGS_ON_DAMAGE
}
