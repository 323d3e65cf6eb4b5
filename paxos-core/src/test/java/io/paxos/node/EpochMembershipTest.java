// SPDX-License-Identifier: Apache-2.0
package io.paxos.node;

import static io.paxos.node.Cluster.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.event.Outcome;
import io.paxos.model.Configuration;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule 16 on running nodes: decrees and registers move to other nodes, and those with whom the cluster formed go. */
@Timeout(60)
class EpochMembershipTest {

    /** A voter that has not heard yet of a node that has just been started says so, and is asked again. */
    private static Map<String, Configuration> replaced(PaxosNode asked, String leaving, String coming)
            throws Exception {
        while (true) {
            try {
                return result(asked.membership().replace(leaving, coming));
            } catch (ExecutionException e) {
                boolean isTooEarly = e.getCause() instanceof RefusedException refused
                        && (refused.reason() == Outcome.Reason.UNKNOWN_NODE
                                || refused.reason() == Outcome.Reason.CHANGE_UNDER_WAY);
                if (!isTooEarly) {
                    throw e;
                }
            }
        }
    }

    private static PaxosNode start(Cluster cluster, String id, boolean joins) {
        String[] contacts = cluster.members().toArray(String[]::new);
        return cluster.start(
                id, builder -> (joins ? builder.joins(contacts) : builder).deadline(Duration.ofSeconds(30)));
    }

    @Test
    void rule16_allThreeNodesAreReplacedAndDecreesAndRegistersGoOn() throws Exception {
        try (Cluster cluster = Cluster.of(3)) {
            for (int i = 1; i <= 3; i++) {
                start(cluster, "n" + i, false);
            }
            PaxosNode n1 = cluster.node("n1");
            assertThat(result(n1.decrees(Codec.utf8()).agree("owner", "n1"))).isEqualTo("n1");
            result(n1.registers(Codec.int64()).set("counter", 1L));
            for (int i = 4; i <= 6; i++) {
                start(cluster, "n" + i, true);
            }
            for (int i = 1; i <= 3; i++) {
                Map<String, Configuration> changed = replaced(cluster.node("n" + (i + 1)), "n" + i, "n" + (i + 3));
                assertThat(changed).containsOnlyKeys(NodeMembers.EPOCHS);
                assertThat(changed.get(NodeMembers.EPOCHS).version()).isEqualTo(i);
                cluster.node("n" + i).close();
                Optional<Long> sum = result(cluster.node("n" + (i + 3))
                        .registers(Codec.int64())
                        .update("counter", n -> Optional.of(n.orElse(0L) + 1)));
                assertThat(sum).contains(1L + i);
            }
            for (int i = 4; i <= 6; i++) {
                PaxosNode node = cluster.node("n" + i);
                assertThat(result(node.decrees(Codec.utf8()).agree("owner", "n" + i)))
                        .isEqualTo("n1");
                assertThat(result(node.registers(Codec.int64()).get("counter"))).contains(4L);
                assertThat(result(node.decrees(Codec.utf8()).agree("new-" + i, "x")))
                        .isEqualTo("x");
                assertThat(node.status().groups()).isEmpty();
                assertThat(node.status().stranger()).isNull();
            }
        }
    }

    @Test
    void nobodyOpensALogOfTheKeptName() throws Exception {
        try (Cluster cluster = Cluster.of(1)) {
            PaxosNode n1 = start(cluster, "n1", false);
            assertThatThrownBy(() -> n1.replicate(NodeMembers.EPOCHS, new Counter(), Codec.int64(), Codec.int64()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(".epochs");
        }
    }
}
