// SPDX-License-Identifier: Apache-2.0
package io.paxos.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.event.Self;
import io.paxos.model.ClusterName;
import io.paxos.model.Endpoint;
import io.paxos.model.Incarnation;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.StartId;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What an operator is told must be true after changes of membership, too. */
class FormationReportTest {

    private static final NodeId N1 = NodeId.of("n1");
    private static final NodeId N2 = NodeId.of("n2");
    private static final NodeId N3 = NodeId.of("n3");
    private static final NodeId N4 = NodeId.of("n4");
    private static final Membership FORMED =
            Membership.of(Map.of(N1, new Incarnation(1), N2, new Incarnation(2), N3, new Incarnation(3)));
    private static final Collection<Endpoint> VOTERS = List.of(endpoint(N1, 1), endpoint(N2, 2), endpoint(N4, 4));

    private static Endpoint endpoint(NodeId node, long incarnation) {
        return new Endpoint(node, new Incarnation(incarnation));
    }

    private static String stranger(Endpoint endpoint, StartId start) {
        return FormationReport.stranger(new Self(new ClusterName("c"), endpoint, 1), FORMED, start);
    }

    private static SortedSet<NodeId> members(NodeId... nodes) {
        return new TreeSet<>(Arrays.asList(nodes));
    }

    @Test
    void whoJoinedIsNotToldThatItsVotesCountNowhere() {
        assertThat(FormationReport.stranger(new Self(new ClusterName("c"), endpoint(N4, 4), 1), FORMED, null))
                .startsWith("n4 is not among the members with which the cluster formed")
                .contains("For decrees and registers", "In a log, its votes count if", "status().groups()")
                .doesNotContain("do not count", "former store");
    }

    @Test
    void whoJoinedAndWentBackToAnEarlierStateIsToldThatAndTheRemedy() {
        assertThat(stranger(endpoint(N4, 4), StartId.of(7, 7)))
                .contains("restored from a backup", "count nowhere", "start 7.", "start it with an empty store")
                .contains("membership().replace(\"n4\", \"n4\")", "PaxosNodeBuilder.readmitAfter");
    }

    @Test
    void theMembersConfiguredAreNoMatterWhereTheyAreWhomItAsksOrThoseWhoVoteNow() {
        assertThat(FormationReport.mismatch(N4, members(N1), FORMED, VOTERS)).isNull();
        assertThat(FormationReport.mismatch(N1, members(N1, N2, N3), FORMED, VOTERS))
                .isNull();
        assertThat(FormationReport.mismatch(N1, members(N1, N2, N4), FORMED, VOTERS))
                .isNull();
        assertThat(FormationReport.mismatch(N4, members(N1, N2, N4), FORMED, VOTERS))
                .isNull();
    }

    @Test
    void membersWhoAreNeitherAreReported() {
        assertThat(FormationReport.mismatch(N1, members(N1, N4), FORMED, VOTERS))
                .contains("on n1, [n1, n4]", "formed, [n1, n2, n3]", "logs, [n1, n2, n4]", "have no effect");
        assertThat(FormationReport.mismatch(N1, members(N1, N4), FORMED, List.of()))
                .contains("formed, [n1, n2, n3]. The configured ones")
                .doesNotContain("nor those");
    }
}
