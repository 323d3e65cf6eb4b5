// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Three nodes with a log that may rest, and words for what tests of that look at. */
abstract class RestLab {

    static final int ELECTION = MachineConfig.DEFAULTS.electionTicks();
    static final int JITTER = MachineConfig.DEFAULTS.electionJitterTicks();

    /** Once a leader is missed: somebody asks, at once or after a rival, and is promised. */
    static final int FAILOVER = ELECTION + 3 * JITTER;

    final Lab lab = new Lab("n1", "n2", "n3");
    final List<Lab.Node> nodes = new ArrayList<>();

    void start() {
        for (String name : List.of("n1", "n2", "n3")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(2 * FAILOVER);
    }

    Lab.Node leader() {
        return nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    List<Lab.Node> followers() {
        return nodes.stream().filter(node -> !node.leads()).toList();
    }

    static Predicate<Envelope> between(Lab.Node from, Lab.Node to) {
        return envelope ->
                envelope.from().node().equals(from.id) && envelope.to().node().equals(to.id);
    }

    int sentIn(int ticks, Predicate<Envelope> which) {
        int before = lab.sent().size();
        lab.ticks(ticks);
        return (int) lab.sent().stream().skip(before).filter(which).count();
    }

    List<Lab.Node> followersOf(Lab.Node leader) {
        return nodes.stream().filter(node -> node != leader).toList();
    }

    /** Whoever hears no leader asks somebody what it may have missed, and soon afterwards whether it would be elected. */
    static boolean missesLeader(Envelope envelope) {
        return envelope.message() instanceof GroupMessage m
                && (m.body() instanceof LogMessage.CatchUpRequest || m.body() instanceof LogMessage.Canvass);
    }

    boolean rests(Lab.Node node) {
        return node.machine.resting() > 0;
    }
}
