// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.model.NodeId;
import io.paxos.quorum.FlexibleQuorums;
import io.paxos.quorum.MajorityQuorums;
import io.paxos.quorum.QuorumSystem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input is refused before anything starts, by a message that names the value and the remedy. */
class PaxosNodeBuilderTest {

    private static PaxosNodeBuilder good() {
        return PaxosNode.builder().id("n1").members("n1", "n2", "n3");
    }

    private static Arguments refused(String what, UnaryOperator<PaxosNodeBuilder> change, String... words) {
        return Arguments.of(what, change, List.of(words));
    }

    static List<Arguments> badInput() {
        return List.of(
                refused("no id", b -> PaxosNode.builder().members("n1"), "id(\"n1\")"),
                refused("no members", b -> PaxosNode.builder().id("n1"), "no members", "members("),
                refused("duplicate member", b -> b.members("n1", "n2", "n1"), "\"n1\"", "twice", "once"),
                refused("bad member", b -> b.members("n1", "n 2"), "\"n 2\"", "use only"),
                refused("empty member", b -> b.members("n1", ""), "node id", "1 to 64"),
                refused("bad id", b -> b.id("n1\n"), "node id"),
                refused("own id missing", b -> b.id("n4"), "\"n4\"", "[n1, n2, n3]", "observer()"),
                refused("observing member", b -> b.observer(), "\"n1\"", "observer()", "leave out"),
                refused("bad cluster", b -> b.cluster("a b"), "cluster name", "\"a b\""),
                refused(
                        "quorums that do not meet",
                        b -> b.quorums(m -> new FlexibleQuorums(m, 1, 2)),
                        "[n1, n2, n3]",
                        "share no member",
                        "at least 4"),
                refused("empty quorum", b -> b.quorums(m -> new FlexibleQuorums(m, 0, 3)), "phase-1", "not 0"),
                refused(
                        "quorums of unknown nodes",
                        b -> b.quorums(m -> new MajorityQuorums(Set.of(NodeId.of("n9")))),
                        "[n1, n2, n3]",
                        "[n9]"),
                refused(
                        "quorums that do not describe themselves",
                        b -> b.quorums(OtherQuorums::new),
                        "description()",
                        "one line"),
                refused("no quorums", b -> b.quorums(m -> null), "null", "exactly the members"),
                refused("priority", b -> b.priority(101), "priority", "101", "0 to 100"),
                refused("tick too short", b -> b.tick(Duration.ofNanos(5)), "tick", "PT0.000000005S"),
                refused("tick too long", b -> b.tick(Duration.ofHours(1)), "tick", "PT1H"),
                refused("no heartbeat", b -> b.heartbeat(Duration.ZERO), "heartbeat", "PT0S"),
                refused(
                        "readmission sooner than a leader is missed",
                        b -> b.electionTimeout(Duration.ofMillis(300)).readmitAfter(Duration.ofMillis(200)),
                        "readmitAfter",
                        "PT0.2S"),
                refused("negative timeout", b -> b.electionTimeout(Duration.ofSeconds(-1)), "electionTimeout", "PT-1S"),
                refused(
                        "timeout below three heartbeats",
                        b -> b.heartbeat(Duration.ofMillis(100)).electionTimeout(Duration.ofMillis(200)),
                        "PT0.2S",
                        "three heartbeats",
                        "PT0.1S",
                        "raise"),
                refused("tick beyond the timeout", b -> b.tick(Duration.ofSeconds(1)), "electionTimeout", "PT1S"),
                refused("no deadline", b -> b.deadline(Duration.ZERO), "deadline", "PT0S"),
                refused("no values", b -> b.maxValueBytes(0), "maxValueBytes", "0"),
                refused(
                        "queue below one value",
                        b -> b.maxValueBytes(2000).limits(Limits.DEFAULTS.withQueue(5, 1000)),
                        "2000",
                        "1000",
                        "queueBytes"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badInput")
    void refuses(String what, UnaryOperator<PaxosNodeBuilder> change, List<String> words) {
        assertThatThrownBy(() -> change.apply(good()).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words.toArray(String[]::new));
    }

    @Test
    void everyLimitIsChecked() {
        assertThatThrownBy(() -> Limits.DEFAULTS.withQueue(0, 1)).hasMessageContainingAll("queueCommands", "0");
        assertThatThrownBy(() -> Limits.DEFAULTS.withQueue(1, 0)).hasMessageContainingAll("queueBytes", "0");
        assertThatThrownBy(() -> Limits.DEFAULTS.withMailbox(0, 1)).hasMessageContainingAll("mailboxMessages", "0");
        assertThatThrownBy(() -> Limits.DEFAULTS.withMailbox(1, -1)).hasMessageContainingAll("mailboxBytes", "-1");
        assertThatThrownBy(() -> Limits.DEFAULTS.withWindow(0, 1)).hasMessageContainingAll("windowSlots", "0");
        assertThatThrownBy(() -> Limits.DEFAULTS.withWindow(1, 0)).hasMessageContainingAll("windowBytes", "0");
        assertThatThrownBy(() -> Limits.DEFAULTS.withMessageBytes(0)).hasMessageContainingAll("messageBytes", "0");
        assertThatThrownBy(() -> Limits.DEFAULTS.withDecreesInFlight(0))
                .hasMessageContainingAll("decreesInFlight", "0");
    }

    @Test
    void durationsBecomeTicksRoundedUp() {
        NodeSettings settings = good().tick(Duration.ofMillis(10))
                .heartbeat(Duration.ofMillis(41))
                .electionTimeout(Duration.ofMillis(201))
                .settings();
        assertThat(settings.config().heartbeatTicks()).isEqualTo(5);
        assertThat(settings.config().electionTicks()).isEqualTo(21);
        assertThat(good().settings().config().electionTicks()).isEqualTo(30);
        assertThat(good().settings().config().heartbeatTicks()).isEqualTo(5);
        assertThat(good().heartbeat(Duration.ofSeconds(1)).settings().config().electionTicks())
                .isEqualTo(600);
    }

    @Test
    void rule1EveryStartDrawsItsOwnNonceWhateverTheSeed() {
        assertThat(good().settings().startNonce())
                .isNotEqualTo(good().settings().startNonce());
        assertThat(good().random(7).settings().startNonce())
                .isNotEqualTo(good().random(7).settings().startNonce());
    }

    @Test
    void aSeedMakesTheJitterRepeatable() {
        assertThat(good().random(7).settings().machineSeed())
                .isEqualTo(good().random(7).settings().machineSeed())
                .isNotEqualTo(good().random(8).settings().machineSeed())
                .isNotEqualTo(good().random(7).id("n2").settings().machineSeed());
    }

    /** As an implementer may forget it. */
    private record OtherQuorums(Set<NodeId> members) implements QuorumSystem {
        @Override
        public String description() {
            return " ";
        }

        @Override
        public boolean isPhase1Quorum(Set<NodeId> acceptors) {
            return acceptors.containsAll(members);
        }

        @Override
        public boolean isPhase2Quorum(Set<NodeId> acceptors) {
            return acceptors.containsAll(members);
        }
    }

    @Test
    void aDriftThatMakesNoSenseIsRefused() {
        for (double drift : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThatThrownBy(() -> PaxosNode.builder()
                            .id("n1")
                            .members("n1")
                            .leaderLease(drift)
                            .settings())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("drift bound")
                    .hasMessageContaining(String.valueOf(drift));
        }
    }
}
