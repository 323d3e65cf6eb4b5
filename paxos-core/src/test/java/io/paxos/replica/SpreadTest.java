// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.NodeId;
import io.paxos.model.Rendezvous;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where offices are spread over the nodes, each log is led by the one it prefers of those that can lead. */
class SpreadTest {

    /** Three times the election timeout, and the time of an election. */
    private static final int SETTLED = 300;

    private final Lab lab = new Lab("n1", "n2", "n3");
    private final List<Lab.Node> nodes = new ArrayList<>();

    private void cluster() {
        lab.spread();
        for (String name : List.of("n1", "n2", "n3")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        // The most preferred first.
        nodes.sort(Comparator.comparing((Lab.Node node) -> -Rendezvous.weight(Lab.GROUP, node.id)));
    }

    private long invitations() {
        return lab.sent().stream()
                .filter(envelope ->
                        envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.TakeOver)
                .count();
    }

    private Lab.Node leader() {
        return nodes.stream().filter(Lab.Node::leads).findFirst().orElseThrow();
    }

    @Test
    void aLogIsLedByTheNodeItPrefersAndByTheNextOneWhileThatIsGone() {
        cluster();
        lab.ticks(SETTLED);
        assertThat(leader()).isSameAs(nodes.get(0));
        lab.stop(nodes.get(0));
        lab.ticks(SETTLED);
        assertThat(nodes.get(1).leads()).isTrue();
        lab.resume(nodes.get(0));
        lab.ticks(SETTLED);
        assertThat(nodes.get(0).leads()).isTrue();
        assertThat(nodes.get(1).leads()).isFalse();
    }

    @Test
    void commandsGoOnWhileTheOfficeMoves() {
        cluster();
        lab.stop(nodes.get(0));
        lab.ticks(SETTLED);
        lab.resume(nodes.get(0));
        List<RequestId> asked = new ArrayList<>();
        for (int i = 0; i < SETTLED; i++) {
            asked.add(nodes.get(2).submit("c" + i));
            lab.ticks(1);
        }
        lab.ticks(20);
        assertThat(nodes.get(0).leads()).isTrue();
        assertThat(asked)
                .allSatisfy(request -> assertThat(nodes.get(2).outcome(request)).isInstanceOf(Outcome.Applied.class));
        assertThat(nodes.get(1).executed).isEqualTo(nodes.get(2).executed).doesNotHaveDuplicates();
    }

    @Test
    void anOfficeThatWasMovedByACallIsMovedBackAfterAWhile() {
        cluster();
        lab.ticks(SETTLED);
        Lab.Node third = nodes.get(2);
        nodes.get(0).transfer(third.id.name(), false);
        lab.ticks(5);
        assertThat(third.leads()).isTrue();
        lab.ticks(3 * MachineConfig.DEFAULTS.electionTicks() - 10);
        assertThat(third.leads())
                .as("no sooner than after three election timeouts")
                .isTrue();
        lab.ticks(30);
        assertThat(nodes.get(0).leads()).isTrue();
    }

    /** Each attempt that comes to nothing stops the log for a while, so there are fewer and fewer. */
    @Test
    void aNodeThatDoesNotTakeOverIsAskedMoreAndMoreSeldom() {
        cluster();
        lab.stop(nodes.get(0));
        lab.ticks(SETTLED);
        lab.lose(envelope -> envelope.message() instanceof GroupMessage m && m.body() instanceof LogMessage.TakeOver);
        lab.resume(nodes.get(0));
        lab.ticks(200);
        assertThat(invitations()).isPositive();
        lab.ticks(10_000);
        assertThat(nodes.get(1).leads()).as("it goes on leading").isTrue();
        // Each attempt is told every heartbeat for an election timeout.
        long each = MachineConfig.DEFAULTS.electionTicks() / MachineConfig.DEFAULTS.heartbeatTicks() + 1L;
        assertThat(invitations()).isLessThanOrEqualTo(10 * each).isGreaterThan(3 * each);
        lab.lose(envelope -> false);
        RequestId request = nodes.get(2).submit("still there");
        lab.ticks(100);
        assertThat(nodes.get(2).outcome(request)).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void withoutBeingToldSoNobodyGivesAnOfficeAway() {
        for (String name : List.of("n1", "n2", "n3")) {
            nodes.add(lab.start(name, lab.newDisk()));
        }
        lab.ticks(100);
        NodeId leader = leader().id;
        lab.ticks(2_000);
        assertThat(leader().id).isEqualTo(leader);
        assertThat(invitations()).isZero();
    }
}
