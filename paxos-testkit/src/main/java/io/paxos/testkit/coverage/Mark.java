// SPDX-License-Identifier: Apache-2.0
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
    /** One node that could not talk to any other. */
    ISOLATION("isolated nodes", true),
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
    /** A node's clocks went too fast or too slowly for a while. */
    CLOCK_DRIFT("clocks that drift", true),
    /** A node's clocks stood still for a while. */
    CLOCK_STOP("clocks that stand still", true),
    /** A node was closed in order. */
    CLOSE("nodes closed in order", true),
    /** A node closed one of its logs, and went on with the others. */
    LOG_CLOSED("logs closed at a node", true),
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
    /** Somebody wanted another node to lead. */
    TRANSFER("transfers of an office", true),
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
    /** A candidate or leader was told of a ballot of a higher round than its own. */
    HIGHER_ROUND("ballots of a higher round met", false),
    /** A node that led a log does no longer. */
    OFFICE_LOST("offices lost", false),
    /** A candidate that was told to wait, for somebody hears a leader. */
    CANVASS_DENIED("candidacies denied", false),
    /** A value that a new leader found and proposed again. */
    REPROPOSED("values proposed again", false),
    /** A gap closed by a no-op. */
    GAP_FILLED("gaps filled", false),
    /** A leader gave up at once. */
    RESIGNED("resignations", false),
    /** A leader told another node to take over. */
    TAKE_OVER("invitations to take over", false),
    /** A node led and had caught up. */
    LEADERSHIP("leaderships announced", false),
    /** A voter gave its word for a lease. */
    LEASE_GRANTED("leases granted", false),

    /** What several logs said to one node went in one message. */
    BUNDLE("messages put together", false),
    /** A leader told somebody that a log rests. */
    RESTED("logs put to rest", false),
    /** A leader told somebody that a log rests no more. */
    ROUSED("logs woken from rest", false),
    /** A node that follows told the leader that a log does not rest there. */
    REST_REFUSED("answers to pulses with logs awake", false),

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
    /** A voter told a reader of a slot that it does not know to be decided. */
    READ_MET_OPEN_SLOT("readers told of undecided slots", false),
    /** A question of a round for reads that took the place of one without answers. */
    READ_ASKED_AGAIN("questions for reads asked again", false),
    /** A quorum was asked for a reader that does not reach one. */
    READ_FOR_ANOTHER("quorums asked for another's reads", false),
    /** The leader was asked to close slots that a reader waits for. */
    CLOSING_ASKED("requests to close slots for readers", false),
    /** Slots chosen, by the observer's count. */
    SLOT_CHOSEN("slots chosen", false),
    /** Commands executed, counted once for all replicas. */
    COMMAND("commands executed", false),
    /** Commands proposed again after they had been executed. */
    REPEATED("commands repeated", false),
    /** Commands whose session had been forgotten, because too many younger ones were opened. */
    NO_SESSION("commands without session", false),
    /** Several events that a node took in at once. */
    BATCH("batches of events", false),
    /** Callers answered from where their commands were executed. */
    TOLD("callers answered where commands are executed", false),
    /** Decrees chosen, by the observer's count. */
    DECREE_CHOSEN("decrees chosen", false),
    /** Decrees for which more than one ballot was promised. */
    DUEL("decrees with a duel", false),
    /** Registers that were changed, by the observer's count. */
    REGISTER("registers changed", false),
    /** Registers for which proposals of several nodes met. */
    REGISTER_DUEL("registers with a duel", false),
    /** What was found of a register was proposed again as it was: for a read, a refusal, or a change that found itself. */
    REGISTER_FINISHED("registers finished as they were found", false),
    /** Answers: a register was changed. */
    REGISTER_CHANGED("answers: register changed", false),
    /** Answers: a register's value. */
    REGISTER_HELD("answers: register held", false),
    /** Answers: executed. */
    APPLIED("answers: applied", false),
    /** Answers: all that was acknowledged has been executed. */
    CURRENT("answers: current", false),
    /** Answers: another node leads, as was asked for. */
    LED("answers: led", false),
    /** Answers: refused, for who was asked does not lead or who was named cannot. */
    TRANSFER_REFUSED("answers: refused, transfer", false),
    /** Answers: a command has been fenced off. */
    FENCED("answers: fenced", false),
    /** Answers: refused, nothing fresh enough was to be had. */
    STALE("answers: refused, stale", false),
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
    CALM_PARTIAL("calm with links cut", false),
    /** Runs that ended with a quorum alone, and everything else broken for good. */
    CORE_ALONE("quorums left alone", false),
    /** A node outside such a quorum was dead. */
    OUTSIDE_DEAD("outside the quorum: dead", false),
    /** A node outside such a quorum heard nobody in it, and was heard. */
    OUTSIDE_DEAF("outside the quorum: heard, but hears nobody", false),
    /** A node outside such a quorum heard it, and was not heard. */
    OUTSIDE_MUTE("outside the quorum: hears, but is not heard", false),
    /** Somebody asked for a change of membership. */
    CHANGE_ASKED("changes of membership asked for", false),
    /** Answers: the change governs, and nobody who left is needed. */
    CHANGE_DONE("changes: done", false),
    /** Answers: a change refused at the door. */
    CHANGE_REFUSED("answers: change refused", false),
    /** Answers: refused, another change was under way. */
    CHANGE_UNDER_WAY("changes: refused, another under way", false),
    /** Answers: refused, the version was not the latest. */
    CHANGE_OUTDATED("changes: refused, outdated", false),
    /** Answers: refused, for a node was unknown or no quorum would be left. */
    CHANGE_IMPOSSIBLE("changes: refused, impossible", false),
    /** Answers: not in time, or unknown. */
    CHANGE_IN_VAIN("changes: not in time, or unknown", false),
    /** Configurations that were chosen. */
    CONFIGURATION("configurations chosen", false),
    /** Logs in which slots were chosen by another configuration than the first. */
    GOVERNED_BY_CHANGE("logs governed by a changed configuration", false),
    /** Memberships of decrees and registers that followed the first. */
    EPOCH("epochs of decrees and registers", false),
    /** Stores that hold all that was left for the latest epoch. */
    EPOCH_COVERED("stores ready for the latest epoch", false),
    /** Names of which something was chosen in a later epoch than the first. */
    CHOSEN_IN_EPOCH("names with something chosen in a later epoch", false),
    /** Configurations without any of the stores with which the cluster formed. */
    ALL_REPLACED("configurations of new stores alone", false),
    /** Configurations in which a member's name counts with another store than it began with. */
    READMITTED("configurations with a store in the place of a lost one", false),
    /** A leader had a store counted in the place of a lost one without having been asked. */
    READMITTED_UNASKED("configurations with such a store for which nobody asked", false),
    /** A leader told a node to take over that its log prefers, where offices are spread over the nodes. */
    SPREAD("invitations to a node that the log prefers", false),
    /** A node told another what it had made of a stretch of a log. */
    COMPARED("states told to be compared", false),
    /** A node learned that a log works at a higher feature level. */
    LEVEL_RAISED("feature levels raised, as nodes learned", false),
    /** Answers: refused, for a node runs an older version of the library. */
    TOO_OLD("answers: refused, a node is too old", false),
    /** A node that had run an older version of the library was started with the latest one. */
    UPGRADED("nodes upgraded", false),
    /** A log was opened again by the start of a node that had closed it. */
    LOG_REOPENED("logs opened again", false);

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
