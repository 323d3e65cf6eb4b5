/** The figures of a node and of its transport, for Micrometer. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has a module name that will stay, and no descriptor
module io.paxos.micrometer {
    requires transitive io.paxos.core;
    requires transitive micrometer.core;
    requires static transitive io.paxos.transport.netty;
    requires static org.jspecify;

    exports io.paxos.micrometer;
}
