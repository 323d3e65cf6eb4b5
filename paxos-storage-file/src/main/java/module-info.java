/** Storage in files: a journal that all groups and decrees of a node share, and snapshots. */
module io.paxos.storage.file {
    requires transitive io.paxos.core;
    requires io.paxos.wire;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.paxos.storage.file;
}
