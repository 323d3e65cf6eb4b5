/** The simulator, its checkers, and contract tests for implementers of the interfaces of {@code io.paxos.core}. */
module io.paxos.testkit {
    requires transitive io.paxos.core;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires transitive org.junit.jupiter.params;
    requires jdk.management;
    requires static org.jspecify;

    exports io.paxos.testkit;
    exports io.paxos.testkit.coverage;
    exports io.paxos.testkit.disk;
    exports io.paxos.testkit.faults;
    exports io.paxos.testkit.fuzz;
    exports io.paxos.testkit.history;
    exports io.paxos.testkit.live;
    exports io.paxos.testkit.service;
}
