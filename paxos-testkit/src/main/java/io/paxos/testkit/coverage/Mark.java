package io.paxos.testkit.coverage;

/** What a run is counted by: the faults it met, and the situations it came through. */
public enum Mark {
    /** A message was lost. */
    LOST("messages lost", true),
    /** A message was delivered twice. */
    DUPLICATED("messages duplicated", true),
    /** A message overtook an earlier one of the same link. */
    REORDERED("messages reordered", true),
    /** A message met a cut link. */
    CUT("messages cut off", true),
    /** Two halves that could not talk. */
    PARTITION("partitions, symmetric", true),
    /** One half that the other could not hear. */
    ONE_WAY_PARTITION("partitions, one-way", true),
    /** A hub, a chain or a lone spoke: links cut so that some nodes still reach all others. */
    PARTIAL_PARTITION("partitions, partial", true),
    /** A link that held its messages back for a while. */
    CLOG("links clogged", true),
    /** A node crashed and kept its store. */
    CRASH("crashes, store kept", true),
    /** A node crashed and lost its store. */
    STORE_LOSS("crashes, store lost", true),
    /** A node was gone for long. */
    ABSENCE("long absences", true),
    /** A crash lost writes that were not durable yet. */
    UNWRITTEN("crashes that lost writes", true),
    /** A crash came after the write and before its messages. */
    UNSENT("crashes between write and send", true),
    /** A node stood still. */
    PAUSE("pauses", true),
    /** A node's clock was set, forward or back. */
    CLOCK_STEP("clock steps", true),
    /** A store became slow for a while. */
    SLOW_STORE("slow stores", true),
    /** A write failed, and the node stopped voting. */
    WRITE_FAILURE("failed writes", true),
    /** Executing became slow at a node for a while. */
    SLOW_APPLY("slow executions", true),
    /** A disk had no room left for a while. */
    DISK_FULL("disks full", true),
    /** A store was found damaged when its node was started, and was replaced by an empty one. */
    STORE_DAMAGED("stores found damaged", true),
    /** A node was started with an old copy of its store. */
    OLD_COPY("old copies of stores started", true),
    /** A part of a snapshot became unreadable. */
    SNAPSHOT_DAMAGED("snapshots damaged", true),
    /** A snapshot could not be written, or a part that was received not stored. */
    SNAPSHOT_WRITE_FAILURE("failed writes of snapshots", true),
    /** A crash lost a snapshot that was being written. */
    SNAPSHOT_UNWRITTEN("crashes that lost a snapshot", true),
    /** A crash came after a snapshot was durable and before its node heard of that. */
    SNAPSHOT_UNHEARD("crashes behind a snapshot", true),
    /** The transport told a node something about a peer, true or not. */
    PEER_HINT("peer hints", true),

    /** A cluster formed. */
    FORMED("clusters formed", false),
    /** A store was lost before any vector was bound by all. */
    LOST_BEFORE_FORMATION("stores lost before formation", false),
    /** A node found itself a stranger. */
    STRANGER("strangers", false),
    /** A node that took itself for a voter was told that its store is an old copy. */
    OLD_COPY_TOLD("old copies told so", false),
    /** A log got a leader. */
    LEADER("leaders", false),
    /** Prepare messages. */
    PREPARE("Prepares", false),
    /** A Promise that needed more than one message. */
    PROMISE_PART("Promises in parts", false),
    /** Nack messages, of logs and decrees. */
    NACK("Nacks", false),
    /** A value that a new leader found and proposed again. */
    REPROPOSED("values proposed again", false),
    /** A gap closed by a no-op. */
    GAP_FILLED("gaps filled", false),
    /** A leader gave up at once. */
    RESIGNED("resignations", false),
    /** A catch-up answer with values. */
    CATCH_UP("catch-ups", false),
    /** A snapshot was taken and is durable. */
    SNAPSHOT_TAKEN("snapshots taken", false),
    /** A part of the log was forgotten. */
    TRIM("trims", false),
    /** A part of a snapshot was read for a peer. */
    SNAPSHOT_PART("parts of snapshots sent", false),
    /** A snapshot was received whole. */
    SNAPSHOT_RECEIVED("snapshots received", false),
    /** A snapshot that was received took the place of what had been executed. */
    SNAPSHOT_INSTALLED("snapshots installed from a peer", false),
    /** A node began with the snapshot in its own store. */
    SNAPSHOT_RESTORED("snapshots restored at a start", false),
    /** A snapshot that was begun with one peer went on with another. */
    TRANSFER_RESUMED("transfers gone on with another peer", false),
    /** What had been received of a snapshot was given up for another. */
    TRANSFER_RESTARTED("transfers begun anew", false),
    /** Damage was found by who wanted to read a snapshot, for a peer or to restore it. */
    SNAPSHOT_UNREADABLE("snapshots found damaged", false),
    /** A candidate was told that what it asked about has been forgotten. */
    COMPACTION_MET("candidates that met a compaction point", false),
    /** Commands passed on to the leader. */
    FORWARD("forwards", false),
    /** Slots chosen, by the observer's count. */
    SLOT_CHOSEN("slots chosen", false),
    /** Commands executed, counted once for all replicas. */
    COMMAND("commands executed", false),
    /** Commands proposed again after they had been executed. */
    REPEATED("commands repeated", false),
    /** Commands whose session was unknown. */
    NO_SESSION("commands without session", false),
    /** Decrees chosen, by the observer's count. */
    DECREE_CHOSEN("decrees chosen", false),
    /** Decrees for which more than one ballot was promised. */
    DUEL("decrees with a duel", false),
    /** Answers: executed. */
    APPLIED("answers: applied", false),
    /** Answers: chosen. */
    CHOSEN("answers: chosen", false),
    /** Answers: undecided. */
    UNDECIDED("answers: undecided", false),
    /** Answers: refused, a queue was full. */
    OVERLOADED("answers: refused, overloaded", false),
    /** Answers: refused, no time left. */
    TIMEOUT("answers: refused, timeout", false),
    /** Answers: refused, the node had stopped. */
    STOPPED("answers: refused, stopped", false),
    /** Answers: refused, the value was too large. */
    TOO_LARGE("answers: refused, too large", false),
    /** Answers: unknown. */
    UNKNOWN("answers: unknown", false),
    /** Runs that ended with a minority still down. */
    CALM_WITHOUT_SOME("calm with nodes down", false),
    /** Runs that ended with a partial partition in place. */
    CALM_PARTIAL("calm with links cut", false);

    private final String title;
    private final boolean fault;

    Mark(String title, boolean fault) {
        this.title = title;
        this.fault = fault;
    }

    /**
     * What is counted, in words.
     *
     * @return a plural
     */
    public String title() {
        return title;
    }

    /**
     * Whether this is a fault, rather than something the cluster did.
     *
     * @return true for a fault
     */
    public boolean isFault() {
        return fault;
    }
}
