// SPDX-License-Identifier: Apache-2.0
package io.paxos.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.model.GroupId;
import io.paxos.testkit.check.Call;
import io.paxos.testkit.coverage.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The three partial partitions at which elections fail that count on everybody seeing the same (Ng, Haridi, Carbone: Omni-Paxos,
 * 2023, §2): links are cut for good, and whoever still reaches a quorum, of itself or over a peer, is answered (rule 17).
 */
class ClassicPartitionsTest {

    private static final GroupId GROUP = GroupId.of("g0");
    private static final long SECOND = 1_000_000;
    private static final long BOUND = 10 * SECOND;
    private static final int PATIENCE_TICKS = 900;

    private World world = world(1, 1);

    private static World world(long seed, int nodes) {
        return new World(new Setup(seed, 0, 7, 200, null, Program.PAXOS, null, null, null, null), Scenario.fair(nodes));
    }

    private int begin(long seed, int nodes) {
        world = world(seed, nodes);
        world.begin();
        within(BOUND, () -> world.hostsUp().size() == nodes && leader() >= 0, "a leader is elected");
        within(SECOND, () -> world.now() > SECOND, "the run is under way");
        return leader();
    }

    private void within(long micros, BooleanSupplier condition, String what) {
        assertThat(world.timeline().runUntil(condition, micros))
                .as("%s; trace: %s", what, world.trace().tail())
                .isTrue();
    }

    private int leader() {
        return IntStream.range(0, world.stations().size())
                .filter(node -> host(node).role(GROUP) == RoleName.LEADER)
                .findFirst()
                .orElse(-1);
    }

    private Host host(int node) {
        Host host = world.host(node);
        assertThat(host).isNotNull();
        return host;
    }

    private void cutAllBut(int hub) {
        Network.Cut cut = world.cluster().newCut();
        for (int a = 0; a < world.stations().size(); a++) {
            for (int b = a + 1; b < world.stations().size(); b++) {
                if (a != hub && b != hub) {
                    cut.bothWays(a, b);
                }
            }
        }
        world.cluster().cut(cut);
    }

    private Network.Cut cutOff(int node) {
        Network.Cut cut = world.cluster().newCut();
        for (int other = 0; other < world.stations().size(); other++) {
            cut.bothWays(node, other);
        }
        world.cluster().cut(cut);
        return cut;
    }

    private void answeredAt(List<Integer> nodes) {
        List<Call> calls = new ArrayList<>();
        for (int node : nodes) {
            calls.add(world.callers().submit(host(node), GROUP, PATIENCE_TICKS));
            calls.add(world.callers().read(host(node), GROUP, PATIENCE_TICKS));
        }
        within(BOUND, () -> calls.stream().allMatch(call -> call.outcome() != null), "every call is answered");
        for (Call call : calls) {
            boolean reads = call.event() instanceof Event.Read;
            Class<?> expected = reads ? Outcome.Current.class : Outcome.Applied.class;
            assertThat(call.outcome()).as("%s", call).isInstanceOf(expected);
        }
    }

    private List<Integer> allBut(int... nodes) {
        return IntStream.range(0, world.stations().size())
                .filter(node -> IntStream.of(nodes).noneMatch(other -> other == node))
                .boxed()
                .toList();
    }

    private void noMoreLeadersThan(long most, long before) {
        within(11 * SECOND, () -> world.now() > before + 10 * SECOND, "time goes by");
        assertThat(world.coverage().of(Mark.LEADER)).isLessThanOrEqualTo(most);
    }

    /** The leader still hears one peer, who is the only one that reaches a quorum. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void quorumLoss(long seed) {
        int leader = begin(seed, 5);
        int hub = (leader + 1) % 5;
        long elected = world.coverage().of(Mark.LEADER);
        cutAllBut(hub);
        answeredAt(allBut());
        assertThat(leader()).isEqualTo(hub);
        noMoreLeadersThan(elected + 1, world.now());
    }

    /** The leader is gone, and the only one that reaches a quorum lacks what the others have. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void constrainedElection(long seed) {
        int leader = begin(seed, 5);
        int hub = (leader + 1) % 5;
        Network.Cut lag = cutOff(hub);
        answeredAt(allBut(hub));
        long elected = world.coverage().of(Mark.LEADER);
        assertThat(host(hub).decided(GROUP)).isLessThan(host(leader).decided(GROUP));
        cutAllBut(hub);
        cutOff(leader);
        world.cluster().heal(lag);
        answeredAt(allBut(leader));
        assertThat(host(hub).role(GROUP)).isEqualTo(RoleName.LEADER);
        noMoreLeadersThan(elected + 1, world.now());
    }

    /** One node does not hear the leader, but hears one that does: it goes the long way, and the leader stays. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void chained(long seed) {
        int leader = begin(seed, 3);
        long elected = world.coverage().of(Mark.LEADER);
        world.cluster().cut(world.cluster().newCut().bothWays(leader, (leader + 2) % 3));
        answeredAt(allBut());
        noMoreLeadersThan(elected, world.now());
        answeredAt(allBut());
        assertThat(leader()).isEqualTo(leader);
    }

    /** Five in a row, the leader at one end: over two peers only. */
    @Test
    void aChainOfFive() {
        int leader = begin(7, 5);
        Network.Cut cut = world.cluster().newCut();
        for (int a = 0; a < 5; a++) {
            for (int b = a + 1; b < 5; b++) {
                if (b - a > 1) {
                    cut.bothWays((leader + a) % 5, (leader + b) % 5);
                }
            }
        }
        world.cluster().cut(cut);
        // Only the node in the middle and its neighbours reach a quorum; the middle one reaches everybody over one
        // peer.
        int middle = (leader + 2) % 5;
        answeredAt(List.of(middle, (middle + 1) % 5, (middle + 4) % 5));
    }
}
