// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import io.paxos.replica.MachineConfig;

/**
 * How much a node holds at once, so that overload is refused at the door instead of filling the heap (rule 18). All
 * nodes of a cluster should have the same.
 *
 * @param queueCommands how many calls of this node's callers may wait for an answer
 * @param queueBytes how many bytes the commands and values of those calls may take
 * @param mailboxMessages how many messages with values may wait to be taken in; as many votes and heartbeats have room
 *     of their own beside them. What comes beyond is dropped, which the algorithm bears
 * @param mailboxBytes how many bytes those messages may take; half as many are kept for votes and heartbeats
 * @param windowSlots how many slots a leader keeps in flight, at most {@link MachineConfig#DEFAULT_ALPHA}
 * @param windowBytes how many bytes of values a leader keeps in flight
 * @param messageBytes about how much one message carries
 * @param decreesInFlight how many calls about undecided decrees may wait here, and as many about registers
 */
public record Limits(
        int queueCommands,
        long queueBytes,
        int mailboxMessages,
        long mailboxBytes,
        int windowSlots,
        long windowBytes,
        int messageBytes,
        int decreesInFlight) {

    /** What is used where nothing else is said. */
    public static final Limits DEFAULTS = new Limits(
            MachineConfig.DEFAULTS.queueCommands(),
            MachineConfig.DEFAULTS.queueBytes(),
            65_536,
            64L << 20,
            MachineConfig.DEFAULTS.windowSlots(),
            MachineConfig.DEFAULTS.windowBytes(),
            MachineConfig.DEFAULTS.messageBytes(),
            MachineConfig.DEFAULTS.decreesInFlight());

    /**
     * Checks every limit.
     *
     * @throws IllegalArgumentException if one is not positive, naming it and its value
     */
    public Limits {
        requirePositive("queueCommands", queueCommands);
        requirePositive("queueBytes", queueBytes);
        requirePositive("mailboxMessages", mailboxMessages);
        requirePositive("mailboxBytes", mailboxBytes);
        requirePositive("windowSlots", windowSlots);
        if (windowSlots > MachineConfig.DEFAULT_ALPHA) {
            throw new IllegalArgumentException(
                    "windowSlots must be at most " + MachineConfig.DEFAULT_ALPHA + ", but is "
                            + windowSlots
                            + ": a change of membership governs so many slots behind the one that decides it, and nobody"
                            + " proposes farther ahead; choose a smaller window");
        }
        requirePositive("windowBytes", windowBytes);
        requirePositive("messageBytes", messageBytes);
        requirePositive("decreesInFlight", decreesInFlight);
    }

    /**
     * The same with another bound on waiting calls.
     *
     * @param commands how many may wait
     * @param bytes how many bytes they may take
     * @return the changed limits
     */
    public Limits withQueue(int commands, long bytes) {
        return new Limits(
                commands,
                bytes,
                mailboxMessages,
                mailboxBytes,
                windowSlots,
                windowBytes,
                messageBytes,
                decreesInFlight);
    }

    /**
     * The same with another bound on messages that wait to be taken in.
     *
     * @param messages how many may wait
     * @param bytes how many bytes they may take
     * @return the changed limits
     */
    public Limits withMailbox(int messages, long bytes) {
        return new Limits(
                queueCommands, queueBytes, messages, bytes, windowSlots, windowBytes, messageBytes, decreesInFlight);
    }

    /**
     * The same with another window of a leader.
     *
     * @param slots how many slots it keeps in flight
     * @param bytes how many bytes of values it keeps in flight
     * @return the changed limits
     */
    public Limits withWindow(int slots, long bytes) {
        return new Limits(
                queueCommands, queueBytes, mailboxMessages, mailboxBytes, slots, bytes, messageBytes, decreesInFlight);
    }

    /**
     * The same with another size of messages.
     *
     * @param bytes about how much one message carries
     * @return the changed limits
     */
    public Limits withMessageBytes(int bytes) {
        return new Limits(
                queueCommands,
                queueBytes,
                mailboxMessages,
                mailboxBytes,
                windowSlots,
                windowBytes,
                bytes,
                decreesInFlight);
    }

    /**
     * The same with another bound on undecided decrees.
     *
     * @param decrees how many this node proposes at once
     * @return the changed limits
     */
    public Limits withDecreesInFlight(int decrees) {
        return new Limits(
                queueCommands,
                queueBytes,
                mailboxMessages,
                mailboxBytes,
                windowSlots,
                windowBytes,
                messageBytes,
                decrees);
    }

    private static void requirePositive(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, but is " + value);
        }
    }
}
