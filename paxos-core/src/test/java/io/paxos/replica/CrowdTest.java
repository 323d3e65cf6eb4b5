// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Freshness;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Where many logs are awake, each is told of one tick in a heartbeat, and misses nothing else. */
class CrowdTest {

    private static final int HEARTBEAT = MachineConfig.DEFAULTS.heartbeatTicks();
    private static final int ELECTION = MachineConfig.DEFAULTS.electionTicks();

    /** Its turn comes with every full heartbeat; that of the log which the tests use, a tick before. */
    private static final GroupId FIRST = GroupId.of("first");

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final List<Lab.Node> nodes = new ArrayList<>();

    private int now;

    private void cluster(int crowd) {
        lab.crowd(crowd);
        for (String name : List.of("n1", "n2", "n3")) {
            nodes.add(lab.startWithout(name, lab.newDisk()));
        }
        nodes.forEach(node -> node.open(FIRST));
        nodes.forEach(node -> node.open(Lab.GROUP));
        ticks(3 * ELECTION);
    }

    private void ticks(int count) {
        lab.ticks(count);
        now += count;
    }

    private Lab.Node leader() {
        return nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    private static boolean isHeartbeat(Envelope envelope, GroupId group) {
        return envelope.message() instanceof GroupMessage m
                && m.group().equals(group)
                && m.body() instanceof LogMessage.Heartbeat;
    }

    /** In which ticks, counted within a heartbeat, a log is told of one: that is when its leader's heartbeats leave. */
    private Set<Integer> turns(GroupId group) {
        Set<Integer> turns = new TreeSet<>();
        for (int tick = 0; tick < 4 * HEARTBEAT; tick++) {
            lab.sent().clear();
            ticks(1);
            if (lab.sent().stream().anyMatch(envelope -> isHeartbeat(envelope, group))) {
                turns.add(now % HEARTBEAT);
            }
        }
        return turns;
    }

    @Test
    void logsOfACrowdAreToldOfTicksInTurn() {
        GroupId third = GroupId.of("third");
        cluster(0);
        nodes.forEach(node -> node.open(third));
        // What a voter that is down may lack keeps logs awake.
        lab.stop(nodes.stream().filter(node -> !node.leads()).findFirst().orElseThrow());
        ticks(4 * ELECTION);
        assertThat(turns(FIRST)).containsExactly(0);
        assertThat(turns(Lab.GROUP)).containsExactly(HEARTBEAT - 1);
        assertThat(turns(third)).containsExactly(HEARTBEAT - 2);
    }

    @Test
    void aSuccessorIsElectedAboutAsSoonAsElsewhere() {
        cluster(0);
        Lab.Node before = leader();
        nodes.remove(before);
        lab.stop(before);
        // Silence, jitter, and a heartbeat for each of three turns: to see it, to ask, to be elected.
        ticks(2 * ELECTION + 3 * HEARTBEAT);
        assertThat(leader().group().ballot()).isGreaterThan(before.group().ballot());
    }

    @Test
    void aCallThatNobodyCanServeIsAnsweredWithinAHeartbeatOfItsDeadline() {
        cluster(0);
        Lab.Node leader = leader();
        lab.lose(envelope -> true);
        RequestId call = leader.submit("x", 10);
        ticks(10 + MachineConfig.DEFAULTS.resendTicks() / 4 + HEARTBEAT);
        assertThat(leader.outcome(call)).isNotNull();
    }

    @Test
    void whatIsLostIsSentAgain() {
        cluster(0);
        Lab.Node leader = leader();
        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.Accept);
        RequestId call = leader.submit("x", 2000);
        assertThat(leader.outcome(call)).isNull();
        lab.lose(envelope -> false);
        ticks(2 * MachineConfig.DEFAULTS.resendTicks() + HEARTBEAT);
        assertThat(leader.outcome(call)).isInstanceOf(Outcome.Applied.class);
    }

    /** Marks are dated by the clock of the moment, not by that of the log's last turn. */
    @Test
    void aMarkIsAsFreshAsTheClockSays() {
        cluster(0);
        Lab.Node leader = leader();
        for (int tick = 0; tick < HEARTBEAT; tick++) {
            ticks(1);
            long asked = leader.nanos;
            assertThat(leader.outcome(leader.read())).isInstanceOf(Outcome.Current.class);
            lab.lose(envelope -> true);
            RequestId bounded = leader.read(new Freshness.MarkedSince(asked));
            assertThat(leader.outcome(bounded)).as("tick %d", tick).isInstanceOf(Outcome.Current.class);
            lab.lose(envelope -> false);
        }
    }
}
