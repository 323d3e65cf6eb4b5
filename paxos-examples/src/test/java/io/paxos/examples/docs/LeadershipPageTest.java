// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.node.LeadershipListener;
import io.paxos.node.PaxosNode;
import io.paxos.node.ReplicatedLog;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/leadership.md shows. */
@Timeout(60)
class LeadershipPageTest {

    private final BlockingQueue<Ballot> heard = new LinkedBlockingQueue<>();

    private ReplicatedLog<Accounts.Pay, Long, Accounts> observed(PaxosNode node) {
        var log = node.replicate("accounts", new Accounts(), Accounts.Pay.CODEC, Codec.int64());
        log.leadership().observe(new LeadershipListener() {
            @Override
            public void leads(Ballot token) {
                heard.add(token);
            }

            @Override
            public void ends(Ballot token) {
                heard.add(token);
            }
        });
        return log;
    }

    @Test
    void aLeaderIsToldThatItLeadsAndThatItDoesNoMore() throws InterruptedException {
        try (PaxosNode node = PaxosNode.builder().id("n1").members("n1").start()) {
            observed(node).submit(new Accounts.Pay("anna", 1)).join();
            assertThat(heard.poll(30, SECONDS)).isNotNull();
        }
        assertThat(heard.poll(30, SECONDS)).as("when the node is closed").isNotNull();
    }

    /** One of these or another: after the first, the node that was asked leads no more. */
    @SuppressWarnings("FutureReturnValueIgnored")
    static void handOver(ReplicatedLog<Accounts.Pay, Long, Accounts> log, Duration deadline) {
        log.leadership().transferTo(NodeId.of("n2"));
        log.leadership().transfer(deadline);
        log.leadership().stepDown(deadline);
    }
}
