// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Ballot;
import io.paxos.model.DecreeName;
import io.paxos.model.EpochMark;
import io.paxos.model.Payload;
import io.paxos.model.Proposal;
import io.paxos.model.RegisterName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said once the membership of decrees and registers has changed (rule 16). Epochs are counted from 0, the vector
 * with which the cluster formed; what is said about a decree or a register without an epoch belongs to that one.
 */
public sealed interface EpochMessage extends Message {

    /**
     * A message about one decree or register, in the epoch it belongs to.
     *
     * @param part the message
     * @param epoch its epoch
     * @return the message itself if that is epoch 0
     */
    static Message in(long epoch, Bundle.Part part) {
        return epoch == 0 ? part : new In(epoch, part);
    }

    /**
     * What is said about one decree or register in a later epoch than the first.
     *
     * @param epoch the epoch, at least 1
     * @param part what is said
     */
    record In(long epoch, Bundle.Part part) implements EpochMessage {

        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if the epoch is not at least 1, or if a log is spoken of
         */
        public In {
            if (epoch < 1) {
                throw new IllegalArgumentException("what is said in epoch " + epoch + " bears no epoch");
            }
            if (part instanceof GroupMessage) {
                throw new IllegalArgumentException("a log has no epochs: " + part);
            }
        }

        @Override
        public boolean isBulk() {
            return part.isBulk();
        }

        @Override
        public boolean isOpen() {
            return part.isOpen();
        }

        @Override
        public int weight() {
            return 16 + part.weight();
        }
    }

    /**
     * How far the sender has come. Answers {@link Ask}, what was said in an epoch that the sender has left, and a {@link Pull}
     * for which it has nothing to tell. It is durable.
     *
     * @param mark the epoch the sender has come to, and the one it covers
     */
    record At(EpochMark mark) implements EpochMessage {
        @Override
        public boolean isBulk() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return false;
        }

        @Override
        public int weight() {
            return 96;
        }
    }

    /** How far have you come? */
    record Ask() implements EpochMessage {
        @Override
        public boolean isBulk() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int weight() {
            return 80;
        }
    }

    /**
     * A place in what a node holds of all names: the undecided decrees by name, then the registers by name, then the decided
     * decrees, in the order in which this start of the node keeps them.
     *
     * @param section in which of the three
     * @param after behind this name; empty at the beginning, and in the last section
     * @param start by which start of the node's store {@code position} was given out, 0 if none has been
     * @param position among the decided decrees; 0 at their beginning
     */
    record Place(Section section, String after, long start, long position) {

        /** Where everyone begins. */
        public static final Place FIRST = new Place(Section.UNDECIDED, "", 0, 0);

        /**
         * Checks name and position.
         *
         * @throws IllegalArgumentException if the position is negative, or if the name is none of its section
         */
        public Place {
            if (position < 0) {
                throw new IllegalArgumentException("a position among decrees is negative: " + position);
            }
            if (!after.isEmpty()) {
                switch (section) {
                    case UNDECIDED -> new DecreeName(after);
                    case REGISTERS -> new RegisterName(after);
                    case DECIDED ->
                        throw new IllegalArgumentException("decided decrees have no order by name; behind " + after);
                }
            }
        }
    }

    /** The parts of what a node holds, in the order in which they are told. */
    enum Section {
        /** Acceptors of undecided decrees. */
        UNDECIDED,
        /** Acceptors of registers. */
        REGISTERS,
        /** Decided decrees: what is decided meanwhile comes late enough to be seen. */
        DECIDED
    }

    /**
     * Tell me what you hold, from a place on: I am to vote in an epoch, and hold nothing before I know what the one before
     * it has left.
     *
     * @param epoch the epoch to vote in, at least 1
     * @param probe marks all questions that take over one epoch's legacy: a page of an earlier attempt may lack what this
     *     one has been told is elsewhere
     * @param from where to go on
     */
    record Pull(long epoch, Probe probe, Place from) implements EpochMessage {

        /**
         * Checks the epoch.
         *
         * @throws IllegalArgumentException if it is not at least 1
         */
        public Pull {
            if (epoch < 1) {
                throw new IllegalArgumentException("nothing was left for epoch " + epoch + ", which comes first");
            }
        }

        @Override
        public boolean isBulk() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int weight() {
            return 128 + from.after().length();
        }
    }

    /**
     * A part of what a node holds, which has sealed the epochs before that of its mark.
     *
     * @param probe the mark of the question
     * @param mark how far the sender has come
     * @param at the place asked for
     * @param held what it holds from there on
     * @param next where to go on, or null if this is all
     */
    record Page(
            Probe probe,
            EpochMark mark,
            Place at,
            List<Held> held,
            @Nullable Place next) implements EpochMessage {
        /** Copies the list. */
        public Page {
            held = List.copyOf(held);
        }

        @Override
        public boolean isBulk() {
            return true;
        }

        @Override
        public boolean isOpen() {
            return false;
        }

        @Override
        public int weight() {
            int sum = 192 + at.after().length();
            for (Held one : held) {
                sum += one.weight();
            }
            return sum;
        }
    }

    /** What a node holds of one name. */
    sealed interface Held {

        /**
         * About how many bytes this takes.
         *
         * @return an estimate
         */
        int weight();
    }

    /**
     * The acceptor of an undecided decree.
     *
     * @param name the decree
     * @param promised the highest ballot promised
     * @param accepted the highest-ballot proposal accepted, or null
     */
    record Undecided(
            DecreeName name, Ballot promised, @Nullable Proposal<Payload> accepted) implements Held {
        @Override
        public int weight() {
            return 96 + name.name().length() + size(accepted);
        }
    }

    /**
     * The acceptor of a register.
     *
     * @param name the register
     * @param promised the highest ballot promised
     * @param accepted the highest-ballot proposal accepted, or null
     */
    record OfRegister(
            RegisterName name, Ballot promised, @Nullable Proposal<Payload> accepted) implements Held {
        @Override
        public int weight() {
            return 96 + name.name().length() + size(accepted);
        }
    }

    /**
     * A decided decree.
     *
     * @param name the decree
     * @param value the chosen value
     */
    record Decided(DecreeName name, Payload value) implements Held {
        @Override
        public int weight() {
            return 48 + name.name().length() + value.size();
        }
    }

    private static int size(@Nullable Proposal<Payload> accepted) {
        return accepted == null ? 0 : 48 + accepted.value().size();
    }
}
