/** A service that uses nothing but what is published, as a module. */
module com.example.consumer {
    requires io.paxos.core;
    requires io.paxos.storage.file;
    requires io.paxos.transport.netty;
}
