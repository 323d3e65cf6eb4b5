// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxos.examples.locks.LockService.Command;
import io.paxos.spi.ApplyContext;
import io.paxos.spi.Codec;
import io.paxos.testkit.Simulation;
import io.paxos.testkit.faults.Faults;
import io.paxos.testkit.service.ServiceFailure;
import io.paxos.testkit.service.ServiceReport;
import io.paxos.testkit.service.ServiceSimulation;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How one tests a service of one's own, and what it looks like when it has a bug. */
class LockServiceSimulationTest {

    /** Three nodes and four clients that fight for two locks, while everything goes wrong that can. */
    private static ServiceSimulation<LockService, Command, Long> simulation(Supplier<LockService> machine) {
        return Simulation.of(machine, Command.CODEC, Codec.int64())
                .nodes(3)
                .clients(4)
                .workload((random, client) -> random.nextBoolean()
                        ? Command.acquire("lock-" + random.nextInt(2), client.number())
                        : Command.release("lock-" + random.nextInt(2), client.number()))
                .invariant("tokens that are given from now on are new", LockService::newTokensAreNew)
                .invariantOfHistory("no token is given twice", history -> {
                    var tokens = history.stream()
                            .filter(o -> o.command().acquire() && o.result() != null && o.result() != LockService.NO)
                            .map(o -> o.result())
                            .toList();
                    return tokens.stream().distinct().count() == tokens.size();
                })
                .faults(Faults.all())
                .seeds(40);
    }

    @Test
    void everyTokenIsNew() {
        Simulation.of(LockService::new, Command.CODEC, Codec.int64())
                .nodes(3)
                .clients(4)
                .workload((random, client) -> random.nextBoolean()
                        ? Command.acquire("lock-" + random.nextInt(2), client.number())
                        : Command.release("lock-" + random.nextInt(2), client.number()))
                .invariant("tokens that are given from now on are new", LockService::newTokensAreNew)
                .faults(Faults.all())
                .seeds(20)
                .run();
    }

    @Test
    void everyTokenIsNewAndNoneIsGivenTwice() {
        ServiceReport report = simulation(LockService::new).run();

        assertThat(report.applied()).isPositive();
    }

    /** Planted: a snapshot does not carry the last token, so that a restored replica gives old tokens again. */
    private static final class ForgetsTheLastToken extends LockService {
        @Override
        void writeLastToken(DataOutputStream data, long token) {}

        @Override
        long readLastToken(DataInputStream data) {
            return 0;
        }
    }

    @Test
    void aSnapshotThatLacksTheLastTokenIsFoundAndReducedToFewSteps() {
        assertThatThrownBy(() -> simulation(ForgetsTheLastToken::new).run())
                .isInstanceOfSatisfying(ServiceFailure.class, failure -> {
                    assertThat(failure.property()).isEqualTo("tokens that are given from now on are new");
                    assertThat(failure.faults()).isLessThanOrEqualTo(2);
                    assertThat(failure.commands()).isLessThanOrEqualTo(3);
                    assertThatThrownBy(
                                    () -> simulation(ForgetsTheLastToken::new).replay(failure.plan()))
                            .hasMessageContaining("tokens that are given from now on are new");
                    simulation(LockService::new).replay(failure.plan());
                });
    }

    /** Planted: each replica looks at its own clock, to turn away whoever comes within the same even millisecond. */
    private static final class LooksAtTheClock extends LockService {
        @Override
        public Long apply(ApplyContext context, Command command) {
            return System.nanoTime() / 1_000_000 % 2 == 0 ? Long.valueOf(NO) : super.apply(context, command);
        }
    }

    @Test
    void aReplicaThatLooksAtItsOwnClockIsFoundAndNamed() {
        assertThatThrownBy(() -> simulation(LooksAtTheClock::new).run())
                .isInstanceOfSatisfying(ServiceFailure.class, failure -> assertThat(failure.property())
                        .startsWith("the same commands give the same"));
    }
}
