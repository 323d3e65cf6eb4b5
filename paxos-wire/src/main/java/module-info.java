/** The wire format of Paxos: messages to bytes and back, for any transport. */
module io.paxos.wire {
    requires transitive io.paxos.core;
    requires com.google.protobuf;
    requires static org.jspecify;

    exports io.paxos.wire;
}
