/** A transport between the nodes of a cluster over TCP, built on Netty. */
module io.paxos.transport.netty {
    requires transitive io.paxos.core;
    requires io.paxos.wire;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires java.naming;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.paxos.transport.netty;
}
