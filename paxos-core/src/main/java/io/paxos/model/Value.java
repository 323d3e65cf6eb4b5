package io.paxos.model;

/**
 * What is proposed for a slot of the log. The family leaves room for changes of membership, which are values too.
 */
public sealed interface Value permits Value.Command, Value.OpenSession, Value.Barrier, Value.NoOp {

    /** The value that closes a gap: applied by doing nothing. */
    Value NO_OP = new NoOp();

    /**
     * About how many bytes this value takes in memory and on the wire, for limits that count bytes.
     *
     * @return an estimate in bytes, at least 1
     */
    int weight();

    /**
     * A command for the state machine.
     *
     * @param id the identity under which it is applied once
     * @param floor every command of the session below this sequence number has been answered, so its result may be
     *     forgotten; the command itself is at or above it
     * @param time the leader's time when it proposed the command
     * @param payload the encoded command
     */
    record Command(CommandId id, long floor, LogTime time, Payload payload) implements Value {
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
     * Marks a point in the log and changes nothing: a reader that sees its own barrier applied has seen everything
     * that was acknowledged before it asked.
     *
     * @param reader the node that reads
     * @param start the nonce of that node's start
     * @param sequence tells the barriers of that start apart
     */
    record Barrier(NodeId reader, long start, long sequence) implements Value {
        @Override
        public int weight() {
            return 96;
        }

        @Override
        public String toString() {
            return "barrier(" + reader + " " + sequence + ")";
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
