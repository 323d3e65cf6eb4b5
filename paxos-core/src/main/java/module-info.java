/** Consensus for the JVM, built on Paxos: the algorithm, the interfaces that users implement, and the node runtime. */
module io.paxos.core {
    requires jdk.jfr;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.paxos.event;
    exports io.paxos.log;
    exports io.paxos.message;
    exports io.paxos.model;
    exports io.paxos.node;
    exports io.paxos.node.trace;
    exports io.paxos.quorum;
    exports io.paxos.replica;
    exports io.paxos.single;
    exports io.paxos.spi;
}
