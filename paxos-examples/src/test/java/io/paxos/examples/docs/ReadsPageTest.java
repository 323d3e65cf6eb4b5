// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.paxos.examples.docs.Accounts.Pay;
import io.paxos.model.SlotToken;
import io.paxos.node.Consistency;
import io.paxos.node.PaxosNode;
import io.paxos.node.Reading;
import io.paxos.node.ReplicatedLog;
import io.paxos.node.Resolution;
import io.paxos.node.UnknownOutcomeException;
import io.paxos.spi.Codec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/reads.md shows. */
@Timeout(60)
class ReadsPageTest {

    private final Duration deadline = Duration.ofSeconds(30);

    private static ReplicatedLog<Pay, Long, Accounts> accounts(PaxosNode node) {
        return node.replicate("accounts", new Accounts(), Pay.CODEC, Codec.int64());
    }

    @Test
    void whoShowsATokenSeesThePayment() {
        try (Three three = new Three()) {
            var accounts = accounts(three.nodes().get(0));
            var other = accounts(three.nodes().get(1));
            Reading<Long> paid =
                    accounts.submitWithSlot(new Pay("anna", 10), deadline).join();
            String token = paid.token().toString();
            assertThat(token).startsWith("accounts:0:");
            var reading = other.read(Consistency.atLeast(SlotToken.parse(token)), a -> a.balance("anna"));
            assertThat(reading.join().value()).isEqualTo(10);
            assertThat(pay(accounts)).isEmpty();
        }
    }

    private Optional<Resolution<Long>> pay(ReplicatedLog<Pay, Long, Accounts> accounts) {
        Resolution<Long> settled = null;
        try {
            accounts.submit(new Pay("anna", 1), deadline).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UnknownOutcomeException unknown
                    && unknown.command().isPresent()) {
                Resolution<Long> what =
                        accounts.resolve(unknown.command().get(), deadline).join();
                settled = what;
            }
        }
        return Optional.ofNullable(settled);
    }

    @Test
    void aLeaseIsAskedForByEveryNodeAndRead() {
        try (Three three = new Three(builder -> builder.leaderLease(0.01))) {
            for (var accounts :
                    three.nodes().stream().map(ReadsPageTest::accounts).toList()) {
                Reading<Long> balance = accounts.read(Consistency.lease(), a -> a.balance("anna"))
                        .join();
                assertThat(balance.value()).isZero();
            }
        }
    }

    @Test
    void aNodeThatGrantsLeases() {
        var builder = PaxosNode.builder().leaderLease(0.01);
        try (PaxosNode node = builder.id("n1").members("n1").start()) {
            assertThat(accounts(node)
                            .read(Consistency.lease(), a -> a.balance("anna"))
                            .join()
                            .value())
                    .isZero();
        }
    }
}
