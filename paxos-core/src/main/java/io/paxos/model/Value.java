// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/** What is proposed for a slot of the log. Changes of membership are values too, so they are chosen like any other. */
public sealed interface Value
        permits Value.Command, Value.OpenSession, Value.Reconfigure, Value.RaiseLevel, Value.NoOp {

    /** The value that closes a gap: applied by doing nothing. */
    Value NO_OP = new NoOp();

    /**
     * About how many bytes this value takes in memory and on the wire, for limits that count bytes.
     *
     * @return an estimate in bytes, at least 1
     */
    int weight();

    /**
     * The feature level that allows this value: whoever supports a lower one may be unable to read it, or would make something
     * else of it.
     *
     * @return the lowest level at which it may be proposed; of a {@link RaiseLevel}, which may be proposed below, the level
     *     that everybody it is sent to must support
     */
    default FeatureLevel level() {
        return FeatureLevel.BASE;
    }

    /**
     * A command for the state machine.
     *
     * @param id the identity under which it is applied once
     * @param floor every command of the session below this sequence number has been answered, so its result may be
     *     forgotten; the command itself is at or above it, unless it is a {@linkplain #isFence fence}
     * @param time the leader's time when it proposed the command
     * @param payload the encoded command
     */
    record Command(CommandId id, long floor, LogTime time, Payload payload) implements Value {

        /**
         * What settles a command: where this is executed and the command has not been, it never will be.
         *
         * @param id the command
         * @param time as for any command
         * @return a command of that id below its own floor, without a payload
         */
        public static Command fence(CommandId id, LogTime time) {
            return new Command(id, id.sequence() + 1, time, Payload.EMPTY);
        }

        /**
         * Whether there can be a command of an id, and a floor above it for its fence.
         *
         * @param id any id
         * @return true if session and number are at least 1, and the number is not the greatest there is
         */
        public static boolean isPossible(CommandId id) {
            return id.session() >= 1 && id.sequence() >= 1 && id.sequence() < Long.MAX_VALUE;
        }

        /**
         * Whether this is a fence: it is never executed itself.
         *
         * @return true if the floor is above the command
         */
        public boolean isFence() {
            return floor > id.sequence();
        }

        /** Who does not know of fences would take one for a command that comes too late, and forget what it settles. */
        @Override
        public FeatureLevel level() {
            return isFence() ? FeatureLevel.CHANGES_AND_FENCES : FeatureLevel.BASE;
        }

        @Override
        public int weight() {
            return payload.size() + 48;
        }

        @Override
        public String toString() {
            return "cmd(" + id + " " + payload + ")";
        }
    }

    /**
     * The beginning of a session; its id is the slot in which this is decided. A second one of the same opener in the
     * log changes nothing.
     *
     * @param opener the node whose commands the session numbers
     * @param start the nonce of that node's start; no other start of the process continues the session
     * @param time the leader's time when it proposed this
     */
    record OpenSession(NodeId opener, long start, LogTime time) implements Value {
        @Override
        public int weight() {
            return 96;
        }

        @Override
        public String toString() {
            return "open(" + opener + ")";
        }
    }

    /**
     * A change of membership. It takes effect if the configuration it amends is the latest one where it is decided, and
     * governs from α slots behind that one on; otherwise it changes nothing, anywhere (rule 10).
     *
     * @param next the configuration to come; the version before its own is the one it amends
     */
    record Reconfigure(Configuration next) implements Value {

        /**
         * Checks that there is a version to amend.
         *
         * @throws IllegalArgumentException if the configuration is version 0, which nobody decides
         */
        public Reconfigure {
            if (next.version() < 1) {
                throw new IllegalArgumentException("version 0 is what the cluster formed with; no change leads to it");
            }
        }

        /**
         * Which version this amends.
         *
         * @return the version before the one to come
         */
        public long amends() {
            return next.version() - 1;
        }

        @Override
        public FeatureLevel level() {
            return FeatureLevel.CHANGES_AND_FENCES;
        }

        @Override
        public int weight() {
            return 32
                    + 64 * next.voters().voters().size()
                    + 48 * next.observers().size();
        }

        @Override
        public String toString() {
            return "reconfigure(" + next + ")";
        }
    }

    /**
     * From the slot behind the one that decides it on, values of a newer kind may be proposed. Where a level as high is in
     * force already it changes nothing.
     *
     * @param to the level that is in force from then on
     */
    record RaiseLevel(FeatureLevel to) implements Value {

        /**
         * Checks that there is something to raise.
         *
         * @throws IllegalArgumentException if it is the level at which every log begins
         */
        public RaiseLevel {
            if (to.equals(FeatureLevel.BASE)) {
                throw new IllegalArgumentException("every log begins at " + to + "; there is nothing to raise");
            }
        }

        @Override
        public FeatureLevel level() {
            return to;
        }

        @Override
        public int weight() {
            return 16;
        }

        @Override
        public String toString() {
            return "raise(" + to.number() + ")";
        }
    }

    /** Nothing. */
    record NoOp() implements Value {
        @Override
        public int weight() {
            return 16;
        }

        @Override
        public String toString() {
            return "noop";
        }
    }
}
