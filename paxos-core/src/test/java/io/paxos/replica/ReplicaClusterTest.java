// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Effect;
import io.paxos.event.Effect.RoleName;
import io.paxos.event.Event;
import io.paxos.event.Outcome;
import io.paxos.event.RequestId;
import io.paxos.event.Self;
import io.paxos.message.Envelope;
import io.paxos.message.GroupMessage;
import io.paxos.message.LogMessage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.LogTime;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Payload;
import io.paxos.model.SlotRange;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.spi.RecoveredState;
import io.paxos.spi.StateMachine;
import io.paxos.spi.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Replicas of one log driven by hand: every message is delivered, in order, unless a test says otherwise. */
class ReplicaClusterTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final NodeId A = NodeId.of("a");
    private static final NodeId B = NodeId.of("b");
    private static final NodeId C = NodeId.of("c");

    private final Map<NodeId, Replica> replicas = new TreeMap<>();
    private long now;
    private final Map<NodeId, AppliedState> states = new HashMap<>();
    private final Map<NodeId, List<String>> executed = new HashMap<>();
    private final Map<RequestId, Outcome> outcomes = new HashMap<>();
    private final Map<NodeId, RoleName> roles = new HashMap<>();
    private final Queue<Envelope> network = new ArrayDeque<>();
    private final List<Envelope> sent = new ArrayList<>();
    private final Map<NodeId, Integer> acceptWrites = new HashMap<>();
    private Predicate<Envelope> lost = envelope -> false;
    private Predicate<NodeId> slowStore = node -> false;
    private Predicate<NodeId> slowApply = node -> false;
    private long requests;

    private void cluster(NodeId... nodes) {
        Map<NodeId, Incarnation> voters = new TreeMap<>();
        for (int i = 0; i < nodes.length; i++) {
            voters.put(nodes[i], new Incarnation(i + 1));
        }
        Membership membership = Membership.of(voters);
        for (Endpoint endpoint : membership.endpoints()) {
            Self self = new Self(new ClusterName("test"), endpoint, 7);
            Replica replica = new Replica(
                    self,
                    GROUP,
                    MachineConfig.DEFAULTS.with(LevelPolicy.SETTLED),
                    Remains.of(RecoveredState.Log.EMPTY, self, MachineConfig.DEFAULTS),
                    new Random(endpoint.node().hashCode()));
            List<String> log = executed.computeIfAbsent(endpoint.node(), node -> new ArrayList<>());
            StateMachine<Payload, Payload> machine = (context, command) -> {
                log.add(command.toUtf8());
                return Payload.utf8("done " + command.toUtf8());
            };
            states.put(endpoint.node(), new AppliedState(self, GROUP, machine, SnapshotPolicy.NEVER));
            replicas.put(endpoint.node(), replica);
            replica.form(new Peers(self, membership, MajorityQuorums.of(voters.keySet()), List::of, () -> true));
        }
    }

    private void carryOut(NodeId node, List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Persist persist) {
                for (Write write : persist.writes()) {
                    if (write instanceof Write.AcceptWrite) {
                        acceptWrites.merge(node, 1, Integer::sum);
                    }
                }
                if (!slowStore.test(node)) {
                    persist.afterDurable().forEach(this::send);
                }
            } else if (effect instanceof Effect.Send send) {
                send(send.envelope());
            } else if (effect instanceof Effect.Apply && slowApply.test(node)) {
                continue;
            } else if (effect instanceof Effect.Apply apply) {
                Replica replica = replicas.get(node);
                var completions = states.get(node).apply(apply.first(), apply.values());
                replica.applied(
                        new Event.Applied(GROUP, apply.first() + apply.values().size() - 1, completions));
                carryOut(node, replica.flush());
            } else if (effect instanceof Effect.Respond respond) {
                assertThat(outcomes.put(respond.request(), respond.outcome()))
                        .as("second answer to %s", respond.request())
                        .isNull();
            } else if (effect instanceof Effect.RoleChanged changed) {
                roles.put(node, changed.role());
            } else if (effect instanceof Effect.Halted halted) {
                throw new AssertionError(halted.reason());
            }
        }
    }

    private void send(Envelope envelope) {
        sent.add(envelope);
        if (!lost.test(envelope)) {
            network.add(envelope);
        }
    }

    private void settle() {
        replicas.forEach((node, replica) -> carryOut(node, replica.flush()));
        while (!network.isEmpty()) {
            Envelope envelope = network.remove();
            NodeId to = envelope.to().node();
            Replica replica = replicas.get(to);
            replica.receive(envelope.from(), ((GroupMessage) envelope.message()).body());
            carryOut(to, replica.flush());
        }
    }

    private void ticks(int count) {
        for (int i = 0; i < count; i++) {
            now++;
            replicas.values().forEach(replica -> replica.tick(now, new LogTime(1), 0));
            settle();
        }
    }

    private RequestId submit(NodeId node, String command) {
        RequestId request = new RequestId(++requests);
        replicas.get(node).submit(request, Payload.utf8(command), 1000);
        return request;
    }

    private NodeId leader() {
        List<NodeId> leaders = roles.entrySet().stream()
                .filter(e -> e.getValue() == RoleName.LEADER)
                .map(Map.Entry::getKey)
                .toList();
        assertThat(leaders).hasSize(1);
        return leaders.get(0);
    }

    @Test
    void oneNodeLeadsItselfAndApplies() {
        cluster(A);
        ticks(70);
        RequestId request = submit(A, "x");
        ticks(2);
        assertThat(outcomes.get(request)).isEqualTo(new Outcome.Applied(2, Payload.utf8("done x")));
    }

    @Test
    void commandsOfEveryNodeAreAppliedOnceInOneOrder() {
        cluster(A, B, C);
        ticks(70);
        for (int i = 0; i < 100; i++) {
            submit(A, "a" + i);
            submit(B, "b" + i);
            submit(C, "c" + i);
        }
        ticks(60);
        assertThat(outcomes).hasSize(300).allSatisfy((r, o) -> assertThat(o).isInstanceOf(Outcome.Applied.class));
        assertThat(executed.get(A)).hasSize(300).doesNotHaveDuplicates();
        assertThat(executed.get(B)).isEqualTo(executed.get(A));
        assertThat(executed.get(C)).isEqualTo(executed.get(A));
    }

    @Test
    void manyCommandsShareOneAccept() {
        cluster(A, B, C);
        ticks(70);
        NodeId leader = leader();
        submit(leader, "first");
        ticks(5);
        sent.clear();
        for (int i = 0; i < 500; i++) {
            submit(leader, "x" + i);
        }
        settle();
        long accepts = sent.stream()
                .filter(e -> ((GroupMessage) e.message()).body() instanceof LogMessage.Accept)
                .count();
        assertThat(accepts).as("one Accept for each acceptor").isEqualTo(3);
        assertThat(outcomes).hasSize(501);
    }

    @Test
    void anotherNodeTakesOverWhenTheLeaderIsSilentAndKeepsWhatWasAccepted() {
        cluster(A, B, C);
        ticks(70);
        NodeId old = leader();
        submit(old, "before");
        ticks(10);
        // Accepts still reach the others, but nothing they answer comes back.
        lost = envelope -> envelope.to().node().equals(old);
        RequestId cut = submit(old, "cut");
        settle();
        lost = envelope ->
                envelope.to().node().equals(old) || envelope.from().node().equals(old);
        ticks(200);
        NodeId successor = roles.entrySet().stream()
                .filter(e -> e.getValue() == RoleName.LEADER && !e.getKey().equals(old))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        assertThat(executed.get(successor)).containsExactly("before", "cut");
        assertThat(outcomes).doesNotContainKey(cut);
        lost = envelope -> false;
        ticks(200);
        assertThat(outcomes.get(cut)).isInstanceOf(Outcome.Applied.class);
        assertThat(executed.values()).allSatisfy(log -> assertThat(log).containsExactly("before", "cut"));
    }

    @Test
    void aNodeCutOffFromTheLeaderAloneForwardsAndLearnsThroughItsPeerAndDeposesNobody() {
        cluster(A, B, C);
        ticks(70);
        NodeId leader = leader();
        NodeId cut = leader.equals(A) ? C : A;
        lost = e -> (e.from().node().equals(leader) && e.to().node().equals(cut))
                || (e.from().node().equals(cut) && e.to().node().equals(leader));
        ticks(300);
        assertThat(leader()).isEqualTo(leader);
        RequestId request = submit(cut, "through the peer");
        ticks(300);
        assertThat(outcomes.get(request)).isInstanceOf(Outcome.Applied.class);
        assertThat(leader()).isEqualTo(leader);
    }

    @Test
    void aLeaderWithoutAQuorumStepsDown() {
        cluster(A, B, C);
        ticks(70);
        NodeId leader = leader();
        lost = e -> e.from().node().equals(leader) || e.to().node().equals(leader);
        ticks(100);
        assertThat(roles.get(leader)).isEqualTo(RoleName.FOLLOWER);
    }

    @Test
    void aNodeThatIsSlowToExecuteDoesNotHaveItsCommandsDecidedAgainAndAgain() {
        cluster(A, B, C);
        ticks(70);
        NodeId leader = leader();
        NodeId slow = leader.equals(A) ? B : A;
        submit(slow, "first");
        ticks(30);
        slowApply = slow::equals;
        for (int i = 0; i < 100; i++) {
            submit(slow, "x" + i);
        }
        ticks(400);
        assertThat(replicas.get(leader).status().decided())
                .as("slots taken by 101 commands of a node that has executed none of the last 100 for 4 s")
                .isLessThan(120);
    }

    @Test
    void whatWaitsForASlowStoreIsNotWrittenAgainAndAgain() {
        cluster(A, B, C);
        ticks(70);
        NodeId leader = leader();
        NodeId slow = leader.equals(A) ? B : A;
        NodeId dead = leader.equals(C) || slow.equals(C) ? (leader.equals(B) || slow.equals(B) ? A : B) : C;
        lost = e -> e.to().node().equals(dead);
        slowStore = slow::equals;
        acceptWrites.clear();
        submit(leader, "x");
        ticks(400);
        assertThat(acceptWrites.get(slow)).as("writes of one proposal").isLessThanOrEqualTo(2);
    }

    @Test
    void aNodeThatHearsTheLeaderButIsNotHeardByItForwardsThroughItsPeer() {
        cluster(A, B, C);
        ticks(70);
        NodeId leader = leader();
        NodeId mute = leader.equals(A) ? C : A;
        lost = e -> e.from().node().equals(mute) && e.to().node().equals(leader);
        RequestId request = submit(mute, "through the peer");
        ticks(900);
        assertThat(outcomes.get(request)).isInstanceOf(Outcome.Applied.class);
        assertThat(leader()).isEqualTo(leader);
    }

    @Test
    void noBallotOfAStrangerUsesUpTheRounds() {
        cluster(A, B, C);
        ticks(70);
        NodeId stranger = NodeId.of("z");
        Endpoint from = new Endpoint(stranger, new Incarnation(99));
        Ballot last = new Ballot(Long.MAX_VALUE, stranger, 1);
        replicas.values().forEach(replica -> replica.receive(from, new LogMessage.Prepare(last, 1)));
        lost = e -> e.to().node().equals(stranger);
        ticks(300);
        RequestId request = submit(A, "x");
        ticks(100);
        assertThat(outcomes.get(request)).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aNodeTwoPeersAwayFromTheLeaderStillGetsItsCommandsThere() {
        NodeId d = NodeId.of("d");
        NodeId e = NodeId.of("e");
        cluster(A, B, C, d, e);
        ticks(70);
        NodeId leader = leader();
        List<NodeId> others =
                replicas.keySet().stream().filter(node -> !node.equals(leader)).toList();
        NodeId far = others.get(0);
        NodeId middle = others.get(1);
        // far hears middle alone; middle hears everyone but the leader.
        lost = envelope -> {
            NodeId from = envelope.from().node();
            NodeId to = envelope.to().node();
            boolean farElsewhere = (from.equals(far) && !to.equals(far) && !to.equals(middle))
                    || (to.equals(far) && !from.equals(far) && !from.equals(middle));
            boolean middleToLeader =
                    (from.equals(middle) && to.equals(leader)) || (from.equals(leader) && to.equals(middle));
            return farElsewhere || middleToLeader;
        };
        ticks(300);
        RequestId request = submit(far, "over two peers");
        ticks(600);
        assertThat(outcomes.get(request)).isInstanceOf(Outcome.Applied.class);
        assertThat(leader()).isEqualTo(leader);
    }

    @Test
    void rule2AcceptancesOfAnotherIncarnationOrOfAnotherBallotDecideNothing() {
        cluster(A, B, C);
        ticks(70);
        NodeId leader = leader();
        submit(leader, "first");
        ticks(10);
        lost = e -> e.from().node().equals(leader) && !e.to().node().equals(leader);
        submit(leader, "second");
        settle();
        long decided = replicas.get(leader).status().decided();
        Ballot ballot = replicas.get(leader).status().ballot();
        SlotRange next = new SlotRange(decided + 1, decided + 2);
        NodeId other = leader.equals(A) ? B : A;
        Endpoint member = new Endpoint(other, new Incarnation(other.equals(A) ? 1 : 2));
        Endpoint reborn = new Endpoint(other, new Incarnation(99));
        replicas.get(leader).receive(reborn, new LogMessage.Accepted(ballot, next));
        replicas.get(leader)
                .receive(member, new LogMessage.Accepted(new Ballot(ballot.round(), ballot.proposer(), 8), next));
        settle();
        assertThat(replicas.get(leader).status().decided()).isEqualTo(decided);
        replicas.get(leader).receive(member, new LogMessage.Accepted(ballot, next));
        settle();
        assertThat(replicas.get(leader).status().decided()).isEqualTo(decided + 1);
    }

    @Test
    void rule2PromisesOfAnotherIncarnationMakeNoLeader() {
        cluster(A, B, C);
        lost = e -> ((GroupMessage) e.message()).body() instanceof LogMessage.Promise
                && !e.from().node().equals(e.to().node());
        while (!roles.containsValue(RoleName.CANDIDATE)) {
            ticks(1);
        }
        NodeId candidate = roles.entrySet().stream()
                .filter(e -> e.getValue() == RoleName.CANDIDATE)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        Ballot ballot = replicas.get(candidate).status().ballot();
        NodeId other = candidate.equals(A) ? B : A;
        LogMessage promise = new LogMessage.Promise(ballot, new SlotRange(1, 1), true, 0, 0, List.of());
        replicas.get(candidate).receive(new Endpoint(other, new Incarnation(99)), promise);
        settle();
        assertThat(roles.get(candidate)).isEqualTo(RoleName.CANDIDATE);
        replicas.get(candidate).receive(new Endpoint(other, new Incarnation(other.equals(A) ? 1 : 2)), promise);
        settle();
        assertThat(roles.get(candidate)).isEqualTo(RoleName.LEADER);
    }
}
