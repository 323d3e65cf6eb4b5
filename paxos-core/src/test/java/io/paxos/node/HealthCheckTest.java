// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Effect;
import io.paxos.model.Ballot;
import io.paxos.model.Configuration;
import io.paxos.model.Endpoint;
import io.paxos.model.FeatureLevel;
import io.paxos.model.GroupId;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.replica.NodeStatus;
import io.paxos.replica.NodeStatus.Standing;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which condition of a node is a matter of restarting it, which of sending callers elsewhere, and which is neither. */
class HealthCheckTest {

    private static final GroupId GROUP = GroupId.of("g");
    private static final NodeId SELF = NodeId.of("n1");
    private static final Membership MEMBERS = new Membership(new TreeMap<>(Map.of(SELF, new Incarnation(1))));

    private static NodeStatus node(
            @Nullable Membership formed,
            @Nullable String stranger,
            @Nullable String halted,
            Map<GroupId, NodeStatus.Group> groups) {
        return new NodeStatus(
                new Endpoint(SELF, new Incarnation(1)), formed, stranger, null, halted, 0, 0, new TreeMap<>(groups));
    }

    private static NodeStatus with(NodeStatus.Group group) {
        return node(MEMBERS, null, null, Map.of(GROUP, group));
    }

    private static NodeStatus.Group group(
            @Nullable String halted, Standing standing, Set<NodeId> odd, long known, long leaderlessTicks) {
        Configuration configuration = Configuration.initial(MEMBERS);
        return new NodeStatus.Group(
                halted == null ? Effect.RoleName.FOLLOWER : Effect.RoleName.HALTED,
                null,
                Ballot.ZERO,
                10,
                10,
                0,
                0,
                0,
                halted,
                new NodeStatus.Membership(configuration, configuration, 1, standing),
                odd,
                known,
                leaderlessTicks,
                Collections.emptySortedMap(),
                FeatureLevel.LATEST);
    }

    private static NodeStatus.Group sound() {
        return group(null, Standing.VOTER, Set.of(), 10, 0);
    }

    private static HealthCheck check(boolean member, boolean threw) {
        HealthPolicy policy = new HealthPolicy(Duration.ofSeconds(2), 100);
        return new HealthCheck(policy, Duration.ofMillis(10), member, group -> threw);
    }

    private static NodeHealth judge(NodeStatus status) {
        return check(true, false).of(status, null);
    }

    @Test
    void aSoundNodeIsLiveAndReady() {
        NodeHealth health = judge(with(sound()));
        assertThat(health.isLive()).isTrue();
        assertThat(health.isReady()).isTrue();
        assertThat(health.isReady(GROUP)).isTrue();
        assertThat(health.isReady(GroupId.of("other")))
                .as("it takes no part in that log")
                .isFalse();
    }

    @Test
    void aLoopThatDoesNotAnswerIsNotLive() {
        NodeHealth health = check(true, false).of(with(sound()), "the loop does not answer");
        assertThat(health.dead()).containsExactly("the loop does not answer");
        assertThat(health.isReady()).isFalse();
        assertThat(health.isReady(GROUP)).isFalse();
    }

    @Test
    void aNodeWhoseStoreFailedIsNotLiveAndSaysSoOnce() {
        NodeHealth health = judge(node(
                MEMBERS,
                null,
                "a write failed",
                Map.of(GROUP, group("a write failed", Standing.VOTER, Set.of(), 10, 0))));
        assertThat(health.dead()).hasSize(1).first().asString().contains("a write failed");
    }

    @Test
    void aLogThatFoundARuleBrokenIsNotLive() {
        NodeHealth health = judge(with(group("two values at one ballot", Standing.VOTER, Set.of(), 10, 0)));
        assertThat(health.dead()).singleElement().asString().contains("g", "two values at one ballot");
    }

    @Test
    void aStateMachineThatThrewIsNotReadyButLiveForItWouldThrowAgain() {
        NodeHealth health = check(true, true).of(with(group("apply failed", Standing.VOTER, Set.of(), 10, 0)), null);
        assertThat(health.isLive()).isTrue();
        assertThat(health.isReady(GROUP)).isFalse();
        assertThat(health.groups().get(GROUP)).singleElement().asString().contains("apply failed");
    }

    @Test
    void aReplicaThatIsTheOddOneOutIsNotReadyButLive() {
        NodeHealth health = judge(with(group("differs from the others", Standing.VOTER, Set.of(SELF), 10, 0)));
        assertThat(health.isLive()).isTrue();
        assertThat(health.isReady()).isFalse();
    }

    @Test
    void aNodeOfAClusterThatHasNotFormedIsNotReadyButLive() {
        NodeHealth health = judge(node(null, null, null, Map.of()));
        assertThat(health.isLive()).isTrue();
        assertThat(health.notReady()).singleElement().asString().contains("not formed");
    }

    @Test
    void aStrangerIsNotReadySoThatARollingRestartWaitsForItsAdmission() {
        assertThat(judge(node(MEMBERS, "its store is new", null, Map.of())).notReady())
                .singleElement()
                .asString()
                .contains("its store is new");
        NodeHealth health = judge(with(group(null, Standing.STRANGER, Set.of(), 10, 0)));
        assertThat(health.isLive()).isTrue();
        assertThat(health.isReady(GROUP)).isFalse();
    }

    @Test
    void whoJoinedALogLaterIsReadyThoughAStrangerToDecrees() {
        assertThat(judge(node(MEMBERS, "not among those who formed it", null, Map.of(GROUP, sound())))
                        .isReady())
                .isTrue();
    }

    @Test
    void aMemberThatWasRemovedIsNotReadyButAnObserverByItsOwnWishIs() {
        NodeStatus status = with(group(null, Standing.OUTSIDE, Set.of(), 10, 0));
        assertThat(check(true, false).of(status, null).isReady()).isFalse();
        assertThat(check(false, false).of(status, null).isReady()).isTrue();
        assertThat(judge(with(group(null, Standing.OBSERVER, Set.of(), 10, 0))).isReady())
                .isTrue();
    }

    @Test
    void oneThatIsFarBehindIsNotReady() {
        assertThat(judge(with(group(null, Standing.VOTER, Set.of(), 110, 0))).isReady())
                .isTrue();
        NodeHealth health = judge(with(group(null, Standing.VOTER, Set.of(), 111, 0)));
        assertThat(health.groups().get(GROUP)).singleElement().asString().contains("101 slots behind");
        assertThat(health.isLive()).isTrue();
    }

    @Test
    void anElectionIsNotSeenButALastingLackOfALeaderIs() {
        assertThat(judge(with(group(null, Standing.VOTER, Set.of(), 10, 200))).isReady())
                .as("two seconds, which are allowed")
                .isTrue();
        NodeHealth health = judge(with(group(null, Standing.VOTER, Set.of(), 10, 201)));
        assertThat(health.groups().get(GROUP)).singleElement().asString().contains("2010 ms");
        assertThat(health.isLive()).as("to restart it would not bring a leader").isTrue();
    }

    @Test
    void whoHasHeardNoLeaderSinceItsStartIsNotReadyForItCannotKnowWhatItMisses() {
        assertThat(judge(with(group(null, Standing.VOTER, Set.of(), 10, -1)))
                        .groups()
                        .get(GROUP))
                .singleElement()
                .asString()
                .contains("since this node was started");
    }

    @Test
    void boundsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new HealthPolicy(Duration.ofSeconds(-1), 1)).hasMessageContaining("PT-1S");
        assertThatThrownBy(() -> new HealthPolicy(Duration.ZERO, -1)).hasMessageContaining("-1");
    }
}
